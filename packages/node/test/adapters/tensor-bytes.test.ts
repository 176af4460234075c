import { createTensor } from "@lattice/zkml";
import { expect } from "chai";
import { decodeTensor, encodeTensor, tensorInfo } from "../../src/adapters/models/tensor-bytes.ts";
import { nodeFailureOf } from "../helpers/failure.ts";

describe("tensor artifacts", () => {
  for (const [elementType, values, encoded] of [
    ["uint8", [0, 1, 254, 255], [0, 1, 254, 255]],
    ["int8", [0, 1, -2, -128], [0, 1, 254, 128]],
    [
      "int32",
      [1, -2, 2_147_483_647, -2_147_483_648],
      [1, 0, 0, 0, 254, 255, 255, 255, 255, 255, 255, 127, 0, 0, 0, 128],
    ],
  ] as const) {
    it(`are the elements of ${elementType}, little-endian`, () => {
      const tensor = createTensor(elementType, [2, 2], values);
      const bytes = encodeTensor(tensor);
      expect([...bytes]).to.deep.equal(encoded);
      const info = tensorInfo({ name: "x", elementType, shape: [2, 2] });
      expect(info.byteLength).to.equal(encoded.length);
      expect(decodeTensor(info, bytes)).to.deep.equal(tensor);
    });
  }

  it("are read from the middle of a buffer too", () => {
    const info = tensorInfo({ name: "x", elementType: "int32", shape: [1] });
    const buffer = Uint8Array.of(9, 9, 9, 5, 0, 0, 0, 9);
    expect([...decodeTensor(info, buffer.subarray(3, 7)).data]).to.deep.equal([5]);
  });

  it("are refused with another length", async () => {
    const info = tensorInfo({ name: "x", elementType: "int32", shape: [2] });
    const error = await nodeFailureOf("INPUT_MISMATCH", () =>
      decodeTensor(info, new Uint8Array(7)),
    );
    expect(error.metadata).to.deep.equal({ tensor: "x", expected: 8, actual: 7 });
  });
});

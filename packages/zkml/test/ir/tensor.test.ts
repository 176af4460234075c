import { expect } from "chai";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { expectZkmlError } from "../helpers/errors.ts";

describe("createTensor", () => {
  it("copies its values", () => {
    const values = [1, 2, 3];
    const tensor = createTensor("int8", [3], values);
    values[0] = 9;
    expect([...tensor.data]).to.deep.equal([1, 2, 3]);
  });

  it("refuses a number of values that does not fill the shape", () =>
    expectZkmlError(() => createTensor("uint8", [2, 2], [1, 2, 3]), {
      code: "TENSOR_SHAPE",
      metadata: { shape: [2, 2], expected: 4, actual: 3 },
    }));

  const outside = [
    ["uint8", 256],
    ["uint8", -1],
    ["int8", 128],
    ["int8", -129],
    ["int32", 2 ** 31],
    ["int32", 0.5],
    ["int32", Number.NaN],
  ] as const;
  for (const [elementType, value] of outside) {
    it(`refuses ${value} as ${elementType}`, () =>
      expectZkmlError(() => createTensor(elementType, [2], [0, value]), {
        code: "TENSOR_VALUE",
        metadata: { index: 1, value: String(value), elementType },
      }));
  }

  for (const shape of [[0], [-1], [1.5], [1, 1, 1, 1, 1, 1, 1, 1, 1]]) {
    it(`refuses the shape [${shape}]`, () =>
      expectZkmlError(() => createTensor("uint8", shape, [0]), { code: "INVALID_SHAPE" }));
  }
});

describe("SeededRandom", () => {
  it("repeats itself from the same seed and only from it", () => {
    const draw = (seed: number) => {
      const random = new SeededRandom(seed);
      return Array.from({ length: 4 }, () => random.uint32());
    };
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).to.not.deep.equal(draw(2));
  });

  it("fills its ranges evenly", () => {
    const random = new SeededRandom(4);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const drawn = random.integer(-3, 6) + 3;
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    for (const count of counts) expect(count).to.be.within(880, 1120);
  });
});

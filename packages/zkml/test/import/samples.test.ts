import { expect } from "chai";
import { readNpy } from "../../src/import/samples/npy.ts";
import { batchSamples } from "../../src/import/samples/samples.ts";
import { readTensorFile } from "../../src/import/samples/tensor-file.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { WireWriter } from "../../src/onnx/wire-writer.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { mutate } from "./fuzz.ts";

describe("samples", () => {
  describe("readNpy", () => {
    const types: Record<string, [ArrayBufferView<ArrayBuffer>, number[]]> = {
      "<f4": [Float32Array.of(1.5, -2, 0.25, 4), [1.5, -2, 0.25, 4]],
      "<f8": [Float64Array.of(0.1, -2, 1e300, 4), [0.1, -2, 1e300, 4]],
      "|u1": [Uint8Array.of(0, 1, 128, 255), [0, 1, 128, 255]],
      "|i1": [Int8Array.of(0, 1, -128, 127), [0, 1, -128, 127]],
      "|b1": [Uint8Array.of(0, 1, 1, 0), [0, 1, 1, 0]],
      "<i4": [Int32Array.of(-1, 2 ** 31 - 1, 0, 5), [-1, 2 ** 31 - 1, 0, 5]],
      "<i8": [BigInt64Array.of(-1n, 2n ** 40n, 0n, 5n), [-1, 2 ** 40, 0, 5]],
    };
    for (const [type, [data, expected]] of Object.entries(types)) {
      it(`reads ${type}`, () => {
        for (const version of [1, 2, 3]) {
          const { shape, data: values } = readNpy(npy({ type, shape: "2, 2", version }, data));
          expect(shape).to.deep.equal([2, 2]);
          expect(Array.from(values)).to.deep.equal(expected);
        }
      });
    }

    it("reads one axis as numpy writes it", () => {
      const { shape } = readNpy(npy({ shape: "4," }, Float32Array.of(1, 2, 3, 4)));
      expect(shape).to.deep.equal([4]);
    });

    const data = Float32Array.of(1, 2, 3, 4);
    const refused: Record<string, [Uint8Array, RegExp]> = {
      "a file of another kind": [new TextEncoder().encode("PK archive of arrays"), /signature/],
      "an empty file": [new Uint8Array(), /signature/],
      "an unknown version": [npy({ version: 9 }, data), /version 9/],
      "big-endian numbers": [npy({ type: ">f4" }, data), />f4/],
      "objects, which numpy would unpickle": [npy({ type: "|O" }, data), /\|O/],
      "a type that is a property of every object": [
        npy({ type: "constructor" }, data),
        /construct/,
      ],
      "Fortran order": [npy({ order: "True" }, data), /ascontiguousarray/],
      "a scalar": [npy({ shape: "" }, data), /0 axes/],
      "an empty axis": [npy({ shape: "0, 4" }, data), /positive integer/],
      "a negative axis": [npy({ shape: "-2, -2" }, data), /shape/],
      "too many axes": [npy({ shape: "1, 1, 1, 1, 1, 1, 1, 1, 4" }, data), /9 axes/],
      "too little data": [npy({ shape: "5," }, data), /needs 20 bytes/],
      "too much data": [npy({ shape: "3," }, data), /needs 12 bytes/],
      "a header that runs past the end": [npy({ length: 60_000 }, data), /past the end/],
    };
    for (const [name, [bytes, message]] of Object.entries(refused)) {
      it(`refuses ${name}`, () =>
        expectZkmlError(() => readNpy(bytes), { code: "SAMPLES_INVALID", message }));
    }

    it("refuses more elements than memory should hold, before allocating them", () =>
      expectZkmlError(() => readNpy(npy({ shape: "65536, 65536" }, data)), {
        code: "MODEL_TOO_LARGE",
      }));

    it("reads damaged files as samples or refuses them with a ZkmlError", () => {
      const random = new SeededRandom(31);
      const original = npy({ shape: "2, 2" }, data);
      let refusals = 0;
      for (let i = 0; i < 1000; i++) {
        try {
          readNpy(mutate(original, random));
        } catch (error) {
          expect(error).to.have.property("name", "ZkmlError");
          refusals++;
        }
      }
      expect(refusals).to.be.greaterThan(200);
    });
  });

  describe("readTensorFile", () => {
    it("reads a TensorProto", () => {
      const raw = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
      const bytes = new WireWriter().integers(1, [2, 2]).integer(2, 1).bytes(9, raw).finish();
      const { shape, data } = readTensorFile(bytes);
      expect(shape).to.deep.equal([2, 2]);
      expect(Array.from(data)).to.deep.equal([1, 2, 3, 4]);
    });

    it("refuses a tensor without its data", () => {
      const bytes = new WireWriter().integers(1, [2, 2]).integer(2, 1).finish();
      return expectZkmlError(() => readTensorFile(bytes), { code: "TENSOR_SHAPE" });
    });
  });

  describe("batchSamples", () => {
    const samples = { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };

    it("cuts samples into inputs and fills the last one up", () => {
      const batches = batchSamples(samples, [2, 2]);
      expect([batches.count, batches.perInput, batches.inputs]).to.deep.equal([3, 2, 2]);
      expect(Array.from(batches.input(1))).to.deep.equal([5, 6, 1, 2]);
    });

    it("takes samples for an input without a batch axis", () => {
      expect(batchSamples(samples, [2]).inputs).to.equal(3);
    });

    it("refuses another shape, naming both", () =>
      expectZkmlError(() => batchSamples(samples, [1, 1, 3]), {
        code: "SAMPLES_INVALID",
        message: /shape \[2\] do not fit the model's input \[1, 1, 3\]/,
      }));

    it("refuses no samples", () =>
      expectZkmlError(() => batchSamples({ shape: [0, 2], data: [] }, [1, 2]), {
        code: "SAMPLES_INVALID",
      }));

    it("refuses a sample that is not finite, by number", () =>
      expectZkmlError(() => batchSamples({ shape: [2, 1], data: [1, Number.NaN] }, [1, 1]), {
        code: "NOT_FINITE",
        metadata: { sample: 1 },
      }));
  });
});

interface Header {
  readonly type?: string;
  readonly order?: string;
  readonly shape?: string;
  readonly version?: number;
  /** Length that the file claims for its header. */
  readonly length?: number;
}

function npy(
  { type = "<f4", order = "False", shape = "4,", version = 1, length }: Header,
  data: ArrayBufferView<ArrayBuffer>,
): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;
  const header = new TextEncoder().encode(text);
  const size = length ?? header.length;
  const sizes = version === 1 ? [size & 255, size >> 8] : [size & 255, size >> 8, 0, 0];
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const magic = [0x93, ...new TextEncoder().encode("NUMPY"), version, 0];
  return Uint8Array.from([...magic, ...sizes, ...header, ...content]);
}

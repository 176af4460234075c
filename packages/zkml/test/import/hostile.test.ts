import { expect } from "chai";
import type { ZkmlErrorCode } from "../../src/errors/zkml-error.ts";
import { expandQLinear } from "../../src/import/expand-qlinear.ts";
import { importModel } from "../../src/import/import-model.ts";
import { readFloatGraph } from "../../src/import/read-float.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { decodeModel } from "../../src/onnx/decode.ts";
import type { GraphProto } from "../../src/onnx/proto.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { FLOAT, intAttribute, modelBytes, node, tensor, value } from "../helpers/protos.ts";
import { FloatModelBuilder, randomSamples } from "./float-models.ts";
import { mutate } from "./fuzz.ts";

const MUTATIONS = 1500;
const IMPORTED_MUTATIONS = 40;

describe("importModel", () => {
  describe("hostile files", () => {
    const graphs: Record<string, [Partial<GraphProto>, ZkmlErrorCode, RegExp]> = {
      "a cycle": [
        { nodes: [node("Add", ["x", "b"], ["a"], { name: "one" }), node("Relu", ["a"], ["b"])] },
        "INVALID_GRAPH",
        /node "one" \(Add\) reads "b" before/,
      ],
      "a value defined twice": [
        { nodes: [node("Relu", ["x"], ["y"]), node("Tanh", ["x"], ["y"])] },
        "INVALID_GRAPH",
        /"y" is defined twice/,
      ],
      "an output that nothing makes": [
        { nodes: [node("Relu", ["x"], ["z"])] },
        "INVALID_GRAPH",
        /output list reads "y"/,
      ],
      "a huge input": [
        { inputs: [value("x", FLOAT, [1, 2 ** 20, 2 ** 20])] },
        "MODEL_TOO_LARGE",
        /exceeds/,
      ],
      "a negative dimension": [
        { inputs: [value("x", FLOAT, [1, -2])] },
        "INVALID_SHAPE",
        /positive/,
      ],
      "a dynamic dimension beyond the batch": [
        { inputs: [value("x", FLOAT, [1, "width"])] },
        "INVALID_SHAPE",
        /dynamic dimension "width" at axis 1/,
      ],
      "a tensor stored in another file": [
        { initializers: [tensor("w", FLOAT, [2], { external: true })] },
        "EXTERNAL_DATA",
        /stored outside/,
      ],
      "a tensor that declares two gigabytes": [
        { initializers: [tensor("w", FLOAT, [2 ** 29], { rawData: new Uint8Array(4) })] },
        "MODEL_TOO_LARGE",
        /exceeds/,
      ],
      "a tensor of negative dimensions": [
        { initializers: [tensor("w", FLOAT, [-2, -2], { rawData: new Uint8Array(16) })] },
        "INVALID_SHAPE",
        /positive/,
      ],
      "a weight that is not a number": [
        { initializers: [tensor("w", FLOAT, [1], { rawData: bytesOf(Number.NaN) })] },
        "NOT_FINITE",
        /tensor "w" holds NaN/,
      ],
      "a reshape that multiplies beyond all bounds": [
        {
          nodes: [node("Reshape", ["x", "to"], ["y"])],
          initializers: [tensor("to", 7, [2], { int64Data: [2 ** 40, -1] })],
        },
        "MODEL_TOO_LARGE",
        /exceeds/,
      ],
      "constants that grow by folding": [
        {
          nodes: [node("Add", ["column", "row"], ["sum"]), node("Add", ["x", "sum"], ["y"])],
          initializers: [
            tensor("column", FLOAT, [2 ** 14, 1], { rawData: new Uint8Array(2 ** 16) }),
            tensor("row", FLOAT, [1, 2 ** 14], { rawData: new Uint8Array(2 ** 16) }),
          ],
        },
        "MODEL_TOO_LARGE",
        /exceed/,
      ],
      "a convolution of astronomic padding": [
        {
          inputs: [value("x", FLOAT, [1, 1, 4, 4])],
          nodes: [
            node("Conv", ["x", "w"], ["y"], {
              attributes: [
                { ...intAttribute("pads", 0), type: 7, ints: [65535, 65535, 65535, 65535] },
              ],
            }),
          ],
          initializers: [tensor("w", FLOAT, [1, 1, 1, 1], { rawData: bytesOf(1) })],
        },
        "MODEL_TOO_LARGE",
        /exceeds/,
      ],
    };
    for (const [name, [graph, code, message]] of Object.entries(graphs)) {
      it(`refuses ${name}`, () =>
        expectZkmlError(() => importFloat({ ...RELU, ...graph }), { code, message }));
    }

    for (const scale of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
      it(`refuses a scale of ${scale}`, () => {
        const b = new FloatModelBuilder(1, [1, 2]);
        b.fakeQuantise("x", "y", scale, 0);
        const code = Number.isFinite(scale) ? "INVALID_SCALE" : "NOT_FINITE";
        return expectZkmlError(() => importBytes(b.bytes()), { code });
      });
    }

    it("refuses an activation that is not finite, by name", () => {
      const b = new FloatModelBuilder(2, [1, 2]);
      b.add("Mul", ["x", b.floats("big", [1], [3e38])], "a");
      b.add("Mul", ["a", "big"], "infinite");
      b.add("Relu", ["infinite"], "y");
      return expectZkmlError(() => importBytes(b.bytes()), {
        code: "NOT_FINITE",
        message: /(value "\w+"|holds|not finite)/,
      });
    });

    it("refuses every truncation of a model with a ZkmlError", () => {
      const bytes = smallModel();
      for (let length = 0; length < bytes.length; length += 3) {
        expect(outcomeOf(() => readFloat(bytes.subarray(0, length)))).to.not.equal("read");
      }
    });
  });

  describe("damaged files", () => {
    it("are read as another model or refused with a ZkmlError", () => {
      const random = new SeededRandom(21);
      const originals = [smallModel(), quantisedModel()];
      const outcomes = new Map<string, number>();
      for (let i = 0; i < MUTATIONS; i++) {
        const bytes = mutate(random.pick(originals), random);
        for (const read of [readFloat, readOnnx]) {
          const outcome = outcomeOf(() => read(bytes));
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      }
      expect(outcomes.get("MODEL_CORRUPT")).to.be.greaterThan(100);
      expect(outcomes.get("read")).to.be.greaterThan(100);
    }).timeout(60_000);

    it("are imported or refused with a ZkmlError", async () => {
      const random = new SeededRandom(22);
      for (let i = 0; i < IMPORTED_MUTATIONS; i++) {
        const bytes = mutate(smallModel(), random);
        try {
          await importBytes(bytes);
        } catch (error) {
          expect(error, String((error as Error).stack)).to.have.property("name", "ZkmlError");
        }
      }
    }).timeout(60_000);
  });
});

const RELU: Partial<GraphProto> = {
  nodes: [node("Relu", ["x"], ["y"])],
  initializers: [],
  inputs: [value("x", FLOAT, [1, 2])],
  outputs: [value("y", FLOAT)],
};

function importFloat(graph: Partial<GraphProto>): Promise<unknown> {
  return importBytes(modelBytes(graph));
}

function importBytes(bytes: Uint8Array): Promise<unknown> {
  return importModel(bytes, { calibration: randomSamples(1, 4, [2]), method: "minmax" });
}

function readFloat(bytes: Uint8Array): unknown {
  return readFloatGraph(expandQLinear(decodeModel(bytes)));
}

/** "read" or the code of the ZkmlError; any other error fails the test. */
function outcomeOf(action: () => unknown): string {
  try {
    action();
    return "read";
  } catch (error) {
    expect(error, String((error as Error).stack)).to.have.property("name", "ZkmlError");
    return (error as { code: ZkmlErrorCode }).code;
  }
}

function smallModel(): Uint8Array {
  const b = new FloatModelBuilder(3, ["N", 2]);
  b.gemm("x", "h", 2, 3);
  b.add("Sigmoid", ["h"], "s");
  b.add("Reshape", ["s", b.integers("to", "int64", [4], [0, 3, 1, 1])], "image");
  b.conv("image", "c", 3, 2, 1, { pads: [1, 1, 1, 1] });
  b.add("MaxPool", ["c"], "p", { kernel_shape: [2, 2], strides: [1, 1] });
  b.add("Add", ["p", "p"], "d");
  b.add("Flatten", ["d"], "f");
  b.gemm("f", "y", 8, 2);
  return b.bytes();
}

function quantisedModel(): Uint8Array {
  const b = new FloatModelBuilder(4, [1, 2]);
  b.fakeQuantise("x", "q", 0.01, 128);
  b.add("MatMul", ["q", b.givenWeights("w", [2, 3], 127, 1)], "m");
  b.fakeQuantise("m", "y", 0.02, 120);
  return b.bytes();
}

function bytesOf(float: number): Uint8Array {
  return new Uint8Array(Float32Array.of(float).buffer);
}

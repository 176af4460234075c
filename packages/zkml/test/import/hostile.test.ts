import { expect } from "chai";
import type { ZkmlErrorCode } from "../../src/errors/zkml-error.ts";
import { importModel } from "../../src/import/import-model.ts";
import type { GraphProto } from "../../src/onnx/proto.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { FLOAT, intAttribute, modelBytes, node, tensor, value } from "../helpers/protos.ts";
import { FloatModelBuilder, randomSamples } from "./float-models.ts";
import { outcomeOf, readFloat, smallModel } from "./small-models.ts";

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

    it("refuses functions whose evaluation would take ages", () => {
      const b = new FloatModelBuilder(5, [1, 2]);
      b.gemm("x", "s0", 2, 2);
      for (let i = 0; i < 40; i++) b.add("Mul", [`s${i}`, `s${i}`], `s${i + 1}`);
      b.add("Relu", ["s40"], "y");
      return expectZkmlError(() => importBytes(b.bytes()), {
        code: "UNSUPPORTED_ATTRIBUTE",
        message: /element-wise functions/,
      });
    });

    it("reads a long chain of functions without exhausting the stack", async () => {
      const b = new FloatModelBuilder(6, [1, 2]);
      b.add("Neg", ["x"], "s0");
      for (let i = 0; i < 2000; i++) b.add(i % 2 ? "Neg" : "Relu", [`s${i}`], `s${i + 1}`);
      b.gemm("s2000", "y", 2, 2);
      await importBytes(b.bytes());
    });

    it("refuses more nodes than any model that could be proven", () => {
      const b = new FloatModelBuilder(7, [1, 2]);
      for (let i = 0; i < 9000; i++) b.add("Relu", [i === 0 ? "x" : `s${i - 1}`], `s${i}`);
      return expectZkmlError(() => importBytes(b.bytes(["s8999"])), { code: "MODEL_TOO_LARGE" });
    });

    it("refuses more values than memory should hold", () => {
      const b = new FloatModelBuilder(8, [1, 1, 2000, 2000]);
      let value = "x";
      for (let i = 0; i < 40; i++)
        value = b.add("MaxPool", [value], `p${i}`, { kernel_shape: [1, 1] });
      return expectZkmlError(() => importBytes(b.bytes(["p39"])), {
        code: "MODEL_TOO_LARGE",
        message: /one inference makes/,
      });
    });

    it("refuses every truncation of a model with a ZkmlError", () => {
      const bytes = smallModel();
      for (let length = 0; length < bytes.length; length += 3) {
        expect(outcomeOf(() => readFloat(bytes.subarray(0, length)))).to.not.equal("read");
      }
    });
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

function bytesOf(float: number): Uint8Array {
  return new Uint8Array(Float32Array.of(float).buffer);
}

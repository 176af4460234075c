import type { ZkmlErrorCode } from "../../src/errors/zkml-error.ts";
import { DATA_TYPES, type TensorProto } from "../../src/onnx/proto.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { modelBytes, node, onImage, tensor, value } from "../helpers/protos.ts";

const { uint8, int32, int64 } = DATA_TYPES;

describe("readOnnx", () => {
  describe("graphs", () => {
    const cases: Record<string, [Parameters<typeof modelBytes>[0], ZkmlErrorCode, RegExp]> = {
      "a cycle": [
        {
          nodes: [node("Max", ["x", "b"], ["a"], { name: "one" }), node("Max", ["a", "x"], ["b"])],
        },
        "INVALID_GRAPH",
        /node "one" \(Max\) reads "b"/,
      ],
      "a node that reads itself": [
        { nodes: [node("Max", ["x", "y"], ["y"])] },
        "INVALID_GRAPH",
        /reads "y" before/,
      ],
      "a value defined twice": [
        { nodes: [node("Max", ["x", "three"], ["y"]), node("Min", ["x", "three"], ["y"])] },
        "INVALID_GRAPH",
        /"y" is defined more than once/,
      ],
      "a node that redefines a constant": [
        { nodes: [node("Max", ["x", "x"], ["three"])] },
        "INVALID_GRAPH",
        /"three" is defined twice/,
      ],
      "two nodes of one name": [
        { nodes: [node("Max", ["x", "three"], ["a"]), node("Max", ["a", "three"], ["y"])] },
        "INVALID_GRAPH",
        /node "the-Max" is defined more than once/,
      ],
      "a missing operand": [
        { nodes: [node("Max", ["x"], ["y"])] },
        "INVALID_GRAPH",
        /lacks its input 1/,
      ],
      "an output that nothing produces": [
        { outputs: [value("z", int32, [2])] },
        "INVALID_GRAPH",
        /output list reads "z"/,
      ],
      "no output": [{ outputs: [] }, "INVALID_GRAPH", /needs an input and an output/],
      "an output declared with another type": [
        { outputs: [value("y", uint8, [2])] },
        "TENSOR_TYPE",
        /output "y" is int32/,
      ],
      "an output declared with another shape": [
        { outputs: [value("y", int32, [3])] },
        "INVALID_SHAPE",
        /output "y" has shape \[2\], declared \[3\]/,
      ],
    };
    for (const [name, [graph, code, message]] of Object.entries(cases)) {
      it(`refuses ${name}`, () =>
        expectZkmlError(() => readOnnx(modelBytes(graph)), { code, message }));
    }
  });

  describe("shapes", () => {
    const inputs: Record<string, [(number | string)[] | undefined, ZkmlErrorCode]> = {
      "a negative dimension": [[2, -3], "INVALID_SHAPE"],
      "a zero dimension": [[0], "INVALID_SHAPE"],
      "a symbolic dimension": [["batch", 2], "INVALID_SHAPE"],
      "an unknown dimension": [[""], "INVALID_SHAPE"],
      "no shape": [undefined, "INVALID_SHAPE"],
      "too many dimensions": [[1, 1, 1, 1, 1, 1, 1, 1, 2], "INVALID_SHAPE"],
      "a huge dimension": [[2 ** 40], "MODEL_TOO_LARGE"],
      "a huge product of dimensions": [[2 ** 20, 2 ** 20, 2 ** 20], "MODEL_TOO_LARGE"],
    };
    for (const [name, [shape, code]] of Object.entries(inputs)) {
      it(`refuses an input with ${name}`, () =>
        expectZkmlError(() => readOnnx(modelBytes({ inputs: [value("x", int32, shape)] })), {
          code,
        }));
    }

    it("refuses an input of an unsupported type", () =>
      expectZkmlError(() => readOnnx(modelBytes({ inputs: [value("x", int64, [2])] })), {
        code: "TENSOR_TYPE",
        metadata: { dataType: 7 },
      }));

    it("refuses operands that do not broadcast", () =>
      expectZkmlError(
        () =>
          readOnnx(
            modelBytes({
              inputs: [value("x", int32, [2]), value("z", int32, [3])],
              nodes: [node("Max", ["x", "z"], ["y"])],
            }),
          ),
        {
          code: "INVALID_SHAPE",
          metadata: { node: "the-Max" },
        },
      ));

    for (const [name, list] of Object.entries({
      "a wrong size": [5],
      "two unknown dimensions": [-1, -1],
      "a rest that does not divide": [-1, 5],
      "a dimension below minus one": [-2, -16],
    })) {
      it(`refuses a Reshape with ${name}`, () => {
        const shape = tensor("shape", int64, [list.length], { int64Data: list });
        return expectZkmlError(
          () => readOnnx(onImage(node("Reshape", ["x", "shape"], ["y"]), [shape])),
          { code: "INVALID_SHAPE" },
        );
      });
    }
  });

  describe("tensors", () => {
    const three: Record<string, [Partial<TensorProto>, ZkmlErrorCode]> = {
      "stored in another file": [{ int32Data: [3], external: true }, "EXTERNAL_DATA"],
      "with too few values": [{ int32Data: [] }, "TENSOR_SHAPE"],
      "with too many values": [{ int32Data: [3, 3] }, "TENSOR_SHAPE"],
      "with too few bytes": [{ rawData: Uint8Array.of(3, 0, 0) }, "TENSOR_SHAPE"],
      "with a value beyond its type": [{ int32Data: [2 ** 31] }, "TENSOR_VALUE"],
      "with two stores": [{ int32Data: [3], rawData: Uint8Array.of(4, 0, 0, 0) }, "TENSOR_TYPE"],
      "with the store of another type": [{ int64Data: [3] }, "TENSOR_TYPE"],
      "of negative dimensions": [{ dims: [-1], int32Data: [3] }, "INVALID_SHAPE"],
      "of huge dimensions": [{ dims: [2 ** 30, 2 ** 30], int32Data: [3] }, "MODEL_TOO_LARGE"],
      "of an unknown type": [{ dataType: 99, int32Data: [3] }, "TENSOR_TYPE"],
    };
    for (const [name, [rest, code]] of Object.entries(three)) {
      it(`refuses an initializer ${name}`, () =>
        expectZkmlError(
          () => readOnnx(modelBytes({ initializers: [tensor("three", int32, [], rest)] })),
          { code },
        ));
    }
  });
});

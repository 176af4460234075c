import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { DATA_TYPES, type NodeProto, type TensorProto } from "../../src/onnx/proto.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { intAttribute, modelBytes, node, onImage, tensor, value } from "../helpers/protos.ts";

const { uint8, int32, int64 } = DATA_TYPES;

const int64s = (name: string, values: number[]) =>
  tensor(name, int64, [values.length], { int64Data: values });
const axes = (...values: number[]) => int64s("axes", values);

/** Nodes from `x`, int32 [2, 1, 3], to `y`. */
function onCube(nodes: NodeProto[], initializers: TensorProto[] = [], outputType: number = int32) {
  const inputs = [value("x", int32, [2, 1, 3])];
  return modelBytes({ nodes, initializers, inputs, outputs: [value("y", outputType)] });
}

const cube = createTensor("int32", [2, 1, 3], [1, 5, 5, -7, -9, -7]);

function run(nodes: NodeProto[], initializers: TensorProto[] = []) {
  // The values that these tests sum stay far from the ends of int32.
  const clip = node("Clip", ["x", "low", "high"], ["c"]);
  const bounds = [
    tensor("low", int32, [], { int32Data: [-1000] }),
    tensor("high", int32, [], { int32Data: [1000] }),
  ];
  const graph = readOnnx(onCube([clip, ...nodes], [...bounds, ...initializers]));
  const { output } = interpret(graph, cube);
  return { shape: output.shape, data: [...output.data] };
}

describe("readOnnx", () => {
  describe("operators that move, join, select, sum or point", () => {
    it("drops the axes of one that Squeeze names, or all of them", () => {
      const named = node("Squeeze", ["c", "axes"], ["y"]);
      expect(run([named], [axes(-2)]).shape).to.deep.equal([2, 3]);
      expect(run([node("Squeeze", ["c"], ["y"])]).shape).to.deep.equal([2, 3]);
    });

    it("puts axes of one where Unsqueeze says, counted in the result", () => {
      const unsqueeze = node("Unsqueeze", ["c", "axes"], ["y"]);
      expect(run([unsqueeze], [axes(-1, 0)]).shape).to.deep.equal([1, 2, 1, 3, 1]);
    });

    it("takes Identity as the value itself", () => {
      expect(run([node("Identity", ["c"], ["y"])])).to.deep.equal({
        shape: [2, 1, 3],
        data: [...cube.data],
      });
    });

    it("joins along a negative axis", () => {
      const attributes = [intAttribute("axis", -1)];
      const joined = run([node("Concat", ["c", "c"], ["y"], { attributes })]);
      expect(joined.shape).to.deep.equal([2, 1, 6]);
      expect(joined.data.slice(0, 6)).to.deep.equal([1, 5, 5, 1, 5, 5]);
    });

    it("sums over the axes named, over all without any, and over none when told so", () => {
      const without = [intAttribute("keepdims", 0)];
      const sum = (input: string[], attributes = without) =>
        node("ReduceSum", input, ["y"], { attributes });
      expect(run([sum(["c", "axes"])], [axes(-1)])).to.deep.equal({
        shape: [2, 1],
        data: [11, -23],
      });
      expect(run([sum(["c"])])).to.deep.equal({ shape: [], data: [-12] });
      const noop = [intAttribute("noop_with_empty_axes", 1)];
      expect(run([sum(["c", "axes"], noop)], [axes()]).data).to.deep.equal([...cube.data]);
    });

    it("points at the first of equals", () => {
      const attributes = [intAttribute("axis", -1), intAttribute("keepdims", 0)];
      const pair = [
        node("ArgMax", ["c"], ["i"], { attributes }),
        node("Cast", ["i"], ["y"], { attributes: [intAttribute("to", int32)] }),
      ];
      expect(run(pair)).to.deep.equal({ shape: [2, 1], data: [1, 0] });
    });

    it("selects from a table", () => {
      const table = tensor("table", uint8, [4], { int32Data: [10, 20, 30, 255] });
      const bounds = [
        tensor("zero", int32, [], { int32Data: [0] }),
        tensor("three", int32, [], { int32Data: [3] }),
      ];
      const nodes = [
        node("Clip", ["x", "zero", "three"], ["c"]),
        node("Gather", ["table", "c"], ["y"]),
      ];
      const graph = readOnnx(onCube(nodes, [...bounds, table], uint8));
      const { output } = interpret(graph, cube);
      expect([...output.data]).to.deep.equal([20, 255, 255, 10, 10, 10]);
    });
  });

  describe("refusals of these operators", () => {
    const argMax = node("ArgMax", ["x"], ["i"]);
    const cast = (to: number, output = "y") =>
      node("Cast", ["i"], [output], { name: output, attributes: [intAttribute("to", to)] });
    const table = tensor("table", int32, [4], { int32Data: [1, 2, 3, 4] });
    const cases: Record<string, [NodeProto[], TensorProto[], RegExp]> = {
      "an ArgMax that is an output": [[{ ...argMax, output: ["y"] }], [], /add that Cast/],
      "an ArgMax cast to another type": [[argMax, cast(uint8)], [], /Cast to int32/],
      "an ArgMax read by two Casts": [[argMax, cast(int32, "z"), cast(int32)], [], /one Cast/],
      "an ArgMax read by another node": [
        [argMax, node("Max", ["i", "x"], ["y"])],
        [],
        /the-ArgMax.*one Cast to int32/,
      ],
      "the last of equals": [
        [{ ...argMax, attributes: [intAttribute("select_last_index", 1)] }, cast(int32)],
        [],
        /first of equals/,
      ],
      "an index beyond its table": [
        [node("Gather", ["table", "x"], ["y"])],
        [table],
        /outside a table of 4 entries; clip the index/,
      ],
      "a table that is computed": [
        [node("Reshape", ["x", "axes"], ["t"]), node("Gather", ["t", "x"], ["y"])],
        [axes(6)],
        /table must be a constant/,
      ],
      "Squeeze of an axis that is not one": [
        [node("Squeeze", ["x", "axes"], ["y"])],
        [axes(0)],
        /axis 0 has 2 elements/,
      ],
      "an axis given twice": [
        [node("ReduceSum", ["x", "axes"], ["y"])],
        [axes(0, -3)],
        /given twice/,
      ],
      "an axis out of range": [
        [node("Concat", ["x", "x"], ["y"], { attributes: [intAttribute("axis", 3)] })],
        [],
        /axis 3 is out of range for rank 3/,
      ],
    };
    for (const [name, [nodes, initializers, message]] of Object.entries(cases)) {
      it(`names ${name}`, () =>
        expectZkmlError(() => readOnnx(onCube(nodes, initializers)), {
          code: "UNSUPPORTED_ATTRIBUTE",
          message,
        }));
    }

    it("names a table of two dimensions", () => {
      const matrix = tensor("table", int32, [2, 2], { int32Data: [1, 2, 3, 4] });
      return expectZkmlError(
        () => readOnnx(onCube([node("Gather", ["table", "x"], ["y"])], [matrix])),
        { code: "INVALID_SHAPE", message: /table is a list/ },
      );
    });

    it("names operands that do not join", () => {
      const other = tensor("o", uint8, [1, 2, 4, 3], { int32Data: new Array<number>(24).fill(0) });
      const concat = node("Concat", ["x", "o"], ["y"], { attributes: [intAttribute("axis", 2)] });
      return expectZkmlError(() => readOnnx(onImage(concat, [other])), {
        code: "INVALID_SHAPE",
        metadata: { node: "the-Concat" },
        message: /every other dimension must be equal/,
      });
    });

    it("names a sum that could wrap", () =>
      expectZkmlError(() => readOnnx(onCube([node("ReduceSum", ["x"], ["y"])])), {
        code: "RANGE_OVERFLOW",
        metadata: { node: "the-ReduceSum" },
      }));
  });
});

import { expect } from "chai";
import { programRoot } from "../../src/commitments/model-roots.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { GraphNode, IntegerGraph } from "../../src/ir/graph.ts";
import { addByteLookup } from "../../src/ir/lookup.ts";
import { createTensor, type ElementType } from "../../src/ir/tensor.ts";
import { expectZkmlError } from "../helpers/errors.ts";

function graphOf(elementType: ElementType, node: GraphNode, table = [4, -3, 9]): IntegerGraph {
  const builder = new GraphBuilder("layout");
  builder.addInput({ name: "x", elementType, shape: [2, 3, 4] });
  builder.addConstant("t", createTensor("int32", [table.length], table));
  const limits = { min: 1, max: 2 };
  builder.addNode({ op: "Clip", name: "clip", inputs: ["x"], output: "c", ...limits });
  builder.addNode(node);
  return builder.finish([node.output]);
}

const names = { name: "n", output: "y" };
const sum = (axes: number[], keepDims = false): GraphNode => {
  return { op: "ReduceSum", ...names, inputs: ["c"], axes, keepDims };
};
const largest = (axis: number, keepDims = false): GraphNode => {
  return { op: "ArgMax", ...names, inputs: ["c"], axis, keepDims };
};
const join = (inputs: string[], axis: number): GraphNode => {
  return { op: "Concat", ...names, inputs, axis };
};
const look: GraphNode = { op: "Lookup", ...names, inputs: ["c", "t"] };

describe("Concat, Lookup, ReduceSum and ArgMax", () => {
  it("have the shapes of ONNX", () => {
    const shape = (node: GraphNode) => graphOf("int32", node).values.get("y")?.shape;
    expect(shape(sum([0, 2]))).to.deep.equal([3]);
    expect(shape(sum([0, 2], true))).to.deep.equal([1, 3, 1]);
    expect(shape(largest(1))).to.deep.equal([2, 4]);
    expect(shape(largest(1, true))).to.deep.equal([2, 1, 4]);
    expect(shape(join(["x", "c", "x"], 1))).to.deep.equal([2, 9, 4]);
    expect(shape(look)).to.deep.equal([2, 3, 4]);
  });

  it("have intervals as narrow as their operands allow", () => {
    const interval = (node: GraphNode) => graphOf("int32", node).intervals.get("y");
    expect(interval(sum([0, 2]))).to.deep.equal({ min: 8n, max: 16n });
    expect(interval(largest(2))).to.deep.equal({ min: 0n, max: 3n });
    expect(interval(join(["c", "c"], 0))).to.deep.equal({ min: 1n, max: 2n });
    // The first entry is out of reach.
    expect(interval(look)).to.deep.equal({ min: -3n, max: 9n });
  });

  it("commit to their parameters", () => {
    const nodes = [sum([0]), sum([1]), sum([0, 1]), sum([1], true), largest(0), largest(1)];
    nodes.push(largest(1, true), join(["c", "x"], 0), join(["c", "x"], 1), join(["x", "c"], 0));
    const roots = nodes.map((node) => programRoot(graphOf("int32", node)));
    expect(new Set(roots).size).to.equal(nodes.length);
  });

  const refused: Record<string, [ElementType, GraphNode, "INVALID_SHAPE" | "TENSOR_TYPE"]> = {
    "a sum over no axis": ["int32", sum([]), "INVALID_SHAPE"],
    "axes out of order": ["int32", sum([1, 0]), "INVALID_SHAPE"],
    "an axis twice": ["int32", sum([1, 1]), "INVALID_SHAPE"],
    "an axis beyond the rank": ["int32", largest(3), "INVALID_SHAPE"],
    "a sum of bytes": ["uint8", sum([0]), "TENSOR_TYPE"],
    "an index that is a byte": ["uint8", look, "TENSOR_TYPE"],
    "operands of two types": ["uint8", join(["c", "t"], 0), "TENSOR_TYPE"],
    "operands of two ranks": ["int32", join(["c", "t"], 0), "INVALID_SHAPE"],
  };
  for (const [name, [type, node, code]] of Object.entries(refused)) {
    it(`refuse ${name}, naming the node`, () =>
      expectZkmlError(() => graphOf(type, node), { code, metadata: { node: "n" } }));
  }

  it("refuse more operands than a commitment counts", () =>
    expectZkmlError(() => graphOf("int32", join(new Array<string>(256).fill("c"), 0)), {
      code: "UNSUPPORTED_ATTRIBUTE",
      message: /256 operands.*in steps/,
    }));

  it("refuse a table of more than 65536 entries", () =>
    expectZkmlError(() => graphOf("int32", look, new Array<number>(65_537).fill(0)), {
      code: "INVALID_SHAPE",
      message: /at most 65536/,
    }));

  it("refuse to look an int32 up as a byte", () => {
    const builder = new GraphBuilder("bytes");
    builder.addInput({ name: "x", elementType: "int32", shape: [2] });
    builder.addConstant("t", createTensor("uint8", [256], new Array<number>(256).fill(7)));
    const lookup = { name: "look", x: "x", table: "t", output: "y" };
    return expectZkmlError(() => addByteLookup(builder, lookup), {
      code: "TENSOR_TYPE",
      metadata: { node: "look", input: "x", actual: "int32" },
    });
  });
});

import { expect } from "chai";
import type { ZkmlErrorCode } from "../../src/errors/zkml-error.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { GraphNode, Window } from "../../src/ir/graph.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { expectZkmlError } from "../helpers/errors.ts";

const WINDOW: Window = {
  kernel: [3, 3],
  strides: [1, 1],
  dilations: [1, 1],
  pads: [0, 0, 0, 0],
};

function builder(): GraphBuilder {
  const graph = new GraphBuilder("test");
  graph.addInput({ name: "image", elementType: "uint8", shape: [1, 2, 8, 8] });
  graph.addInput({ name: "row", elementType: "uint8", shape: [1, 6] });
  graph.addInput({ name: "sums", elementType: "int32", shape: [2, 3] });
  graph.addConstant("filters", createTensor("int8", [4, 2, 3, 3], new Array<number>(72).fill(1)));
  graph.addConstant("matrix", createTensor("int8", [6, 2], new Array<number>(12).fill(1)));
  return graph;
}

const conv = (change: object): GraphNode =>
  ({
    op: "ConvInteger",
    name: "node",
    inputs: ["image", "filters"],
    output: "y",
    xZeroPoint: 0,
    wZeroPoint: 0,
    groups: 1,
    window: WINDOW,
    ...change,
  }) as GraphNode;

const multiply = (change: object): GraphNode =>
  ({
    op: "MatMulInteger",
    name: "node",
    inputs: ["row", "matrix"],
    output: "y",
    aZeroPoint: 0,
    bZeroPoint: 0,
    ...change,
  }) as GraphNode;

const unary = (op: string, input: string, parameters: object): GraphNode =>
  ({ op, name: "node", inputs: [input], output: "y", ...parameters }) as unknown as GraphNode;

describe("GraphBuilder", () => {
  describe("addNode", () => {
    it("derives type and shape", () => {
      expect(builder().addNode(multiply({}))).to.deep.equal({
        name: "y",
        elementType: "int32",
        shape: [1, 2],
      });
      const window = { ...WINDOW, strides: [2, 1], pads: [1, 0, 1, 0] };
      expect(builder().addNode(conv({ window })).shape).to.deep.equal([1, 4, 4, 6]);
    });

    const refused: Record<string, [GraphNode, ZkmlErrorCode]> = {
      "inner dimensions that differ": [multiply({ inputs: ["image", "matrix"] }), "INVALID_SHAPE"],
      "an int32 product operand": [multiply({ inputs: ["sums", "matrix"] }), "TENSOR_TYPE"],
      "a zero point beyond its type": [multiply({ aZeroPoint: 256 }), "TENSOR_VALUE"],
      "a fractional zero point": [multiply({ bZeroPoint: 0.5 }), "TENSOR_VALUE"],
      "groups that do not divide the channels": [conv({ groups: 3 }), "INVALID_SHAPE"],
      "a kernel unlike the weights": [
        conv({ window: { ...WINDOW, kernel: [2, 3] } }),
        "INVALID_SHAPE",
      ],
      "a window larger than the image": [
        conv({ window: { ...WINDOW, dilations: [4, 1] } }),
        "INVALID_SHAPE",
      ],
      "a stride of zero": [conv({ window: { ...WINDOW, strides: [0, 1] } }), "INVALID_SHAPE"],
      "a negative pad": [conv({ window: { ...WINDOW, pads: [-1, 0, 0, 0] } }), "INVALID_SHAPE"],
      "a convolution of a matrix": [conv({ inputs: ["row", "filters"] }), "INVALID_SHAPE"],
      "pooling of int32": [unary("MaxPool", "sums", { window: WINDOW }), "TENSOR_TYPE"],
      "a dilated pooling window": [
        unary("MaxPool", "image", { window: { ...WINDOW, dilations: [2, 2] } }),
        "UNSUPPORTED_ATTRIBUTE",
      ],
      "bounds in the wrong order": [
        unary("Clip", "sums", { min: 3, max: 2 }),
        "UNSUPPORTED_ATTRIBUTE",
      ],
      "a bound beyond the type": [unary("Clip", "row", { min: -1, max: 2 }), "TENSOR_VALUE"],
      "a repeated axis": [unary("Transpose", "sums", { permutation: [0, 0] }), "INVALID_SHAPE"],
      "too few axes": [unary("Transpose", "sums", { permutation: [0] }), "INVALID_SHAPE"],
      "a reshape that loses elements": [unary("Reshape", "sums", { shape: [5] }), "INVALID_SHAPE"],
      "an undefined operand": [unary("Reshape", "nothing", { shape: [5] }), "INVALID_GRAPH"],
      "an output name already taken": [
        unary("Reshape", "sums", { shape: [6], output: "row" }),
        "INVALID_GRAPH",
      ],
    };
    for (const [name, [node, code]] of Object.entries(refused)) {
      it(`refuses ${name}`, async () => {
        const graph = builder();
        const error = await expectZkmlError(() => graph.addNode(node), { code });
        if (code !== "INVALID_GRAPH") expect(error.message).to.include('node "node"');
        expect(graph.finish(["sums"]).nodes).to.deep.equal([]);
      });
    }
  });

  describe("addConstant", () => {
    it("refuses data that does not fill its shape", () =>
      expectZkmlError(
        () =>
          builder().addConstant("c", { elementType: "int8", shape: [3], data: Int8Array.of(1) }),
        { code: "TENSOR_SHAPE", metadata: { constant: "c", actual: 1 } },
      ));
  });

  describe("finish", () => {
    it("refuses the same output twice", () =>
      expectZkmlError(() => builder().finish(["sums", "sums"]), { code: "INVALID_GRAPH" }));

    it("refuses a graph without inputs", () =>
      expectZkmlError(() => new GraphBuilder("empty").finish(["y"]), {
        code: "INVALID_GRAPH",
        metadata: { graph: "empty" },
      }));
  });
});

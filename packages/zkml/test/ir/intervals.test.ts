import { expect } from "chai";
import { trace } from "../../src/interpreter/interpret.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { GraphNode, IntegerGraph, OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type ElementType, type IntegerTensor } from "../../src/ir/tensor.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { inputsFor, randomTensor } from "../helpers/random-tensors.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

function expectInsideIntervals(graph: IntegerGraph, random: SeededRandom): void {
  for (const inputs of inputsFor(graph, random, 4)) {
    for (const [name, { data }] of trace(graph, inputs).values) {
      const interval = graph.intervals.get(name);
      const [min, max] = [Math.min(...data), Math.max(...data)];
      expect(Number(interval?.min), `${graph.name}: lower bound of ${name}`).to.be.at.most(min);
      expect(Number(interval?.max), `${graph.name}: upper bound of ${name}`).to.be.at.least(max);
    }
  }
}

function graphOf(
  elementType: ElementType,
  shape: readonly number[],
  constants: Readonly<Record<string, IntegerTensor>>,
  node: GraphNode,
): IntegerGraph {
  const builder = new GraphBuilder("test");
  builder.addInput({ name: "x", elementType, shape });
  for (const [name, tensor] of Object.entries(constants)) builder.addConstant(name, tensor);
  builder.addNode(node);
  return builder.finish([node.output]);
}

const product = (output: string): GraphNode => ({
  op: "MatMulInteger",
  name: "multiply",
  inputs: ["x", "w"],
  output,
  aZeroPoint: 0,
  bZeroPoint: 0,
});

describe("intervals", () => {
  describe("soundness", () => {
    for (const op of Object.keys(RANDOM_GRAPHS) as OperatorName[]) {
      it(`is never exceeded by ${op}`, () => {
        const random = new SeededRandom(0xbeef + op.length);
        for (let i = 0; i < 60; i++) expectInsideIntervals(RANDOM_GRAPHS[op](random), random);
      });
    }

    it("is never exceeded inside a convolutional network", () => {
      const random = new SeededRandom(5);
      for (let i = 0; i < 20; i++) expectInsideIntervals(smallConvnet(random), random);
    });

    it("is never exceeded by a product of two variable operands", () => {
      const random = new SeededRandom(6);
      for (let i = 0; i < 60; i++) {
        const builder = new GraphBuilder("variable");
        builder.addInput({ name: "x", elementType: "uint8", shape: [2, 5] });
        builder.addInput({ name: "z", elementType: "int8", shape: [5, 3] });
        const [min, max] = [random.integer(-64, 20), random.integer(21, 63)];
        builder.addNode({ op: "Clip", name: "clip", inputs: ["z"], output: "w", min, max });
        const zeroPoints = {
          aZeroPoint: random.integer(0, 255),
          bZeroPoint: random.integer(-9, 9),
        };
        builder.addNode({ ...product("y"), ...zeroPoints } as GraphNode);
        expectInsideIntervals(builder.finish(["y"]), random);
      }
    });
  });

  describe("tightness", () => {
    it("reaches both ends of a product with constant weights", () => {
      const w = createTensor("int8", [3, 2], [1, -2, 3, 4, -5, 6]);
      const graph = graphOf("uint8", [1, 3], { w }, product("y"));
      // Columns are (1, 3, -5) and (-2, 4, 6).
      expect(graph.intervals.get("y")).to.deep.equal({ min: -1275n, max: 2550n });
    });

    it("divides toward zero at both ends", () => {
      const d = createTensor("int32", [], [7]);
      const node: GraphNode = { op: "Div", name: "divide", inputs: ["x", "d"], output: "y" };
      const graph = graphOf("int32", [1], { d }, node);
      expect(graph.intervals.get("y")).to.deep.equal({ min: -306783378n, max: 306783378n });
    });
  });

  it("counts padding as the zero point, which the input may never hold", () => {
    const builder = new GraphBuilder("padded");
    builder.addInput({ name: "raw", elementType: "uint8", shape: [1, 1, 2, 2] });
    builder.addNode({
      op: "Clip",
      name: "bright",
      inputs: ["raw"],
      output: "x",
      min: 100,
      max: 200,
    });
    builder.addConstant("w", createTensor("int8", [1, 1, 3, 3], new Array<number>(9).fill(1)));
    builder.addNode({
      op: "ConvInteger",
      name: "blur",
      inputs: ["x", "w"],
      output: "y",
      xZeroPoint: 0,
      wZeroPoint: 0,
      groups: 1,
      window: { kernel: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1] },
    });
    const graph = builder.finish(["y"]);
    expect(graph.intervals.get("y")).to.deep.equal({ min: 0n, max: 1800n });
    expectInsideIntervals(graph, new SeededRandom(9));
  });

  describe("refusal", () => {
    it("refuses an addition that could wrap int32, naming the node and the bounds", async () => {
      const b = createTensor("int32", [], [1]);
      const node: GraphNode = { op: "Add", name: "grow", inputs: ["x", "b"], output: "y" };
      await expectZkmlError(() => graphOf("int32", [1], { b }, node), {
        code: "RANGE_OVERFLOW",
        metadata: { node: "grow", operator: "Add", min: "-2147483647", max: "2147483648" },
      });
    });

    it("refuses a multiplication that could wrap int32", async () => {
      const b = createTensor("int32", [], [2]);
      const node: GraphNode = { op: "Mul", name: "double", inputs: ["x", "b"], output: "y" };
      await expectZkmlError(() => graphOf("int32", [1], { b }, node), {
        code: "RANGE_OVERFLOW",
        metadata: { node: "double", operator: "Mul" },
      });
    });

    it("refuses a dot product whose partial sums could wrap although its total fits", async () => {
      const inner = 2 * 140_000;
      const w = createTensor(
        "int8",
        [inner, 1],
        Array.from({ length: inner }, (_, i) => (i % 2 === 0 ? 63 : -64)),
      );
      await expectZkmlError(() => graphOf("uint8", [1, inner], { w }, product("y")), {
        code: "RANGE_OVERFLOW",
        metadata: { node: "multiply", operator: "MatMulInteger" },
      });
    });

    it("refuses a cast whose range does not fit", async () => {
      const node: GraphNode = {
        op: "Cast",
        name: "narrow",
        inputs: ["x"],
        output: "y",
        to: "uint8",
      };
      await expectZkmlError(() => graphOf("int8", [2], {}, node), {
        code: "RANGE_OVERFLOW",
        metadata: { node: "narrow", operator: "Cast", elementType: "uint8", min: "-128" },
        message: /clip the value/,
      });
    });

    it("refuses int8 weights beyond seven bits, which saturate without VNNI", async () => {
      const w = createTensor("int8", [2, 1], [65, 0]);
      await expectZkmlError(() => graphOf("uint8", [1, 2], { w }, product("y")), {
        code: "SATURATION_POSSIBLE",
        metadata: { node: "multiply", operator: "MatMulInteger", weightMax: 65 },
      });
    });

    it("accepts the same weights when the inputs are small enough", () => {
      const builder = new GraphBuilder("small");
      builder.addInput({ name: "raw", elementType: "uint8", shape: [1, 2] });
      builder.addNode({ op: "Clip", name: "clip", inputs: ["raw"], output: "x", min: 0, max: 127 });
      builder.addConstant("w", createTensor("int8", [2, 1], [127, -128]));
      builder.addNode(product("y"));
      expect(builder.finish(["y"]).intervals.get("y")).to.deep.equal({ min: -16256n, max: 16129n });
    });

    for (const divisor of [0, -4]) {
      it(`refuses division by ${divisor}`, async () => {
        const d = createTensor("int32", [2], [3, divisor]);
        const node: GraphNode = { op: "Div", name: "divide", inputs: ["x", "d"], output: "y" };
        await expectZkmlError(() => graphOf("int32", [2], { d }, node), {
          code: "UNSUPPORTED_ATTRIBUTE",
          metadata: { node: "divide", operator: "Div", divisor: "d" },
        });
      });
    }

    it("refuses division by something that is not constant", async () => {
      const builder = new GraphBuilder("test");
      builder.addInput({ name: "x", elementType: "int32", shape: [1] });
      builder.addInput({ name: "d", elementType: "int32", shape: [1] });
      const node: GraphNode = { op: "Div", name: "divide", inputs: ["x", "d"], output: "y" };
      await expectZkmlError(() => builder.addNode(node), {
        code: "UNSUPPORTED_ATTRIBUTE",
        metadata: { node: "divide", divisor: "d" },
      });
    });
  });

  it("treats a constant as exactly as wide as its values", () => {
    const tensor = randomTensor(new SeededRandom(1), "int32", [50], [-300, 77]);
    const node: GraphNode = { op: "Max", name: "max", inputs: ["x", "c"], output: "y" };
    const graph = graphOf("int32", [50], { c: tensor }, node);
    expect(graph.intervals.get("c")).to.deep.equal({
      min: BigInt(Math.min(...tensor.data)),
      max: BigInt(Math.max(...tensor.data)),
    });
  });
});

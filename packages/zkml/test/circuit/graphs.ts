import { GraphBuilder } from "../../src/ir/builder.ts";
import type { ArithmeticNode, DivNode, GraphNode, IntegerGraph } from "../../src/ir/graph.ts";
import { createTensor, type ElementType, type Shape } from "../../src/ir/tensor.ts";

/** A graph of one input `x`, int32 constants and nodes, the last of which is the output. */
export function chain(
  elementType: ElementType,
  shape: Shape,
  constants: Readonly<Record<string, readonly [shape: Shape, values: readonly number[]]>>,
  nodes: readonly GraphNode[],
): IntegerGraph {
  const builder = new GraphBuilder("chain");
  builder.addInput({ name: "x", elementType, shape });
  for (const [name, [dimensions, values]] of Object.entries(constants)) {
    builder.addConstant(name, createTensor("int32", dimensions, values));
  }
  for (const node of nodes) builder.addNode(node);
  return builder.finish([nodes.at(-1)?.output ?? "x"]);
}

export function arithmetic(
  op: ArithmeticNode["op"] | DivNode["op"],
  a: string,
  b: string,
  output: string,
): GraphNode {
  return { op, name: `${op}-${output}`, inputs: [a, b], output };
}

/** The smallest classifier: three pixels, two hidden neurons, two logits; every circuit step. */
export function tinyMlp(): IntegerGraph {
  const builder = new GraphBuilder("tiny");
  builder.addInput({ name: "image", elementType: "uint8", shape: [1, 3] });
  builder.addConstant("w1", createTensor("int8", [3, 2], [5, -3, 60, 7, -64, 63]));
  builder.addConstant("b1", createTensor("int32", [2], [40, -100]));
  builder.addConstant("zero", createTensor("int32", [], [0]));
  builder.addConstant("scale", createTensor("int32", [], [16]));
  builder.addConstant("top", createTensor("int32", [], [255]));
  builder.addConstant("w2", createTensor("int8", [2, 2], [-2, 3, 4, -5]));
  const linear = { aZeroPoint: 0, bZeroPoint: 0, op: "MatMulInteger" } as const;
  builder.addNode({ ...linear, name: "hidden", inputs: ["image", "w1"], output: "h" });
  builder.addNode(arithmetic("Add", "h", "b1", "biased"));
  builder.addNode(arithmetic("Max", "biased", "zero", "positive"));
  builder.addNode(arithmetic("Div", "positive", "scale", "scaled"));
  builder.addNode(arithmetic("Min", "scaled", "top", "clamped"));
  builder.addNode({ op: "Cast", name: "cast", inputs: ["clamped"], output: "c", to: "uint8" });
  builder.addNode({ ...linear, name: "classify", inputs: ["c", "w2"], output: "logits" });
  return builder.finish(["logits"]);
}

/** Divides by one power of two per row, negative dividends included. */
export function dividePerRow(): IntegerGraph {
  return chain(
    "int32",
    [3, 2],
    {
      d: [
        [3, 1],
        [1, 8, 4096],
      ],
    },
    [arithmetic("Div", "x", "d", "y")],
  );
}

/** A constant per channel and two operands that are both computed. */
export function biasPerChannel(): IntegerGraph {
  return chain(
    "uint8",
    [1, 2, 2, 2],
    {
      b: [
        [2, 1, 1],
        [-7, 1000],
      ],
    },
    [
      { op: "Cast", name: "widen", inputs: ["x"], output: "wide", to: "int32" },
      arithmetic("Sub", "b", "wide", "s"),
      arithmetic("Max", "s", "wide", "m"),
      arithmetic("Mul", "m", "s", "p"),
      arithmetic("Min", "p", "b", "y"),
    ],
  );
}

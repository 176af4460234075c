import type { GraphNode } from "../ir/graph.ts";
import type { Shape } from "../ir/tensor.ts";
import { lowerWindow } from "./lower-window.ts";
import { NodeSteps } from "./node-steps.ts";
import type { NodeReader } from "./operands.ts";
import { requantise } from "./requantise.ts";
import { type Operand, unsignedOperand, zeroPointOf } from "./unsigned-operand.ts";

/** a, its scale and zero point, b, its scale and zero point, scale and zero point of the result. */
export function lowerQLinearMatMul(node: NodeReader): GraphNode[] {
  node.expectInputs(8);
  const steps = new NodeSteps(node);
  const [a, b] = [unsignedOperand(steps, 0, 2, "a"), right(steps)];
  const sums = steps.add("sums", (parts) => ({
    op: "MatMulInteger",
    ...parts,
    inputs: [a.value, b.value],
    aZeroPoint: a.zeroPoint,
    bZeroPoint: b.zeroPoint,
  }));
  const inner = node.info(0).shape.at(-1) as number;
  const columns = node.info(3).shape.at(-1) as number;
  scale(steps, sums, { terms: inner, bias: 0, channels: columns, shape: [columns] });
  return steps.nodes;
}

/** As QLinearMatMul, and an int32 bias in units of the product of both scales. */
export function lowerQLinearConv(node: NodeReader): GraphNode[] {
  node.expectInputs(9);
  const steps = new NodeSteps(node);
  const weights = node.info(3).shape;
  const kernel = node.attributeInts("kernel_shape") ?? weights.slice(2);
  const [x, w] = [unsignedOperand(steps, 0, 2, "x"), right(steps)];
  const [groups, window] = [node.attributeInt("group", 1), lowerWindow(node, kernel)];
  let sums = steps.add("sums", (parts) => ({
    op: "ConvInteger",
    ...parts,
    inputs: [x.value, w.value],
    xZeroPoint: x.zeroPoint,
    wZeroPoint: w.zeroPoint,
    groups,
    window,
  }));
  const filters = weights[0] as number;
  const shape = [filters, 1, 1];
  let bias = 0;
  if (node.hasInput(8)) {
    const given = node.knownConstant(8);
    if (given?.elementType !== "int32" || given.data.length !== filters) {
      throw node.unsupported(`its bias must be a constant int32 list of ${filters} values`);
    }
    bias = Math.max(...Array.from(given.data, Math.abs));
    sums = steps.binary("Add", "biased", sums, { ...given, shape });
  }
  const terms = weights.slice(1).reduce((count, dimension) => count * dimension, 1);
  scale(steps, sums, { terms, bias, channels: filters, shape });
  return steps.nodes;
}

interface Sums {
  /** Products in each sum. */
  readonly terms: number;
  /** Largest magnitude added to the products. */
  readonly bias: number;
  readonly channels: number;
  /** Of a constant that holds one value for each channel. */
  readonly shape: Shape;
}

function scale(steps: NodeSteps, sums: string, { terms, bias, channels, shape }: Sums): void {
  const { node } = steps;
  const [left, right, result] = [node.scales(1), node.scales(4), node.scales(6)];
  if (left.length !== 1 || result.length !== 1 || ![1, channels].includes(right.length)) {
    throw node.unsupported(
      `scales must be single, or one for each of ${channels} channels of the second operand`,
    );
  }
  const [elementType, zeroPoint] = zeroPointOf(node, 7, "uint8");
  requantise(steps, sums, {
    // As runtimes combine them: in float32, the product first.
    scales: right.map((value) =>
      Math.fround(Math.fround((left[0] as number) * value) / (result[0] as number)),
    ),
    shape: right.length === 1 ? [] : shape,
    magnitude: terms * 255 * 255 + bias,
    elementType,
    zeroPoint,
  });
}

/** The right operand stays int8 where a runtime has to give the same bits. */
function right(steps: NodeSteps): Operand {
  const { node } = steps;
  if (node.roundScales) return unsignedOperand(steps, 3, 5, "w");
  return { value: node.input(3), zeroPoint: zeroPointOf(node, 5, node.info(3).elementType)[1] };
}

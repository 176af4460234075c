import type { GraphNode } from "../ir/graph.ts";
import { createTensor, type ElementType, type IntegerTensor, type Shape } from "../ir/tensor.ts";
import { lowerWindow } from "./lower-window.ts";
import { NodeSteps } from "./node-steps.ts";
import type { NodeReader } from "./operands.ts";
import { requantise } from "./requantise.ts";

/** Distance from int8 to uint8; zero points move with the values. */
const OFFSET = 128;

/** a, its scale and zero point, b, its scale and zero point, scale and zero point of the result. */
export function lowerQLinearMatMul(node: NodeReader): GraphNode[] {
  node.expectInputs(8);
  const steps = new NodeSteps(node);
  const [a, b] = [unsigned(steps, 0, "a"), right(steps)];
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
  const [x, w] = [unsigned(steps, 0, "x"), right(steps)];
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

interface Operand {
  readonly value: string;
  readonly zeroPoint: number;
}

/** The right operand stays int8 where a runtime has to give the same bits. */
function right(steps: NodeSteps): Operand {
  const { node } = steps;
  if (node.roundScales) return unsigned(steps, 3, "w");
  return { value: node.input(3), zeroPoint: zeroPointOf(node, 5, node.info(3).elementType)[1] };
}

/** An operand as uint8: the integer form has no products of a signed left operand. */
function unsigned(steps: NodeSteps, index: number, role: string): Operand {
  const { node } = steps;
  const { elementType } = node.info(index);
  const [, zeroPoint] = zeroPointOf(node, index + 2, elementType);
  if (elementType !== "int8") return { value: node.input(index), zeroPoint };
  const constant = node.knownConstant(index);
  if (constant !== undefined) {
    const moved = Array.from(constant.data, (value) => value + OFFSET);
    const value = node.addConstant(role, createTensor("uint8", constant.shape, moved));
    return { value, zeroPoint: zeroPoint + OFFSET };
  }
  const wide = steps.cast(`${role}.wide`, node.input(index), "int32");
  const offset = createTensor("int32", [], [OFFSET]);
  const moved = steps.binary("Add", `${role}.moved`, wide, offset);
  return { value: steps.cast(role, moved, "uint8"), zeroPoint: zeroPoint + OFFSET };
}

/** Type and value of a zero point, which all channels share. */
function zeroPointOf(
  node: NodeReader,
  index: number,
  elementType: ElementType,
): readonly [ElementType, number] {
  if (!node.hasInput(index)) return [elementType, 0];
  const tensor: IntegerTensor | undefined = node.knownConstant(index);
  const value = tensor?.data[0];
  if (tensor === undefined || value === undefined || tensor.elementType === "int32") {
    throw node.unsupported(`input ${index} must be a constant uint8 or int8 zero point`);
  }
  if (!tensor.data.every((other) => other === value)) {
    throw node.unsupported(`zero points of input ${index} differ; use one for all channels`);
  }
  return [tensor.elementType, value];
}

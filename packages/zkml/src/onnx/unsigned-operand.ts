import { createTensor, type ElementType, type IntegerTensor } from "../ir/tensor.ts";
import type { NodeSteps } from "./node-steps.ts";
import type { NodeReader } from "./operands.ts";

/** Distance from int8 to uint8; zero points move with the values. */
const OFFSET = 128;

export interface Operand {
  readonly value: string;
  readonly zeroPoint: number;
}

/** An operand as uint8: the integer form has no products of a signed left operand. */
export function unsignedOperand(
  steps: NodeSteps,
  index: number,
  zeroPointIndex: number,
  role: string,
): Operand {
  const { node } = steps;
  const { elementType } = node.info(index);
  const [, zeroPoint] = zeroPointOf(node, zeroPointIndex, elementType);
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
export function zeroPointOf(
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

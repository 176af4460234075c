import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphNode, ValueInfo } from "./graph.ts";
import { ELEMENT_RANGES, type ElementType } from "./tensor.ts";

/** @throws ZkmlError TENSOR_TYPE unless the value has one of the types. */
export function expectType(
  node: GraphNode,
  value: ValueInfo,
  allowed: readonly ElementType[],
): void {
  if (allowed.includes(value.elementType)) return;
  throw new ZkmlError(
    "TENSOR_TYPE",
    `node "${node.name}" (${node.op}): input "${value.name}" is ${value.elementType}; expected ${allowed.join(" or ")}`,
    { node: node.name, operator: node.op, input: value.name, actual: value.elementType },
  );
}

/** @throws ZkmlError TENSOR_VALUE unless the parameter is an integer of the type. */
export function expectInRange(
  node: GraphNode,
  parameter: string,
  value: number,
  elementType: ElementType,
): void {
  const { min, max } = ELEMENT_RANGES[elementType];
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new ZkmlError(
    "TENSOR_VALUE",
    `node "${node.name}" (${node.op}): ${parameter} ${value} is not an integer in [${min}, ${max}] (${elementType})`,
    { node: node.name, operator: node.op, parameter, value: String(value) },
  );
}

export function shapeError(node: GraphNode, problem: string): ZkmlError {
  return new ZkmlError("INVALID_SHAPE", `node "${node.name}" (${node.op}): ${problem}`, {
    node: node.name,
    operator: node.op,
  });
}

export function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

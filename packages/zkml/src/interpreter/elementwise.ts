import type { ArithmeticNode, DivNode } from "../ir/graph.ts";
import { broadcastIndices } from "../ir/shapes.ts";
import type { IntegerTensor, Shape } from "../ir/tensor.ts";

type BinaryOperator = (ArithmeticNode | DivNode)["op"];

// Products of int32 reach 2^62, beyond exact doubles; but the graph proved every result inside
// int32, and a product that small is computed exactly.
const OPERATIONS: Readonly<Record<BinaryOperator, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
};

export function binary(
  op: BinaryOperator,
  a: IntegerTensor,
  b: IntegerTensor,
  shape: Shape,
): Int32Array {
  const apply = OPERATIONS[op];
  const left = broadcastIndices(a.shape, shape);
  const right = broadcastIndices(b.shape, shape);
  const output = new Int32Array(left.length);
  for (let i = 0; i < output.length; i++) {
    output[i] = apply(a.data[left[i] as number] as number, b.data[right[i] as number] as number);
  }
  return output;
}

import type { GraphNode, OperatorName, Window } from "../ir/graph.ts";
import { encodeIntegers } from "./encode.ts";
import type { ReductionRange } from "./lowering/partial-reductions.ts";
import { ELEMENT_TYPE_CODES } from "./tensor-root.ts";

/** Part of the commitment format: never renumber. */
export const OPERATOR_CODES: Readonly<Record<OperatorName, number>> = {
  MatMulInteger: 1,
  ConvInteger: 2,
  Add: 3,
  Sub: 4,
  Mul: 5,
  Div: 6,
  Max: 7,
  Min: 8,
  Clip: 9,
  Cast: 10,
  Reshape: 11,
  Transpose: 12,
  MaxPool: 13,
  Concat: 14,
  Lookup: 15,
  ReduceSum: 16,
  ArgMax: 17,
};

/** Of the nodes that add a range of a reduction to what the node before them gave. */
export const PARTIAL_OPERATOR_CODES = {
  MatMulInteger: 18,
  ConvInteger: 19,
  ReduceSum: 20,
  MaxPool: 21,
} as const;

export type ReducingOperator = keyof typeof PARTIAL_OPERATOR_CODES;

export function isReducing(node: GraphNode): node is GraphNode & { op: ReducingOperator } {
  return Object.hasOwn(PARTIAL_OPERATOR_CODES, node.op);
}

/** The operator's code of a node, or of its part when a range is given. */
export function operatorCode(node: GraphNode, range?: ReductionRange): number {
  if (range === undefined) return OPERATOR_CODES[node.op];
  if (!isReducing(node)) throw new RangeError(`${node.op} has no parts`);
  return PARTIAL_OPERATOR_CODES[node.op];
}

/**
 * A node as a leaf of the program: operator (1 byte), output's id, number of operands (1 byte), their
 * ids, number of parameters (1 byte), parameters (8 bytes each). A part has the parameters of the
 * whole node, then the ends of its range.
 */
export function encodeNode(
  node: GraphNode,
  {
    output,
    operands,
    range,
  }: { output: number; operands: readonly number[]; range?: ReductionRange },
): Uint8Array {
  const ends = range === undefined ? [] : [range.from, range.to];
  const parameters = [...integerParameters(node), ...ends];
  return Uint8Array.of(
    operatorCode(node, range),
    ...encodeIntegers(4, [output]),
    operands.length,
    ...encodeIntegers(4, operands),
    parameters.length,
    ...encodeIntegers(8, parameters),
  );
}

/** A reshape has none: its shape is that of its output value. */
function integerParameters(node: GraphNode): number[] {
  switch (node.op) {
    case "MatMulInteger":
      return [node.aZeroPoint, node.bZeroPoint];
    case "ConvInteger":
      return [node.xZeroPoint, node.wZeroPoint, node.groups, ...windowParameters(node.window)];
    case "Clip":
      return [node.min, node.max];
    case "Cast":
      return [ELEMENT_TYPE_CODES[node.to]];
    case "Transpose":
      return [...node.permutation];
    case "MaxPool":
      return windowParameters(node.window);
    case "Concat":
      return [node.axis];
    case "ReduceSum":
      return [Number(node.keepDims), ...node.axes];
    case "ArgMax":
      return [node.axis, Number(node.keepDims)];
    default:
      return [];
  }
}

function windowParameters({ kernel, strides, dilations, pads }: Window): number[] {
  return [...kernel, ...strides, ...dilations, ...pads];
}

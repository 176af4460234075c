import type { LoweredProgram, ProgramNode, ProgramValue } from "../commitments/lowered-program.ts";
import { coordinatesAt, packedPosition, packedStrides } from "../commitments/packing.ts";
import { rowMajorStrides } from "../ir/shapes.ts";
import { matMulReads, sumReads, windowReads } from "./reduction-reads.ts";

/** A value with its strides in packed order. */
export interface PackedOperand extends ProgramValue {
  readonly strides: readonly number[];
}

/** Values that decide which elements a step reads. */
export interface DecidingValues {
  /** The element of an operand at a place in its packed order: the index of a Lookup. */
  readonly operand: (operand: number, position: number) => number;
  /** What the trace states as this output element: the place that an ArgMax names. */
  readonly output: () => number;
  /** Place along its axis of an element that refutes an ArgMax. */
  readonly hint: number;
}

/**
 * Which elements of each operand one output element of a step is computed from, or, for an ArgMax, is
 * refuted with: places in packed order, in the order of the terms. An operand that it does not
 * depend on, as the other parts of a Concat, has none.
 * @param element Place of the output element in packed order.
 */
export function readsOf(
  program: LoweredProgram,
  step: ProgramNode,
  element: number,
  deciding: DecidingValues,
): number[][] {
  const operands = step.operands.map((id) => withStrides(program.values[id] as ProgramValue));
  const output = withStrides(program.values[step.output] as ProgramValue);
  const at = coordinatesAt(output.shape, output.strides, element);
  return positionsOf(step, operands, output, at, deciding);
}

function positionsOf(
  step: ProgramNode,
  operands: readonly PackedOperand[],
  output: PackedOperand,
  at: readonly number[],
  deciding: DecidingValues,
): number[][] {
  const { node, range } = step;
  const [a, b] = operands as [PackedOperand, PackedOperand];
  const same = (value: PackedOperand) => [packedPosition(value.strides, at)];
  const before = (range?.from ?? 0) > 0 ? [same(operands.at(-1) as PackedOperand)] : [];
  switch (node.op) {
    case "MatMulInteger":
      return [...matMulReads(a, b, at, range), ...before];
    case "ConvInteger":
      return [...windowReads(node.window, a, b, node.groups, at, range), ...before];
    case "MaxPool":
      return [windowReads(node.window, a, undefined, 1, at, range)[0] as number[], ...before];
    case "ReduceSum":
      return [sumReads(a, node, at, range), ...before];
    case "Clip":
    case "Cast":
      return [same(a)];
    case "Reshape": {
      const place = packedPosition(rowMajorStrides(output.shape), at);
      const coordinates = coordinatesAt(a.shape, rowMajorStrides(a.shape), place);
      return [[packedPosition(a.strides, coordinates)]];
    }
    case "Transpose": {
      const coordinates = at.map((_, axis) => at[node.permutation.indexOf(axis)] as number);
      return [[packedPosition(a.strides, coordinates)]];
    }
    case "Concat":
      return joined(operands, at, node.axis);
    case "Lookup":
      return looked(a, b, at, deciding);
    case "ArgMax":
      return [compared(a, node, at, deciding)];
    default:
      return [broadcast(a, at), broadcast(b, at)];
  }
}

function withStrides(value: ProgramValue): PackedOperand {
  return { ...value, strides: packedStrides(value.shape, value.layout) };
}

function broadcast({ shape, strides }: PackedOperand, at: readonly number[]): number[] {
  const missing = at.length - shape.length;
  const coordinates = shape.map((dimension, axis) =>
    dimension === 1 ? 0 : (at[axis + missing] as number),
  );
  return [packedPosition(strides, coordinates)];
}

function joined(
  operands: readonly PackedOperand[],
  at: readonly number[],
  axis: number,
): number[][] {
  let rest = at[axis] as number;
  return operands.map(({ shape, strides }) => {
    const extent = shape[axis] as number;
    const inside = rest >= 0 && rest < extent;
    const position = inside ? [packedPosition(strides, at.with(axis, rest))] : [];
    rest -= extent;
    return position;
  });
}

function looked(
  index: PackedOperand,
  table: PackedOperand,
  at: readonly number[],
  { operand }: DecidingValues,
): number[][] {
  const place = packedPosition(index.strides, at);
  const entry = operand(0, place);
  const inside = entry >= 0 && entry < (table.shape[0] as number);
  return [[place], inside ? [entry] : []];
}

function compared(
  x: PackedOperand,
  { axis, keepDims }: { readonly axis: number; readonly keepDims: boolean },
  at: readonly number[],
  { output, hint }: DecidingValues,
): number[] {
  const claimed = output();
  if (claimed < 0 || claimed >= (x.shape[axis] as number)) return [];
  const place = (along: number) => {
    const coordinates = keepDims ? at.with(axis, along) : at.toSpliced(axis, 0, along);
    return packedPosition(x.strides, coordinates);
  };
  return claimed === hint ? [place(claimed)] : [place(claimed), place(hint)];
}

import type { ReductionRange } from "../commitments/lowering/partial-reductions.ts";
import { packedPosition } from "../commitments/packing.ts";
import type { Window } from "../ir/graph.ts";
import type { PackedOperand } from "./reads.ts";

type Part = ReductionRange | undefined;

/** Row of a and column of b that an element of a matrix product multiplies. */
export function matMulReads(
  a: PackedOperand,
  b: PackedOperand,
  at: readonly number[],
  range: Part,
): [number[], number[]] {
  const terms = termsOf(range, a.shape.at(-1) as number);
  const batch = at.slice(0, -2);
  const [row, column] = at.slice(-2) as [number, number];
  const matrix = ({ shape, strides }: PackedOperand, last: readonly [number, number]) => {
    const leading = shape.slice(0, -2);
    const missing = batch.length - leading.length;
    const coordinates = leading.map((d, axis) => (d === 1 ? 0 : (batch[axis + missing] as number)));
    return packedPosition(strides, [...coordinates, ...last]);
  };
  const [left, right] = [matrix(a, [row, 0]), matrix(b, [0, column])];
  const [inA, inB] = [a.strides.at(-1) as number, b.strides.at(-2) as number];
  return [terms.map((k) => left + k * inA), terms.map((k) => right + k * inB)];
}

/**
 * Taps of a window that lie inside the image, channel by channel of the group, and the weights on
 * them; without weights, the one channel that a pooling window sees.
 */
export function windowReads(
  { kernel, strides, dilations, pads }: Window,
  x: PackedOperand,
  w: PackedOperand | undefined,
  groups: number,
  at: readonly number[],
  range: Part,
): [number[], number[]] {
  const [image, filter, outRow, outColumn] = at as [number, number, number, number];
  const perGroup = w?.shape[1] ?? 1;
  const first = w === undefined ? filter : firstChannel(w, groups, filter);
  const [, , height, width] = x.shape as [number, number, number, number];
  const pixels: number[] = [];
  const weights: number[] = [];
  for (const r of termsOf(range, kernel[0] * kernel[1] * perGroup)) {
    const [c, tap] = [r % perGroup, Math.floor(r / perGroup)];
    const [ky, kx] = [Math.floor(tap / kernel[1]), tap % kernel[1]];
    const row = outRow * strides[0] + ky * dilations[0] - pads[0];
    const column = outColumn * strides[1] + kx * dilations[1] - pads[1];
    if (row < 0 || row >= height || column < 0 || column >= width) continue;
    pixels.push(packedPosition(x.strides, [image, first + c, row, column]));
    if (w !== undefined) weights.push(packedPosition(w.strides, [filter, c, ky, kx]));
  }
  return [pixels, weights];
}

/** The elements that a sum over axes adds. */
export function sumReads(
  { shape, strides }: PackedOperand,
  { axes, keepDims }: { readonly axes: readonly number[]; readonly keepDims: boolean },
  at: readonly number[],
  range: Part,
): number[] {
  const dimensions = axes.map((axis) => shape[axis] as number);
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const base = kept.reduce((sum, axis, i) => {
    const coordinate = at[keepDims ? axis : i] as number;
    return sum + coordinate * (strides[axis] as number);
  }, 0);
  const count = dimensions.reduce((product, dimension) => product * dimension, 1);
  return termsOf(range, count).map((r) => {
    let [rest, position] = [r, base];
    for (let i = axes.length - 1; i >= 0; i--) {
      const dimension = dimensions[i] as number;
      position += (rest % dimension) * (strides[axes[i] as number] as number);
      rest = Math.floor(rest / dimension);
    }
    return position;
  });
}

function firstChannel(w: PackedOperand, groups: number, filter: number): number {
  const [filters, perGroup] = w.shape as [number, number];
  return Math.floor(filter / (filters / groups)) * perGroup;
}

function termsOf(range: Part, terms: number): number[] {
  const { from, to } = range ?? { from: 0, to: terms };
  return Array.from({ length: to - from }, (_, i) => from + i);
}

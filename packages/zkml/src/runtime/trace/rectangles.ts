import type { ReductionRange } from "../../commitments/lowering/partial-reductions.ts";

/** Rows and columns of a kernel, half-open. */
export interface Rectangle {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** The taps of a range, ky·width + kx, as at most three rectangles of the kernel. */
export function rectanglesOf({ from, to }: ReductionRange, width: number): Rectangle[] {
  const [first, last] = [Math.ceil(from / width), Math.floor(to / width)];
  if (first > last) return [row(last, from % width, to % width)];
  const rectangles: Rectangle[] = [];
  if (from % width > 0) rectangles.push(row(first - 1, from % width, width));
  if (first < last) rectangles.push({ rows: [first, last], columns: [0, width] });
  if (to % width > 0) rectangles.push(row(last, 0, to % width));
  return rectangles;
}

function row(at: number, from: number, to: number): Rectangle {
  return { rows: [at, at + 1], columns: [from, to] };
}

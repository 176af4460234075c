import { ZkmlError } from "../errors/zkml-error.ts";
import type { Interval } from "../ir/tensor.ts";

/** Above this a second bit pattern could give the same field element. */
export const MAX_WIDTH = 252;

/** Least w ≥ 1 with every value of the interval in [0, 2^w). */
export function unsignedWidth({ min, max }: Interval): number {
  if (min < 0n) throw tooWide(`a value may be ${min}, which is negative`);
  return bounded(Math.max(1, bitLength(max)));
}

/** Least w ≥ 1 with every value of the interval in [-2^(w-1), 2^(w-1)). */
export function signedWidth({ min, max }: Interval): number {
  const negative = min < 0n ? bitLength(-min - 1n) : 0;
  const positive = max > 0n ? bitLength(max) : 0;
  return bounded(Math.max(negative, positive) + 1);
}

/** Interval of `a − b`. */
export function difference(a: Interval, b: Interval): Interval {
  return { min: a.min - b.max, max: a.max - b.min };
}

/** Least w ≥ 1 with the value, which is not negative, in [0, 2^w). */
export function digits(value: bigint): number {
  return unsignedWidth({ min: 0n, max: value });
}

/** log2 of a power of two, or undefined for any other number. */
export function exactLog2(value: number): number | undefined {
  if (!Number.isSafeInteger(value) || value < 1) return undefined;
  const exponent = Math.round(Math.log2(value));
  return 2 ** exponent === value ? exponent : undefined;
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

function bounded(width: number): number {
  if (width > MAX_WIDTH) throw tooWide(`a value needs ${width} bits; at most ${MAX_WIDTH} fit`);
  return width;
}

function tooWide(problem: string): ZkmlError {
  return new ZkmlError("RANGE_OVERFLOW", `${problem}; lower the scale of the model`);
}

import { MAX_SHIFT } from "./emitter.ts";
import { largestMagnitude } from "./numbers.ts";

/** `ratio ≈ multiplier / 2^shift`. */
export interface FixedPoint {
  readonly multiplier: number;
  readonly shift: number;
}

/** Scales may grow by this much when that saves a multiplier. */
const SLACK = 1.07;

/**
 * The best multiplier of at most `bits` bits, without trailing zeros.
 * @param ratio not zero; its sign is the multiplier's.
 */
export function fixedPoint(ratio: number, bits: number): FixedPoint {
  const magnitude = Math.abs(ratio);
  const exponent = Math.ceil(bits - 1 - Math.log2(magnitude));
  let shift = Math.min(Math.max(exponent, 0), MAX_SHIFT);
  let multiplier = Math.round(magnitude * 2 ** shift);
  while (shift > 0 && multiplier % 2 === 0 && multiplier > 0) {
    multiplier /= 2;
    shift--;
  }
  return { multiplier: Math.sign(ratio) * multiplier, shift };
}

/** Several ratios under one shift. */
export function fixedPoints(
  ratios: readonly number[],
  bits: number,
): { readonly multipliers: number[]; readonly shift: number; readonly error: number } {
  const largest = largestMagnitude(ratios);
  const exponent = Math.ceil(bits - 1 - Math.log2(largest));
  let shift = Math.min(Math.max(exponent, 0), MAX_SHIFT);
  let multipliers = ratios.map((ratio) => Math.round(ratio * 2 ** shift));
  while (shift > 0 && multipliers.every((m) => m % 2 === 0) && multipliers.some((m) => m !== 0)) {
    multipliers = multipliers.map((m) => m / 2);
    shift--;
  }
  const error = ratios.reduce((most, ratio, i) => {
    const actual = (multipliers[i] as number) / 2 ** shift;
    return ratio === 0 ? most : Math.max(most, Math.abs(actual - ratio) / Math.abs(ratio));
  }, 0);
  return { multipliers, shift, error };
}

/** The least ratio of a short multiplier and a power of two that is a little below `ratio`. */
export function shortRatioBelow(ratio: number): number {
  const magnitude = Math.abs(ratio);
  for (let bits = 1; bits <= 5; bits++) {
    const exponent = Math.min(Math.max(Math.ceil(bits - 1 - Math.log2(magnitude)), 0), MAX_SHIFT);
    const below = Math.floor(magnitude * 2 ** exponent) / 2 ** exponent;
    if (below > 0 && magnitude / below <= SLACK) return below;
  }
  return magnitude;
}

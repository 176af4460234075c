import { largestMagnitude } from "../numbers.ts";
import { MAX_SHIFT } from "./emitter.ts";

/** Scales may grow by this much when that saves a multiplier. */
const SLACK = 1.07;

export interface FixedPoints {
  readonly multipliers: readonly number[];
  readonly shift: number;
  /** Largest relative error of a ratio. */
  readonly error: number;
}

/** Half a step at the far end of 8 bits. */
const GOOD_ENOUGH = 1 / 512;

/** Several ratios under one shift, with no more bits than make the error harmless. */
export function fixedPoints(ratios: readonly number[], mostBits: number): FixedPoints {
  for (let bits = 1; ; bits++) {
    const candidate = fixedPointsOf(ratios, bits);
    if (bits >= mostBits || candidate.error <= GOOD_ENOUGH) return candidate;
  }
}

function fixedPointsOf(ratios: readonly number[], bits: number): FixedPoints {
  const largest = largestMagnitude(ratios);
  const exponent = Math.ceil(bits - 1 - Math.log2(largest));
  const shift = Math.min(Math.max(exponent, 0), MAX_SHIFT);
  const multipliers = ratios.map((ratio) => Math.round(ratio * 2 ** shift));
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

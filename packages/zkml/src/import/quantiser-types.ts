import type { ValueName } from "../ir/graph.ts";
import type { Accumulated } from "./emitter.ts";
import type { Quantisation } from "./float-graph.ts";

/** A uint8 value of the integer graph that stands for a real one. */
export interface Quantised extends Quantisation {
  readonly value: ValueName;
}

/** `factor · x + offset` of what a source computes. */
export interface Affine {
  readonly factor: number;
  readonly offset: number;
}

/** What a source did to reach a scale, for the report. */
export interface AccumulationDetails {
  readonly weightBits?: number;
  readonly multiplierBits?: number;
  /** Largest relative error of a scale that a multiplier stands for. */
  readonly scaleError?: number;
  readonly note?: string;
}

/** An operator that computes in int32 and can be brought to 8 bits at a wanted scale. */
export interface AccumulatorSource {
  /** The least scale, no smaller than `scale`, that it reaches cheaply. */
  fit(scale: number, affine: Affine): number;
  /** The sums at that scale, zero point and rounding included. */
  accumulate(name: string, target: Quantisation, affine: Affine): Accumulated & AccumulationDetails;
  /** The sums in full: the real value is `scale · value`. */
  wide(
    name: string,
    affine: Affine,
  ): { readonly value: ValueName; readonly scale: number } & AccumulationDetails;
}

/** Half of 2^shift, so that dividing rounds to nearest. */
export function half(shift: number): number {
  return shift > 0 ? 2 ** (shift - 1) : 0;
}

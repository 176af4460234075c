import type { IntegerGraph, ValueName } from "../../ir/graph.ts";
import type { Quantisation } from "../float/float-graph.ts";
import type { ClampedAffine } from "../float/pointwise.ts";
import type { Accumulated } from "./emitter.ts";
import type { IntegerOutput } from "./output.ts";

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

export interface QuantiserOptions {
  readonly weightBits: number | "auto";
  /** Scale and zero point that the calibration found best for a value. */
  readonly calibrated: (value: ValueName) => Quantisation;
}

/** One value of the float model that the integer graph holds. */
export interface Layer extends Quantisation {
  /** Name in the float model. */
  readonly name: ValueName;
  readonly node: string;
  readonly operator: string;
  /** Name in the integer graph. */
  readonly value: ValueName;
  /** Proven width of the sums before they are brought to 8 bits. */
  readonly accumulatorBits?: number;
  readonly shifts?: readonly number[];
  readonly weightBits?: number;
  readonly multiplierBits?: number;
  readonly scaleError?: number;
  readonly note?: string;
}

export interface QuantisedGraph {
  readonly graph: IntegerGraph;
  readonly input: Quantised;
  readonly output: IntegerOutput;
  readonly layers: readonly Layer[];
}

/** Range of q that the bounds of a clamped function allow. */
export function levels(
  { scale, zeroPoint }: Quantisation,
  { low, high }: ClampedAffine,
): readonly [number, number] {
  const level = (real: number) => Math.round(real / scale) + zeroPoint;
  const inside = (q: number) => Math.min(Math.max(q, 0), 255);
  return [
    low === Number.NEGATIVE_INFINITY ? 0 : inside(level(low)),
    high === Number.POSITIVE_INFINITY ? 255 : inside(level(high)),
  ];
}

/** Equal but for what computing a scale in another order changes. */
export function sameQuantisation(a: Quantisation, b: Quantisation): boolean {
  return a.zeroPoint === b.zeroPoint && Math.abs(a.scale / b.scale - 1) < 1e-9;
}

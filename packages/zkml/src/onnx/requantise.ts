import type { ValueName } from "../ir/graph.ts";
import { createTensor, ELEMENT_RANGES, type ElementType, type Shape } from "../ir/tensor.ts";
import type { NodeSteps } from "./node-steps.ts";

/** Of the largest product: an offset of the same size and a half still fit int32 beside it. */
const PRODUCT_LIMIT = 2 ** 29;
const MAX_SHIFT = 28;
const MAX_INT32 = 2 ** 31 - 1;

export interface Requantisation {
  /** Positive; one, or one for each channel. */
  readonly scales: readonly number[];
  /** Shape of constants with one value for each scale. */
  readonly shape: Shape;
  /** Bound of the sums' magnitude. */
  readonly magnitude: number;
  readonly elementType: ElementType;
  readonly zeroPoint: number;
}

/** multiplier / 2^shift, shift ≥ 1. */
interface FixedPoint {
  readonly multiplier: number;
  readonly shift: number;
}

/**
 * Adds `clamp(round(sums · scale) + zero point)` with halves rounded to even, as integer nodes.
 * Scales that are powers of two are exact.
 * @throws ZkmlError UNSUPPORTED_ATTRIBUTE for another scale unless the reader may round it, and for
 * scales that need more than int32.
 */
export function requantise(steps: NodeSteps, sums: ValueName, target: Requantisation): void {
  const { scales, shape, magnitude, elementType, zeroPoint } = target;
  const list = (values: readonly number[]) => createTensor("int32", shape, values);
  const [min, max] = [ELEMENT_RANGES[elementType].min, ELEMENT_RANGES[elementType].max].map(Number);
  const [least, most] = [min as number, max as number];

  // 1. Sums beyond these saturate anyway; without the tails the product needs fewer bits.
  const reach = (bound: number, scale: number) =>
    Math.max(-MAX_INT32, Math.min(MAX_INT32, Math.trunc(bound / scale)));
  const lows = scales.map((scale) => reach(least - zeroPoint - 1, scale) - 1);
  const highs = scales.map((scale) => reach(most - zeroPoint + 1, scale) + 1);
  const widest = Math.max(...lows.map(Math.abs), ...highs);
  let value = sums;
  if (widest < magnitude) {
    value = steps.binary("Max", "above", value, list(lows));
    value = steps.binary("Min", "below", value, list(highs));
  }

  // 2. Multiply, and move to where division rounds down: a multiple of twice the divisor.
  const bound = Math.min(widest, magnitude);
  const fixed = scales.map((scale) => fixedPoint(steps, scale, bound));
  const multipliers = fixed.map(({ multiplier }) => multiplier);
  const double = fixed.map(({ shift }) => 2 ** (shift + 1));
  const offsets = fixed.map(
    ({ multiplier }, i) =>
      Math.ceil((bound * multiplier) / (double[i] as number)) * (double[i] as number),
  );
  if (multipliers.some((multiplier) => multiplier !== 1)) {
    value = steps.binary("Mul", "product", value, list(multipliers));
  }
  value = steps.binary("Add", "positive", value, list(offsets));

  // 3. floor((x + half − 1 + last digit of floor(x / divisor)) / divisor) rounds halves to even.
  const divisors = list(fixed.map(({ shift }) => 2 ** shift));
  const floor = steps.binary("Div", "floor", value, divisors);
  const pairs = steps.binary("Div", "pairs", value, list(double));
  const even = steps.binary("Mul", "even", pairs, createTensor("int32", [], [2]));
  const odd = steps.binary("Sub", "odd", floor, even);
  const digit = steps.clip("digit", odd, 0, 1);
  const almostHalf = list(fixed.map(({ shift }) => 2 ** (shift - 1) - 1));
  const raised = steps.binary("Add", "raised", value, almostHalf);
  const tied = steps.binary("Add", "tied", raised, digit);
  const rounded = steps.binary("Div", "rounded", tied, divisors);

  // 4. Back from the offset, to the zero point and into the type.
  const back = fixed.map(({ shift }, i) => zeroPoint - (offsets[i] as number) / 2 ** shift);
  const placed = steps.binary("Add", "placed", rounded, list(back));
  const clamped = steps.clip("clamped", placed, least, most);
  steps.finish((parts) => ({ op: "Cast", ...parts, inputs: [clamped], to: elementType }));
}

function fixedPoint({ node }: NodeSteps, scale: number, bound: number): FixedPoint {
  const exponent = Math.log2(scale);
  const power = Number.isInteger(exponent) && 2 ** exponent === scale;
  if (!power && !node.roundScales) {
    throw node.unsupported(
      `its scales combine to ${scale}, which is no power of two, so that runtimes may differ in a last bit; import the model instead of reading it, or quantise it with scales that are powers of two`,
    );
  }
  const room = Math.floor(PRODUCT_LIMIT / bound);
  const shift = power
    ? Math.max(1, -exponent)
    : Math.max(1, Math.min(MAX_SHIFT, Math.floor(Math.log2(room / scale))));
  const multiplier = Math.round(scale * 2 ** shift);
  if (multiplier >= 1 && multiplier <= room && shift <= MAX_SHIFT) return { multiplier, shift };
  throw node.unsupported(
    `its scales combine to ${scale}, for which sums up to ${bound} leave no room in int32; quantise it again with larger sums or scales nearer to one`,
  );
}

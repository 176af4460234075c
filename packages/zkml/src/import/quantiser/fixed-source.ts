import type { ValueName } from "../../ir/graph.ts";
import { createTensor } from "../../ir/tensor.ts";
import type { AverageNode, Quantisation } from "../float/float-graph.ts";
import type { Accumulated, IntegerEmitter } from "./emitter.ts";
import { fixedPoints, shortRatioBelow } from "./fixed-point.ts";
import {
  type AccumulationDetails,
  type AccumulatorSource,
  type Affine,
  half,
  type Quantised,
} from "./quantiser-types.ts";

const MOST_MULTIPLIER_BITS = 12;

/** Sums whose scale follows from the operands: averages and products of two values. */
export class FixedSource implements AccumulatorSource {
  readonly #emitter: IntegerEmitter;
  readonly #emit: (name: string) => ValueName;
  readonly #scale: number;

  /**
   * @param emit adds the sums, without bias.
   * @param scale real value of one unit of them.
   */
  constructor(emitter: IntegerEmitter, scale: number, emit: (name: string) => ValueName) {
    this.#emitter = emitter;
    this.#scale = scale;
    this.#emit = emit;
  }

  fit(scale: number, { factor }: Affine): number {
    const ratio = Math.abs(factor * this.#scale) / scale;
    return ratio > 0 ? (scale * ratio) / shortRatioBelow(ratio) : scale;
  }

  accumulate(
    name: string,
    { scale, zeroPoint }: Quantisation,
    { factor, offset }: Affine,
  ): Accumulated & AccumulationDetails {
    const ratio = (factor * this.#scale) / scale;
    const sums = this.#emit(name);
    const bits = Math.max(Math.min(this.#emitter.headroom(sums) - 1, MOST_MULTIPLIER_BITS), 1);
    const { multipliers, shift, error: scaleError } = fixedPoints([ratio], bits);
    const multiplier = multipliers[0] as number;
    const scaled = this.#emitter.times(`${name}/scale`, sums, [], [multiplier]);
    const bias = Math.round((offset / scale + zeroPoint) * 2 ** shift) + half(shift);
    const value = this.#emitter.plus(`${name}/sum`, scaled, [], [bias]);
    return {
      value,
      shifts: { shape: [], exponents: [shift] },
      multiplierBits: Math.abs(multiplier).toString(2).length,
      scaleError,
    };
  }

  wide(
    name: string,
    { factor, offset }: Affine,
  ): { readonly value: ValueName; readonly scale: number } & AccumulationDetails {
    const scale = Math.abs(factor * this.#scale);
    const signed = this.#emitter.times(`${name}/sign`, this.#emit(name), [], [Math.sign(factor)]);
    const value = this.#emitter.plus(`${name}/sum`, signed, [], [Math.round(offset / scale)]);
    return { value, scale };
  }
}

/** Sums of windows by a convolution of ones over each channel alone. */
export function averageSource(
  emitter: IntegerEmitter,
  { window }: AverageNode,
  input: Quantised,
): FixedSource {
  const [height, width] = window.kernel;
  const channels = emitter.shape(input.value)[1] as number;
  const count = height * width;
  return new FixedSource(emitter, input.scale / count, (name) => {
    const ones = new Uint8Array(channels * count).fill(1);
    const weights = createTensor("uint8", [channels, 1, height, width], ones);
    return emitter.add(`${name}/window`, {
      op: "ConvInteger",
      inputs: [input.value, emitter.constant(`${name}/ones`, weights)],
      xZeroPoint: input.zeroPoint,
      wZeroPoint: 0,
      groups: channels,
      window,
    });
  });
}

export function productSource(emitter: IntegerEmitter, a: Quantised, b: Quantised): FixedSource {
  return new FixedSource(emitter, a.scale * b.scale, (name) => {
    const [left, right] = [a, b].map(({ value, zeroPoint }, index) => {
      const wide = emitter.cast(`${name}/${index}`, value, "int32");
      return emitter.plus(`${name}/centred`, wide, [], [-zeroPoint]);
    }) as [ValueName, ValueName];
    return emitter.add(`${name}/product`, { op: "Mul", inputs: [left, right] });
  });
}

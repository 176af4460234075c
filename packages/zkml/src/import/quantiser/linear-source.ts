import type { ValueName } from "../../ir/graph.ts";
import { createTensor, type Shape } from "../../ir/tensor.ts";
import type { LinearNode, Quantisation } from "../float/float-graph.ts";
import { largestMagnitude, maximum } from "../numbers.ts";
import { emitLinear } from "./emit-linear.ts";
import type { Accumulated, IntegerEmitter } from "./emitter.ts";
import { MAX_SHIFT } from "./emitter.ts";
import { GivenSource } from "./given-source.ts";
import {
  type AccumulationDetails,
  type AccumulatorSource,
  type Affine,
  half,
  type Quantised,
} from "./quantiser-types.ts";
import { channelMaxima, channelOf, chooseWeightBits, largestWeight } from "./weights.ts";

export interface LinearOptions {
  /** Bits of a weight, 2 to 7, or the fewest that keep the layer's noise low. */
  readonly weightBits: number | "auto";
}

/** Shifts of channels may differ by this much: further precision is lost in their common noise. */
const MAX_SPREAD = 4;
/** Biases are kept far from the end of int32. */
const MAX_BIAS = 2 ** 29;

/**
 * Convolution or product whose weights are scaled so that its sums divided by a power of two are
 * at exactly the wanted scale; channels with small weights get a power of two of their own.
 */
export class LinearSource implements AccumulatorSource {
  readonly #emitter: IntegerEmitter;
  readonly #node: LinearNode;
  readonly #input: Quantised;
  readonly #bits: number;
  readonly #given: GivenSource | undefined;

  constructor(
    emitter: IntegerEmitter,
    node: LinearNode,
    input: Quantised,
    { weightBits }: LinearOptions,
  ) {
    this.#emitter = emitter;
    this.#node = node;
    this.#input = input;
    this.#bits = weightBits === "auto" ? chooseWeightBits(node) : weightBits;
    this.#given = GivenSource.of(emitter, node, input);
  }

  fit(scale: number, { factor }: Affine): number {
    const least =
      (Math.abs(factor) * this.#input.scale * maximum(channelMaxima(this.#node))) /
      largestWeight(this.#bits);
    return Math.max(scale, least);
  }

  accumulate(
    name: string,
    target: Quantisation,
    affine: Affine,
  ): Accumulated & AccumulationDetails {
    const exact = this.#given?.accumulate(name, target, affine);
    if (exact !== undefined) return exact;
    const note =
      this.#node.given === undefined
        ? undefined
        : `its given 8-bit weights were rounded to ${this.#bits} bits, since their sums leave no room for an exact multiplier`;
    const ratio = (affine.factor * this.#input.scale) / target.scale;
    const { shifts, gain } = this.#shifts(ratio, target, affine);
    const channel = channelOf(this.#node);
    const scales = shifts.map((shift) => (ratio * 2 ** shift) / gain);
    let value = this.emitProduct(name, (i) => scales[channel(i)] as number);
    value = this.#emitter.times(`${name}/gain`, value, [], [gain]);
    const bias = shifts.map((shift, c) => biasAt(this.#node, c, target, affine, shift));
    value = this.#emitter.plus(`${name}/sum`, value, this.#channelShape(), bias);
    return {
      value,
      shifts: { shape: this.#channelShape(), exponents: shifts },
      weightBits: this.#bits,
      ...(note !== undefined && { note }),
    };
  }

  wide(
    name: string,
    affine: Affine,
  ): { readonly value: ValueName; readonly scale: number } & AccumulationDetails {
    const exact = this.#given?.wide(name, affine);
    if (exact !== undefined) return exact;
    const largest = maximum(channelMaxima(this.#node)) * Math.abs(affine.factor);
    const reach = this.#node.bias.map((b) => affine.factor * b + affine.offset);
    const finest = Math.max(
      largest / largestWeight(this.#bits),
      largestMagnitude(reach) / (MAX_BIAS * this.#input.scale),
    );
    // Without any weight or bias every scale is as good.
    const step = finest > 0 ? finest : 1;
    const scale = step * this.#input.scale;
    const product = this.emitProduct(name, () => affine.factor / step);
    const bias = this.#node.bias.map((value) =>
      Math.round((affine.factor * value + affine.offset) / scale),
    );
    const value = this.#emitter.plus(`${name}/sum`, product, this.#channelShape(), bias);
    return { value, scale, weightBits: this.#bits };
  }

  /** The largest shift at which `factor · weights` still fit their bits at output scale `scale`. */
  maxShift(scale: number, factor: number): number {
    const largest = maximum(channelMaxima(this.#node));
    const ratio = (Math.abs(factor) * this.#input.scale * largest) / scale;
    if (!(ratio > 0)) return MAX_SHIFT;
    return Math.min(Math.floor(Math.log2(largestWeight(this.#bits) / ratio)), MAX_SHIFT);
  }

  /** The product alone at `scale` per unit, its bias for the caller to add. */
  emitAt(
    name: string,
    scale: number,
    factor: number,
  ): { readonly value: ValueName; readonly shape: Shape; readonly bias: Float64Array } {
    const value = this.emitProduct(name, () => (factor * this.#input.scale) / scale);
    const bias = this.#node.bias.map((b) => (factor * b) / scale);
    return { value, shape: this.#channelShape(), bias };
  }

  get weightBits(): number {
    return this.#bits;
  }

  emitProduct(name: string, scaleOf: (index: number) => number): ValueName {
    const { weights, weightShape } = this.#node;
    const limit = largestWeight(this.#bits);
    const rounded = weights.map((weight, i) =>
      Math.min(Math.max(Math.round(weight * scaleOf(i)), -limit), limit),
    );
    const tensor = createTensor("int8", weightShape, rounded);
    return emitLinear(this.#emitter, name, this.#node, this.#input, {
      value: this.#emitter.constant(`${name}/weights`, tensor),
      zeroPoint: 0,
    });
  }

  /** One shift for each channel, and the whole number that a given scale may need beside them. */
  #shifts(
    ratio: number,
    target: Quantisation,
    affine: Affine,
  ): { readonly shifts: number[]; readonly gain: number } {
    const limit = largestWeight(this.#bits);
    const room = channelMaxima(this.#node).map((largest) =>
      largest > 0
        ? Math.floor(Math.log2(limit / (largest * Math.abs(ratio))) + 1e-9)
        : Number.POSITIVE_INFINITY,
    );
    const least = room.reduce((a, b) => Math.min(a, b), MAX_SHIFT);
    const lowest = Math.max(least, 0);
    const shifts = Array.from(room, (most, c) => {
      let shift = Math.min(Math.max(most, 0), lowest + MAX_SPREAD, MAX_SHIFT);
      if (most === Number.POSITIVE_INFINITY) shift = lowest;
      const tooLarge = () =>
        Math.abs(biasAt(this.#node, c, target, affine, shift)) > MAX_BIAS && shift > 0;
      while (tooLarge()) shift--;
      return shift;
    });
    return { shifts, gain: 2 ** Math.max(-least, 0) };
  }

  #channelShape(): Shape {
    const channels = this.#node.bias.length;
    return this.#node.convolution === undefined ? [channels] : [channels, 1, 1];
  }
}

/** Bias, zero point and half the divisor of a channel in units of its sums. */
function biasAt(
  { bias }: LinearNode,
  channel: number,
  { scale, zeroPoint }: Quantisation,
  { factor, offset }: Affine,
  shift: number,
): number {
  const real = factor * (bias[channel] as number) + offset;
  return Math.round((real / scale + zeroPoint) * 2 ** shift) + half(shift);
}

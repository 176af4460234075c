import type { ValueName } from "../../ir/graph.ts";
import { createTensor, type IntegerTensor, type Shape } from "../../ir/tensor.ts";
import type { GivenIntegers } from "../float/float-constant.ts";
import type { LinearNode, Quantisation } from "../float/float-graph.ts";
import { maximum } from "../numbers.ts";
import { emitLinear } from "./emit-linear.ts";
import type { Accumulated, IntegerEmitter } from "./emitter.ts";
import { fixedPoints } from "./fixed-point.ts";
import { type AccumulationDetails, type Affine, half, type Quantised } from "./quantiser-types.ts";

/** A multiplier further off than this costs more accuracy than rounding the weights again. */
const LARGEST_SCALE_ERROR = 1 / 256;
const MOST_MULTIPLIER_BITS = 12;

/**
 * The integers and scales of a quantised model as they are. Only the ratio of the scales is
 * approximated, by a multiplier and a power of two.
 */
export class GivenSource {
  readonly #emitter: IntegerEmitter;
  readonly #node: LinearNode;
  readonly #given: GivenIntegers;
  readonly #input: Quantised;

  private constructor(
    emitter: IntegerEmitter,
    node: LinearNode,
    given: GivenIntegers,
    input: Quantised,
  ) {
    this.#emitter = emitter;
    this.#node = node;
    this.#given = given;
    this.#input = input;
  }

  /** Undefined when the integers are missing or have no 8-bit form with one zero point. */
  static of(emitter: IntegerEmitter, node: LinearNode, input: Quantised): GivenSource | undefined {
    const { given } = node;
    const zero = given?.zeroPoints[0] ?? 0;
    if (given === undefined || given.type === "int32") return undefined;
    if (given.zeroPoints.some((other) => other !== zero)) return undefined;
    return new GivenSource(emitter, node, given, input);
  }

  /** Undefined when int32 leaves no room for a multiplier that is good enough. */
  accumulate(
    name: string,
    target: Quantisation,
    affine: Affine,
  ): (Accumulated & AccumulationDetails) | undefined {
    const { scales } = this.#given;
    const ratios = scales.map((s) => (affine.factor * this.#input.scale * s) / target.scale);
    const product = this.#product(name);
    // One bit stays free for the bias and the rounding.
    const bits = Math.min(this.#emitter.headroom(product) - 1, MOST_MULTIPLIER_BITS);
    if (bits < 1) return undefined;
    const { multipliers, shift, error } = fixedPoints(ratios, bits);
    if (error > LARGEST_SCALE_ERROR) return undefined;
    const scaled = this.#emitter.times(
      `${name}/scale`,
      product,
      this.#along(multipliers),
      multipliers,
    );
    const offsets = Array.from(this.#node.bias, (bias) => {
      const real = affine.factor * bias + affine.offset;
      return Math.round((real / target.scale + target.zeroPoint) * 2 ** shift) + half(shift);
    });
    if (offsets.some((offset) => Math.abs(offset) > 2 ** 30)) return undefined;
    const value = this.#emitter.plus(`${name}/sum`, scaled, this.#along(offsets), offsets);
    return {
      value,
      shifts: { shape: [], exponents: [shift] },
      ...this.#weightDetails(),
      multiplierBits: maximum(multipliers).toString(2).length,
      scaleError: error,
    };
  }

  /** The sums in full; channels of different scales meet at the largest one by multipliers. */
  wide(
    name: string,
    { factor, offset }: Affine,
  ): ({ readonly value: ValueName; readonly scale: number } & AccumulationDetails) | undefined {
    const { scales } = this.#given;
    if (!(factor > 0)) return undefined;
    const product = this.#product(name);
    const largest = maximum(scales);
    const bits = Math.min(this.#emitter.headroom(product) - 1, MOST_MULTIPLIER_BITS);
    if (bits < 1) return undefined;
    const relative = scales.map((scale) => scale / largest);
    const { multipliers, shift, error } =
      scales.length === 1 ? { multipliers: [1], shift: 0, error: 0 } : fixedPoints(relative, bits);
    if (error > LARGEST_SCALE_ERROR) return undefined;
    const scaled = this.#emitter.times(
      `${name}/scale`,
      product,
      this.#along(multipliers),
      multipliers,
    );
    const scale = (this.#input.scale * largest * factor) / 2 ** shift;
    const bias = Array.from(this.#node.bias, (b) => Math.round((factor * b + offset) / scale));
    if (bias.some((value) => Math.abs(value) > 2 ** 30)) return undefined;
    const value = this.#emitter.plus(`${name}/sum`, scaled, this.#along(bias), bias);
    return { value, scale, ...this.#weightDetails(), scaleError: error };
  }

  /** Shape of one value for each channel, or of a single one. */
  #along(values: readonly number[]): Shape {
    if (values.length === 1) return [];
    return this.#node.convolution === undefined ? [values.length] : [values.length, 1, 1];
  }

  /**
   * Signed weights beyond seven bits move to uint8 with a zero point: 8-bit kernels add unsigned
   * products without saturating.
   */
  #product(name: string): ValueName {
    const { type, data, zeroPoints } = this.#given;
    const zero = zeroPoints[0] as number;
    const moved = this.#moves() ? 128 : 0;
    const tensor: IntegerTensor = createTensor(
      type === "int8" && moved === 0 ? "int8" : "uint8",
      this.#node.weightShape,
      Array.from(data, (value) => value + moved),
    );
    return emitLinear(this.#emitter, name, this.#node, this.#input, {
      value: this.#emitter.constant(`${name}/weights`, tensor),
      zeroPoint: zero + moved,
    });
  }

  #moves(): boolean {
    const { type, data } = this.#given;
    return type === "int8" && Array.from(data).some((value) => value < -64 || value > 63);
  }

  #weightDetails(): AccumulationDetails {
    const note =
      "its signed 8-bit weights are stored as uint8 with zero point 128 more, since 8-bit kernels of some processors saturate with signed ones";
    return this.#moves() ? { weightBits: 8, note } : { weightBits: 8 };
  }
}

import type { ValueName } from "../../ir/graph.ts";
import type { Factors, Quantisation } from "../float/float-graph.ts";
import { combine } from "../float/fold-affine.ts";
import { largestMagnitude, maximum } from "../numbers.ts";
import { type Accumulated, type IntegerEmitter, MAX_SHIFT } from "./emitter.ts";
import type { LinearSource } from "./linear-source.ts";
import {
  type AccumulationDetails,
  type AccumulatorSource,
  type Affine,
  half,
  type Quantised,
} from "./quantiser-types.ts";

export interface Term {
  /** An 8-bit value, or a linear node whose sums join at full precision. */
  readonly operand: Quantised | LinearSource;
  readonly factor: Factors;
}

/** Bits of the multipliers that bring 8-bit terms to one scale. */
const MULTIPLIER_BITS = 9;

/** `offset + Σ factor · value` in int32 at a common scale. */
export class SumSource implements AccumulatorSource {
  readonly #emitter: IntegerEmitter;
  readonly #terms: readonly Term[];
  readonly #offset: Factors;

  constructor(emitter: IntegerEmitter, terms: readonly Term[], offset: Factors) {
    this.#emitter = emitter;
    this.#terms = terms;
    this.#offset = offset;
  }

  fit(scale: number, affine: Affine): number {
    // Finer than a linear term's weights can follow, the scale would need a multiplier for them.
    const least = this.#terms.map(({ operand, factor }) => {
      if ("value" in operand) return 0;
      return operand.fit(0, { factor: affine.factor * (factor.data[0] as number), offset: 0 });
    });
    return maximum(least, scale);
  }

  accumulate(
    name: string,
    target: Quantisation,
    affine: Affine,
  ): Accumulated & AccumulationDetails {
    const shift = this.#shift(target.scale, affine);
    const zero = target.zeroPoint * 2 ** shift + half(shift);
    const { value, scaleError } = this.#sum(name, target.scale / 2 ** shift, affine, zero);
    const shifts = { shape: [], exponents: [shift] };
    return { value, shifts, multiplierBits: MULTIPLIER_BITS, scaleError };
  }

  wide(
    name: string,
    affine: Affine,
  ): { readonly value: ValueName; readonly scale: number } & AccumulationDetails {
    const coarsest = this.fit(
      maximum(
        this.#terms.map(({ operand, factor }) =>
          "value" in operand
            ? operand.scale * largestMagnitude(factor.data) * Math.abs(affine.factor)
            : 0,
        ),
      ),
      affine,
    );
    const scale = coarsest / 2 ** this.#shift(coarsest, affine);
    return { scale, ...this.#sum(name, scale, affine, 0) };
  }

  /** The finest common scale below `scale` at which every term keeps its bits. */
  #shift(scale: number, { factor }: Affine): number {
    const limits = this.#terms.map((term) => {
      const most = Math.abs(factor) * largestMagnitude(term.factor.data);
      if (!("value" in term.operand)) return term.operand.maxShift(scale, most);
      const ratio = (most * term.operand.scale) / scale;
      return ratio > 0 ? Math.floor(MULTIPLIER_BITS - Math.log2(ratio)) : MAX_SHIFT;
    });
    return Math.max(
      limits.reduce((a, b) => Math.min(a, b), MAX_SHIFT),
      0,
    );
  }

  /** @param zero added to every sum, in its units. */
  #sum(
    name: string,
    unit: number,
    affine: Affine,
    zero: number,
  ): { readonly value: ValueName; readonly scaleError: number } {
    const emitter = this.#emitter;
    let addend: Factors = {
      shape: this.#offset.shape,
      data: Float64Array.from(
        this.#offset.data,
        (value) => (affine.factor * value + affine.offset) / unit + zero,
      ),
    };
    let scaleError = 0;
    const parts = this.#terms.map(({ operand, factor }, index) => {
      const part = `${name}/${index}`;
      if (!("value" in operand)) {
        const all = affine.factor * (factor.data[0] as number);
        const { value, shape, bias } = operand.emitAt(part, unit, all);
        addend = plus(addend, { shape, data: bias });
        return value;
      }
      const exact = Array.from(
        factor.data,
        (value) => (affine.factor * value * operand.scale) / unit,
      );
      const multipliers = exact.map(Math.round);
      scaleError = maximum(
        exact.map((value, i) =>
          value === 0 ? 0 : Math.abs((multipliers[i] as number) / value - 1),
        ),
        scaleError,
      );
      const zeros = multipliers.map((multiplier) => -multiplier * operand.zeroPoint);
      addend = plus(addend, { shape: factor.shape, data: zeros });
      const wide = emitter.cast(part, operand.value, "int32");
      return emitter.times(`${part}/scale`, wide, factor.shape, multipliers);
    });
    const total = parts.reduce((a, b) => emitter.add(`${name}/add`, { op: "Add", inputs: [a, b] }));
    const rounded = Array.from(addend.data, Math.round);
    return { value: emitter.plus(`${name}/sum`, total, addend.shape, rounded), scaleError };
  }
}

function plus(a: Factors, b: Factors): Factors {
  return combine(a, b, (x, y) => x + y);
}

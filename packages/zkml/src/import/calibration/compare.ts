import type { Quantisation } from "../float/float-graph.ts";
import type { ComparisonReport, ErrorReport } from "../report/report.ts";

/** Accumulates how far integers are from the real values that they stand for. */
export class ErrorMeter {
  #signal = 0;
  #noise = 0;
  #largest = 0;
  #saturated = 0;
  #count = 0;
  readonly #quantisation: Quantisation;
  readonly #least: number;
  readonly #most: number;

  /** @param narrow whether the integers are uint8 and can saturate. */
  constructor(quantisation: Quantisation, narrow: boolean) {
    const { scale, zeroPoint } = quantisation;
    this.#quantisation = quantisation;
    this.#least = narrow ? scale * (-zeroPoint - 0.5) : Number.NEGATIVE_INFINITY;
    this.#most = narrow ? scale * (255 - zeroPoint + 0.5) : Number.POSITIVE_INFINITY;
  }

  add(real: ArrayLike<number>, integers: ArrayLike<number>): void {
    const { scale, zeroPoint } = this.#quantisation;
    for (let i = 0; i < real.length; i++) {
      const value = real[i] as number;
      const error = value - scale * ((integers[i] as number) - zeroPoint);
      this.#signal += value ** 2;
      this.#noise += error ** 2;
      this.#largest = Math.max(this.#largest, Math.abs(error));
      if (value < this.#least || value > this.#most) this.#saturated++;
    }
    this.#count += real.length;
  }

  finish(): ErrorReport {
    const decibels = 10 * Math.log10(this.#signal / this.#noise);
    return {
      sqnrDb: Number.isFinite(decibels) ? decibels : null,
      maxError: this.#largest,
      saturatedShare: this.#count > 0 ? this.#saturated / this.#count : 0,
    };
  }
}

/** Compares the classes that two models choose, sample by sample. */
export class ClassMeter {
  #samples = 0;
  #agreeing = 0;
  #floatRight = 0;
  #integerRight = 0;
  #labelled = 0;
  readonly #labels: ArrayLike<number> | undefined;

  constructor(labels: ArrayLike<number> | undefined) {
    this.#labels = labels;
  }

  add(sample: number, float: number, integer: number): void {
    this.#samples++;
    if (float === integer) this.#agreeing++;
    const label = this.#labels?.[sample];
    if (label === undefined) return;
    this.#labelled++;
    if (float === label) this.#floatRight++;
    if (integer === label) this.#integerRight++;
  }

  finish(samples: number, errors: ErrorReport): ComparisonReport {
    const report = {
      ...errors,
      samples,
      top1Agreement: this.#samples > 0 ? this.#agreeing / this.#samples : null,
    };
    if (this.#labelled === 0) return report;
    const floatAccuracy = this.#floatRight / this.#labelled;
    const integerAccuracy = this.#integerRight / this.#labelled;
    const pointsLost = 100 * (floatAccuracy - integerAccuracy);
    return { ...report, floatAccuracy, integerAccuracy, pointsLost };
  }
}

/** Index of the largest of `count` elements from `start`; the first one when several are equal. */
export function argMax(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if ((values[start + i] as number) > (values[start + best] as number)) best = i;
  }
  return best;
}

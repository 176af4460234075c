const BINS = 2048;

/** Distribution of a value over the calibration samples. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  /** Counts of BINS equal bins from `min` to `max`. */
  readonly histogram: Float64Array;
}

/** Collects a range first and a histogram over that range in a second run of the same data. */
export class StatisticsCollector {
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #count = 0;
  readonly #histogram = new Float64Array(BINS);

  /** @returns the index of an element that is not finite, or -1. */
  addRange(values: ArrayLike<number>): number {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) return i;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
    }
    return -1;
  }

  addHistogram(values: ArrayLike<number>): void {
    const scale = this.#max > this.#min ? BINS / (this.#max - this.#min) : 0;
    for (let i = 0; i < values.length; i++) {
      const bin = Math.floor(((values[i] as number) - this.#min) * scale);
      const index = Math.min(Math.max(bin, 0), BINS - 1);
      this.#histogram[index] = (this.#histogram[index] as number) + 1;
    }
    this.#count += values.length;
  }

  finish(): Statistics {
    const { min, max } = { min: this.#min, max: this.#max };
    return { min, max, count: this.#count, histogram: this.#histogram };
  }
}

/** Middle of a bin. */
export function binCentre({ min, max, histogram }: Statistics, bin: number): number {
  return min + ((max - min) * (bin + 0.5)) / histogram.length;
}

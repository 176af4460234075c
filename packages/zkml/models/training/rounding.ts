import type { Layer } from "./layer.ts";

/** Rounds every parameter to a multiple of 1 / `steps`. */
export function roundParameters(layers: readonly Layer[], steps: number): void {
  for (const { values } of layers.flatMap(({ parameters }) => parameters)) {
    for (let i = 0; i < values.length; i++) {
      values[i] = Math.round((values[i] as number) * steps) / steps;
    }
  }
}

/**
 * Runs `measure` with the weights of every layer on a symmetric grid of 2^bits − 1 values that its
 * largest weight spans, and puts them back.
 */
export function withFewBits<T>(layers: readonly Layer[], bits: number, measure: () => T): T {
  const weights = layers
    .flatMap(({ parameters }) => parameters)
    .filter(({ isWeight }) => isWeight)
    .map(({ values }) => ({ values, kept: Float64Array.from(values) }));
  const most = 2 ** (bits - 1) - 1;
  for (const { values } of weights) {
    const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    for (let i = 0; i < values.length; i++) {
      values[i] = (Math.round(((values[i] as number) * most) / largest) * largest) / most;
    }
  }
  try {
    return measure();
  } finally {
    for (const { values, kept } of weights) values.set(kept);
  }
}

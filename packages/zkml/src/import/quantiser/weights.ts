import type { LinearNode } from "../float/float-graph.ts";
import { maximum } from "../numbers.ts";

/** Weight noise this far below the weights themselves is lost in that of 8-bit activations. */
const ENOUGH_DECIBELS = 30;
const FEWEST_BITS = 4;
/** 8-bit kernels of some processors saturate with larger weights. */
export const MOST_BITS = 7;

/** The largest magnitude of a signed weight. */
export function largestWeight(bits: number): number {
  return 2 ** (bits - 1) - 1;
}

/** Output channel of each weight. */
export function channelOf({ convolution, weights, bias }: LinearNode): (index: number) => number {
  const channels = bias.length;
  if (convolution === undefined) return (index) => index % channels;
  const taps = weights.length / channels;
  return (index) => Math.floor(index / taps);
}

/** Largest magnitude of the weights of each channel. */
export function channelMaxima(node: LinearNode): Float64Array {
  const channel = channelOf(node);
  const maxima = new Float64Array(node.bias.length);
  for (let i = 0; i < node.weights.length; i++) {
    const c = channel(i);
    maxima[c] = Math.max(maxima[c] as number, Math.abs(node.weights[i] as number));
  }
  return maxima;
}

/** Fewest bits whose rounding noise stays 30 dB below the weights. */
export function chooseWeightBits(node: LinearNode): number {
  const largest = maximum(channelMaxima(node));
  for (let bits = FEWEST_BITS; bits < MOST_BITS; bits++) {
    if (noiseDecibels(node.weights, largest / largestWeight(bits)) >= ENOUGH_DECIBELS) return bits;
  }
  return MOST_BITS;
}

function noiseDecibels(weights: Float64Array, step: number): number {
  let signal = 0;
  let noise = 0;
  for (const weight of weights) {
    signal += weight ** 2;
    noise += (weight - step * Math.round(weight / step)) ** 2;
  }
  return noise > 0 ? 10 * Math.log10(signal / noise) : Number.POSITIVE_INFINITY;
}

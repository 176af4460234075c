import type { Quantisation } from "./float/float-graph.ts";
import { roundHalfEven } from "./float/fold-quantised.ts";

/**
 * Real inputs as the uint8 values that an imported model takes: `x / scale + zeroPoint`, rounded
 * to nearest with ties to even, and clamped to [0, 255].
 */
export function quantiseInput(
  values: ArrayLike<number>,
  { scale, zeroPoint }: Quantisation,
): Uint8Array {
  const q = new Uint8Array(values.length);
  for (let i = 0; i < q.length; i++) {
    const level = roundHalfEven((values[i] as number) / scale) + zeroPoint;
    q[i] = Math.min(Math.max(level, 0), 255);
  }
  return q;
}

/** Integers that an imported model puts out as real values: `scale · (q − zeroPoint)`. */
export function dequantiseOutput(
  integers: ArrayLike<number>,
  { scale, zeroPoint }: Quantisation,
): Float64Array {
  return Float64Array.from(integers, (q) => scale * (q - zeroPoint));
}

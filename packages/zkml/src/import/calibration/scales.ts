import type { Quantisation } from "../float/float-graph.ts";
import { binCentre, type Statistics } from "./statistics.ts";

/** How the range of a value is chosen from its distribution. */
export type CalibrationMethod = "minmax" | "percentile" | "mse";

export const CALIBRATION_METHODS: readonly CalibrationMethod[] = ["minmax", "percentile", "mse"];

const LEVELS = 255;
/** Share of elements left out on either side. */
const TAIL = 1e-4;
/** Fractions of the full range that the search for the least squared error tries. */
const FRACTIONS = Array.from({ length: 36 }, (_, i) => 1 - i * 0.02);

/** Scale and zero point of a uint8 value; zero is always exact, and zero point 0 where nothing is negative. */
export function chooseQuantisation(
  statistics: Statistics,
  method: CalibrationMethod,
): Quantisation {
  if (method === "percentile") return fromRange(...percentiles(statistics));
  const [low, high] = [Math.min(statistics.min, 0), Math.max(statistics.max, 0)];
  if (method === "minmax") return fromRange(low, high);
  let best = fromRange(low, high);
  let least = squaredError(statistics, best);
  for (const fraction of FRACTIONS) {
    const candidate = fromRange(low * fraction, high * fraction);
    const error = squaredError(statistics, candidate);
    if (error < least) [best, least] = [candidate, error];
  }
  return best;
}

export function fromRange(low: number, high: number): Quantisation {
  const [from, to] = [Math.min(low, 0), Math.max(high, 0)];
  const scale = (to - from) / LEVELS;
  // A value that is always zero needs no particular scale.
  if (!(scale > 0)) return { scale: 1, zeroPoint: 0 };
  return { scale, zeroPoint: Math.max(Math.round(-from / scale), 0) };
}

function percentiles(statistics: Statistics): [number, number] {
  const { histogram, count } = statistics;
  const tail = TAIL * count;
  let low = 0;
  for (let sum = 0; low < histogram.length - 1; low++) {
    sum += histogram[low] as number;
    if (sum > tail) break;
  }
  let high = histogram.length - 1;
  for (let sum = 0; high > low; high--) {
    sum += histogram[high] as number;
    if (sum > tail) break;
  }
  return [binCentre(statistics, low), binCentre(statistics, high)];
}

function squaredError(statistics: Statistics, { scale, zeroPoint }: Quantisation): number {
  const { histogram } = statistics;
  let total = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    const weight = histogram[bin] as number;
    if (weight === 0) continue;
    const value = binCentre(statistics, bin);
    const q = Math.min(Math.max(Math.round(value / scale) + zeroPoint, 0), LEVELS);
    total += weight * (value - scale * (q - zeroPoint)) ** 2;
  }
  return total;
}

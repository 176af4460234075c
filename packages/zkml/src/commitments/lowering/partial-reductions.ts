import { ZkmlError } from "../../errors/zkml-error.ts";
import type { Reduction } from "./reduction.ts";

/** Most terms that one step adds: what a referee computes in one transaction. */
export const MAX_STEP_TERMS = 4096;
/** Most chunks of one operand that one step reads: 16 KiB of call data. */
export const MAX_STEP_CHUNKS = 16;
/** Most runs that one step gathers: up to some 10,000 gas each, and a step shall stay below 1.5 million. */
export const MAX_STEP_RUNS = 96;

/** Most parts of one node: a window far larger than its image must not make a program of millions. */
export const MAX_PARTS = 4096;

/** A half-open range of the flattened reduction index. */
export interface ReductionRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The ranges into which a reduction is split, so that each adds at most `MAX_STEP_TERMS` terms in at
 * most `MAX_STEP_RUNS` runs and reads at most `MAX_STEP_CHUNKS` chunks of either operand, wherever in a
 * chunk they begin: as few as possible, from the first term on each as long as possible; whole kernel rows when that makes no more.
 * One range when nothing has to be split.
 * @param node Named in the error.
 * @throws ZkmlError MODEL_TOO_LARGE for a reduction that takes more than `MAX_PARTS`.
 */
export function splitReduction(reduction: Reduction, node: string): ReductionRange[] {
  const { terms, unit } = reduction;
  if (fits(reduction, { from: 0, to: terms })) return [{ from: 0, to: terms }];
  const countless = terms > MAX_PARTS * MAX_STEP_TERMS;
  const byTerm = countless ? undefined : rangesOf(reduction, 1);
  if (byTerm === undefined) {
    throw new ZkmlError(
      "MODEL_TOO_LARGE",
      `node "${node}" reduces ${terms} elements at a time, which takes more than ${MAX_PARTS} steps; reduce them in several nodes`,
      { node, terms, limit: MAX_PARTS },
    );
  }
  const byRow = unit > 1 ? rangesOf(reduction, unit) : undefined;
  return byRow !== undefined && byRow.length <= byTerm.length ? byRow : byTerm;
}

/**
 * Most chunks of each operand that one output element's terms of this range lie in, whatever element
 * and wherever in a chunk it begins. Terms that lie less than a chunk apart are one run: s places
 * from its first to its last meet at most 1 + ⌈(s − 1) / n⌉ chunks of n elements, and never more
 * than it has terms. Terms further apart share no chunk.
 */
export function chunksAtMost({ operands }: Reduction, { from, to }: ReductionRange): number[] {
  return operands.map(({ perChunk, offset }) => {
    const offsets = Float64Array.from({ length: to - from }, (_, i) => offset(from + i)).sort();
    let [chunks, start] = [0, 0];
    for (let end = 1; end <= offsets.length; end++) {
      const last = offsets[end - 1] as number;
      if (end < offsets.length && (offsets[end] as number) - last < perChunk) continue;
      const places = last - (offsets[start] as number) + 1;
      chunks += Math.min(end - start, 1 + Math.ceil((places - 1) / perChunk));
      start = end;
    }
    return chunks;
  });
}

function fits(reduction: Reduction, range: ReductionRange): boolean {
  if (range.to - range.from > MAX_STEP_TERMS) return false;
  if (
    Math.floor((range.to - 1) / reduction.run) - Math.floor(range.from / reduction.run) >=
    MAX_STEP_RUNS
  )
    return false;
  return chunksAtMost(reduction, range).every((chunks) => chunks <= MAX_STEP_CHUNKS);
}

/** Ranges of whole units; undefined when one unit alone does not fit, or they are too many. */
function rangesOf(reduction: Reduction, unit: number): ReductionRange[] | undefined {
  const ranges: ReductionRange[] = [];
  let guess = Math.floor(MAX_STEP_TERMS / unit);
  for (let from = 0; from < reduction.terms; from = ranges.at(-1)?.to as number) {
    const left = Math.ceil((reduction.terms - from) / unit);
    const end = (units: number) => Math.min(from + units * unit, reduction.terms);
    const most = Math.min(left, Math.floor(MAX_STEP_TERMS / unit));
    // One part after the other tends to be as long.
    guess = largest(most, guess, (count) => fits(reduction, { from, to: end(count) }));
    if (guess === 0 || ranges.length === MAX_PARTS) return undefined;
    ranges.push({ from, to: end(guess) });
  }
  return ranges;
}

/** Largest number up to `most` that fits, when all below one that fits do; 0 when none does. */
function largest(most: number, guess: number, fit: (count: number) => boolean): number {
  let [low, high] = [0, most];
  if (guess < most && fit(guess) && !fit(guess + 1)) return guess;
  if (guess >= most && fit(most)) return most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fit(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

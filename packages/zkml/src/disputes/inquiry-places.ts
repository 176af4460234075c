import { treeDepth } from "../commitments/hash-tree.ts";
import { type LoweredProgram, traceLength, valueOfEntry } from "../commitments/lowered-program.ts";
import { chunkCount } from "./trace-evidence.ts";

/** Where a question points: codes of the contract's enum `Place`. */
export const PLACES = { trace: 0, tensors: 1, tensor: 2, chunks: 3, chunk: 4 } as const;

export type PlaceName = keyof typeof PLACES;

/** Levels of a tree that one answer opens, where there are so many: 16 nodes. */
export const STEP_LEVELS = 4;

/** Where an inquiry stands: at a node of a tree, `height` levels above its leaves. */
export interface Standing {
  readonly place: PlaceName;
  readonly height: number;
  /** First leaf below the node. */
  readonly index: number;
}

/** The first question is for the trace root. */
export const FIRST_QUESTION: Standing = { place: "trace", height: 0, index: 0 };

/** Where the nodes of an answer stand. @param leaves Of the tree that the question leads into. */
export function afterAnswer(question: Standing, leaves: number): Standing {
  const { place, height, index } = question;
  const enters = { trace: "tensors", tensor: "chunks" } as const;
  if (place === "trace" || place === "tensor") {
    const depth = treeDepth(leaves);
    return { place: enters[place], height: depth - levelsBelow(depth), index: 0 };
  }
  return { place, height: height - levelsBelow(height), index };
}

/** The question below node `child` of an answer's nodes. */
export function afterQuestion({ place, height, index }: Standing, child: number): Standing {
  const leaf = { tensors: "tensor", chunks: "chunk" } as const;
  const below = index + child * 2 ** height;
  if (height > 0 || (place !== "tensors" && place !== "chunks")) {
    return { place, height, index: below };
  }
  return { place: leaf[place], height, index: below };
}

/** Levels that an answer opens below a node of this height. */
export function levelsBelow(height: number): number {
  return Math.min(STEP_LEVELS, height);
}

/**
 * Most answers that a provider has to give until an inquiry into a trace with as many tensors, and
 * the headers, of this program has reached a chunk.
 */
export function inquiryRounds(program: LoweredProgram): number {
  const count = traceLength(program);
  const largest = Array.from({ length: count }, (_, entry) => {
    const value = program.values[valueOfEntry(program, entry)];
    return value === undefined ? 1 : chunkCount(value);
  }).reduce((most, chunks) => Math.max(most, chunks), 1);
  return roundsThrough(count) + roundsThrough(largest) + 1;
}

/** Answers that lead from the root of a tree to a leaf; its root alone takes one. */
function roundsThrough(leaves: number): number {
  return Math.max(1, Math.ceil(treeDepth(leaves) / STEP_LEVELS));
}

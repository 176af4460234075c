import type { LoweredProgram, ProgramNode, ProgramValue } from "../commitments/lowered-program.ts";
import { chunksAtMost } from "../commitments/lowering/partial-reductions.ts";
import { reductionOf } from "../commitments/lowering/reduction.ts";

/** What one step needs at most, whichever output element it computes. */
export interface StepCost {
  /** Terms that it adds, or compares; 1 where there is nothing to add. */
  readonly terms: number;
  /** Chunks of each operand. */
  readonly chunks: readonly number[];
}

/** Bounds of what a step reads; a lowered program keeps them within its caps. */
export function stepCost(
  program: LoweredProgram,
  { node, range, operands }: ProgramNode,
): StepCost {
  const reduction = reductionOf(
    node,
    operands.map((id) => program.values[id] as ProgramValue),
  );
  if (reduction === undefined) {
    // An ArgMax compares two elements; every other step reads one element of an operand at most.
    const each = node.op === "ArgMax" ? 2 : 1;
    return { terms: each, chunks: operands.map(() => each) };
  }
  const terms = range ?? { from: 0, to: reduction.terms };
  const chunks = chunksAtMost(reduction, terms);
  // The sum of the parts before.
  const before = operands.slice(chunks.length).map(() => 1);
  return { terms: terms.to - terms.from, chunks: [...chunks, ...before] };
}

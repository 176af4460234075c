import type { CommittedTensor, CommittedTrace } from "../commitments/committed-trace.ts";
import { type LoweredProgram, traceEntry } from "../commitments/lowered-program.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";
import type { ProgramOpening, TensorOpening } from "./evidence-types.ts";
import { openProgram } from "./step-evidence.ts";

/** A zero-knowledge proof about an input, and the output that a trace has for it; ProofEvidence in contracts/types/Trace.sol. */
export interface ProofEvidence {
  readonly program: ProgramOpening;
  readonly traceTree: Uint8Array;
  readonly input: TensorOpening;
  readonly output: TensorOpening;
  /** Eight words, as contracts take them. */
  readonly proof: readonly bigint[];
  readonly outputCommitment: bigint;
}

/** What a circuit proved of the input: `commitTensor` of the right output. */
export type ProvenOutput = Pick<ProofEvidence, "proof" | "outputCommitment">;

/**
 * Opens the input and the output of a trace for a proof of another output.
 * @param ordered The input that was ordered; absent in lanes that state none, where the input is the trace's first tensor.
 */
export function proofEvidence(
  program: LoweredProgram,
  trace: CommittedTrace,
  { proof, outputCommitment }: ProvenOutput,
  ordered?: CommittedTensor,
): ProofEvidence {
  const output = program.outputs[0] as number;
  return {
    program: openProgram(program),
    traceTree: trace.tree.root,
    input: ordered === undefined ? inTrace(program, trace, 0) : openWhole(program, 0, ordered),
    output: inTrace(program, trace, output),
    proof,
    outputCommitment,
  };
}

function inTrace(program: LoweredProgram, trace: CommittedTrace, id: number): TensorOpening {
  const entry = traceEntry(program, id);
  const tensor = trace.tensors[entry] as CommittedTensor;
  return { ...openWhole(program, id, tensor), siblings: trace.tree.siblings(entry) };
}

function openWhole(program: LoweredProgram, id: number, tensor: CommittedTensor): TensorOpening {
  const { header, packed, chunks } = tensor;
  const chunkIndices = Array.from({ length: packed.length / CHUNK_BYTES }, (_, i) => i);
  return {
    header,
    headerSiblings: program.valueTree.siblings(id),
    chunkRoot: chunks.root,
    siblings: [],
    chunkIndices,
    chunks: packed,
    // The filling behind the last chunk.
    chunkProof: chunks.multiproof(chunkIndices),
  };
}

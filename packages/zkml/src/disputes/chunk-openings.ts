import type { CommittedTensor, CommittedTrace } from "../commitments/committed-trace.ts";
import { type LoweredProgram, traceEntry } from "../commitments/lowered-program.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";
import type { ProgramOpening, TensorOpening } from "./evidence-types.ts";
import { openProgram } from "./step-evidence.ts";

/** Chunks of the output, as they lie in a trace. */
export interface OutputOpening {
  readonly program: ProgramOpening;
  /** Root over the tensor roots. */
  readonly traceTree: Uint8Array;
  readonly output: TensorOpening;
}

/**
 * Chunks `first` to `first + count` of a tensor that stands for itself, as an input is ordered.
 * @throws RangeError when the tensor does not have them, or for no chunk.
 */
export function openChunks(tensor: CommittedTensor, first: number, count: number): TensorOpening {
  const { header, packed, chunks } = tensor;
  const total = packed.length / CHUNK_BYTES;
  const inside = Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count > 0;
  if (!inside || first + count > total) {
    throw new RangeError(`a tensor of ${total} chunks has no ${count} chunks from ${first}`);
  }
  const chunkIndices = Array.from({ length: count }, (_, i) => first + i);
  return {
    header,
    headerSiblings: [],
    chunkRoot: chunks.root,
    siblings: [],
    chunkIndices,
    chunks: packed.slice(first * CHUNK_BYTES, (first + count) * CHUNK_BYTES),
    chunkProof: chunks.multiproof(chunkIndices),
  };
}

/**
 * Likewise of the program's first output in a trace.
 * @throws RangeError as `openChunks`, and for an output that is a constant: it is none of the trace.
 */
export function openOutput(
  program: LoweredProgram,
  { tensors, tree }: CommittedTrace,
  first: number,
  count: number,
): OutputOpening {
  const id = program.outputs[0] as number;
  const entry = traceEntry(program, id);
  const output = {
    ...openChunks(tensors[entry] as CommittedTensor, first, count),
    headerSiblings: program.valueTree.siblings(id),
    siblings: tree.siblings(entry),
  };
  return { program: openProgram(program), traceTree: tree.root, output };
}

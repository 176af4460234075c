import type { CommittedTensor, CommittedTrace } from "../commitments/committed-trace.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";

/**
 * A trace as far as evidence has to open it. A committed trace answers for every part; what an
 * inquiry learned answers for one path, and takes all that lies before it from the right trace.
 */
export interface SuspectTrace {
  /** Number of tensors that its root was made with. */
  readonly count: number;
  /** Root over the tensor roots. */
  readonly treeRoot: Uint8Array;
  /** Hash of the leaf at this place; zero where there is no tensor. */
  leaf(entry: number): Uint8Array;
  /** Siblings of a leaf, from the leaf up. */
  siblings(entry: number): readonly Uint8Array[];
  /** What that leaf is the hash of. */
  tensorRoot(entry: number): Uint8Array;
  tensor(entry: number): SuspectTensor;
}

/** One tensor of it. */
export interface SuspectTensor {
  /** That its root was made with. */
  readonly header: Uint8Array;
  /** Root over its chunks. */
  readonly chunkRoot: Uint8Array;
  chunk(index: number): Uint8Array;
  /** Hash of the leaf at this place; zero where there is no chunk. */
  chunkLeaf(index: number): Uint8Array;
  /** Siblings of a leaf, from the leaf up. */
  chunkSiblings(index: number): readonly Uint8Array[];
  /** As `HashTree.multiproof`; of one chunk these are its siblings. */
  chunkProof(indices: readonly number[]): readonly Uint8Array[];
}

/** A trace of which everything is known. */
export function knownTrace({ tensors, tree }: CommittedTrace): SuspectTrace {
  const tensor = (entry: number): CommittedTensor => tensors[entry] as CommittedTensor;
  return {
    count: tensors.length,
    treeRoot: tree.root,
    leaf: (entry) => tree.node(0, entry),
    siblings: (entry) => tree.siblings(entry),
    tensorRoot: (entry) => tensor(entry).root,
    tensor: (entry) => knownTensor(tensor(entry)),
  };
}

/** A tensor of which everything is known. */
export function knownTensor({ header, packed, chunks }: CommittedTensor): SuspectTensor {
  return {
    header,
    chunkRoot: chunks.root,
    chunk: (index) => packed.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
    chunkLeaf: (index) => chunks.node(0, index),
    chunkSiblings: (index) => chunks.siblings(index),
    chunkProof: (indices) => chunks.multiproof(indices),
  };
}

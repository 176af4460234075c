import type { Hex } from "./hash.ts";
import type { HashTree } from "./hash-tree.ts";

/** A tensor as it was committed to, with what opens any part of it. */
export interface CommittedTensor {
  /** Element type, layout, rank and dimensions: `encodeTensorHeader`. */
  readonly header: Uint8Array;
  /** The elements as `packTensor` lays them out: whole chunks. */
  readonly packed: Uint8Array;
  /** Over the chunks. */
  readonly chunks: HashTree;
  /** keccak(0x02 ‖ header ‖ root over the chunks). */
  readonly root: Uint8Array;
}

/** Every tensor of a run, in the order of the trace: inputs, then the outputs of the program's nodes. */
export interface CommittedTrace {
  readonly tensors: readonly CommittedTensor[];
  /** Over the tensor roots, each hashed as a leaf. */
  readonly tree: HashTree;
  /** keccak(0x05 ‖ number of tensors, 4 bytes ‖ root of the tree). */
  readonly root: Hex;
}

// The members are those of contracts/types/Trace.sol, in its order; hashes have 32 bytes.

/** The program root, opened to its two trees. */
export interface ProgramOpening {
  readonly header: Uint8Array;
  readonly values: Uint8Array;
  readonly nodes: Uint8Array;
}

/** A tensor of the trace or of the weights, and some of its chunks. */
export interface TensorOpening {
  readonly header: Uint8Array;
  readonly headerSiblings: readonly Uint8Array[];
  readonly chunkRoot: Uint8Array;
  readonly siblings: readonly Uint8Array[];
  /** Ascending. */
  readonly chunkIndices: readonly number[];
  readonly chunks: Uint8Array;
  readonly chunkProof: readonly Uint8Array[];
}

/** One element of one node's output, and all that it is computed from. */
export interface StepEvidence {
  readonly program: ProgramOpening;
  readonly traceTree: Uint8Array;
  readonly weightsTree: Uint8Array;
  readonly nodeIndex: number;
  readonly node: Uint8Array;
  readonly nodeSiblings: readonly Uint8Array[];
  readonly element: number;
  readonly hint: number;
  readonly output: TensorOpening;
  readonly operands: readonly TensorOpening[];
}

/** What can be wrong with a trace beside its elements: codes of the contract's enum. */
export const TRACE_FAULTS = {
  count: 0,
  input: 1,
  output: 2,
  header: 3,
  tensorFiller: 4,
  chunkFiller: 5,
  padding: 6,
} as const;

export type TraceFaultName = keyof typeof TRACE_FAULTS;

/** Proof of such a fault; members that it does not need are empty. */
export interface TraceEvidence {
  readonly fault: number;
  readonly program: ProgramOpening;
  readonly count: number;
  readonly traceTree: Uint8Array;
  readonly index: number;
  readonly header: Uint8Array;
  readonly valueHeader: Uint8Array;
  readonly valueSiblings: readonly Uint8Array[];
  readonly chunkRoot: Uint8Array;
  readonly siblings: readonly Uint8Array[];
  readonly tensorRoot: Uint8Array;
  readonly chunkIndex: number;
  readonly chunk: Uint8Array;
  readonly chunkSiblings: readonly Uint8Array[];
}

import { AbiCoder, type BytesLike, ParamType } from "ethers";

// The members are those of contracts/types/Trace.sol, in its order; hashes have 32 bytes.

/** A program root, opened to its two trees. */
export interface ProgramOpening {
  readonly header: BytesLike;
  readonly values: BytesLike;
  readonly nodes: BytesLike;
}

/** A tensor of the trace or of the weights, and some of its chunks. */
export interface TensorOpening {
  readonly header: BytesLike;
  readonly headerSiblings: readonly BytesLike[];
  readonly chunkRoot: BytesLike;
  readonly siblings: readonly BytesLike[];
  /** Ascending. */
  readonly chunkIndices: readonly number[];
  /** 1,024 bytes for each index. */
  readonly chunks: BytesLike;
  readonly chunkProof: readonly BytesLike[];
}

/** One element of one node's output, and all that it is computed from. */
export interface StepEvidence {
  readonly program: ProgramOpening;
  readonly traceTree: BytesLike;
  readonly weightsTree: BytesLike;
  readonly nodeIndex: number;
  readonly node: BytesLike;
  readonly nodeSiblings: readonly BytesLike[];
  readonly element: number;
  readonly hint: number;
  readonly output: TensorOpening;
  readonly operands: readonly TensorOpening[];
}

/** What can be wrong with a trace beside its elements. Values are those of the contracts' `TraceFault`. */
export const TraceFault = {
  Count: 0,
  Input: 1,
  Output: 2,
  Header: 3,
  TensorFiller: 4,
  ChunkFiller: 5,
  Padding: 6,
} as const;
export type TraceFault = (typeof TraceFault)[keyof typeof TraceFault];

/** Proof of such a fault; members that it does not need are empty. */
export interface TraceEvidence {
  readonly fault: number;
  readonly program: ProgramOpening;
  readonly count: number;
  readonly traceTree: BytesLike;
  readonly index: number;
  readonly header: BytesLike;
  readonly valueHeader: BytesLike;
  readonly valueSiblings: readonly BytesLike[];
  readonly chunkRoot: BytesLike;
  readonly siblings: readonly BytesLike[];
  readonly tensorRoot: BytesLike;
  readonly chunkIndex: number;
  readonly chunk: BytesLike;
  readonly chunkSiblings: readonly BytesLike[];
}

/** A zero-knowledge proof about an input, and the output that the trace has for it. */
export interface ProofEvidence {
  readonly program: ProgramOpening;
  readonly traceTree: BytesLike;
  /** With every chunk; without siblings where the input was ordered. */
  readonly input: TensorOpening;
  /** With every chunk. */
  readonly output: TensorOpening;
  /** Eight words. */
  readonly proof: readonly bigint[];
  /** Poseidon commitment to the output that was proved. */
  readonly outputCommitment: bigint;
}

const PROGRAM = "tuple(bytes header, bytes32 values, bytes32 nodes)";

const TENSOR =
  "tuple(bytes header, bytes32[] headerSiblings, bytes32 chunkRoot, bytes32[] siblings, " +
  "uint32[] chunkIndices, bytes chunks, bytes32[] chunkProof)";

const STEP = ParamType.from(
  `tuple(${PROGRAM} program, bytes32 traceTree, bytes32 weightsTree, uint32 nodeIndex, bytes node, ` +
    `bytes32[] nodeSiblings, uint32 element, uint32 hint, ${TENSOR} output, ${TENSOR}[] operands)`,
);

const TRACE = ParamType.from(
  `tuple(uint8 fault, ${PROGRAM} program, uint32 count, bytes32 traceTree, uint32 index, bytes header, ` +
    "bytes valueHeader, bytes32[] valueSiblings, bytes32 chunkRoot, bytes32[] siblings, bytes32 tensorRoot, " +
    "uint32 chunkIndex, bytes chunk, bytes32[] chunkSiblings)",
);

const PROOF = ParamType.from(
  `tuple(${PROGRAM} program, bytes32 traceTree, ${TENSOR} input, ${TENSOR} output, uint256[8] proof, ` +
    "uint256 outputCommitment)",
);

/** The argument `evidence` of `OperatorReferee.isWrongStep`. */
export function encodeStepEvidence(evidence: StepEvidence): string {
  return AbiCoder.defaultAbiCoder().encode([STEP], [evidence]);
}

/** The argument `evidence` of `TraceReferee.isWrongTrace`. */
export function encodeTraceEvidence(evidence: TraceEvidence): string {
  return AbiCoder.defaultAbiCoder().encode([TRACE], [evidence]);
}

/** The argument `evidence` of `ProofReferee.contradicts`. */
export function encodeProofEvidence(evidence: ProofEvidence): string {
  return AbiCoder.defaultAbiCoder().encode([PROOF], [evidence]);
}

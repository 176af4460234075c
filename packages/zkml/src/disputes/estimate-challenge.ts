import type { LoweredProgram, ProgramNode } from "../commitments/lowered-program.ts";
import { stepEvidenceSize, traceEvidenceSize } from "./evidence-size.ts";
import type { StepEvidence, TensorOpening, TraceEvidence } from "./evidence-types.ts";
import type { Fault } from "./find-fault.ts";
import { stepCost } from "./step-cost.ts";

/** What convicting costs. */
export interface ChallengeEstimate {
  /** Of the transaction, the claim that names the result among them. */
  readonly calldataBytes: number;
  /** Rough, and rather too much. */
  readonly gas: number;
}

/** Selector, market, salt, and a claim of any lane. */
const CLAIM_BYTES = 800;
/** Intrinsic gas of a transaction. */
const TRANSACTION = 21_000;
/** Of a byte of call data that is zero, and of one that is not. */
const CALLDATA = { zero: 4, nonZero: 16 };
/** Least price of the same, however little is computed (EIP-7623). */
const CALLDATA_FLOOR = { zero: 10, nonZero: 40 };
// Rounded up from what the referees use; a term costs more only where its weights lie scattered.

/** Reading the result, opening the program, storing the verdict. */
const VERDICT = 180_000;
const PER_TERM = 40;
const PER_CHUNK = 4_500;
const PER_SIBLING = 1_000;
/** Of a chunk that is searched byte by byte for one that is not zero. */
const PER_BYTE = 300;

/** Call data and gas of the transaction that convicts with this fault. */
export function estimateChallenge(program: LoweredProgram, fault: Fault): ChallengeEstimate {
  const size =
    fault.kind === "step" ? stepEvidenceSize(fault.evidence) : traceEvidenceSize(fault.evidence);
  const nonZero = size.nonZero + CLAIM_BYTES / 2;
  const calldataBytes = size.bytes + CLAIM_BYTES;
  const price = (of: typeof CALLDATA) => of.nonZero * nonZero + of.zero * (calldataBytes - nonZero);
  const work = fault.kind === "step" ? stepGas(program, fault.evidence) : traceGas(fault.evidence);
  const gas = Math.max(price(CALLDATA) + VERDICT + work, price(CALLDATA_FLOOR));
  return { calldataBytes, gas: TRANSACTION + Math.ceil(gas) };
}

function stepGas(program: LoweredProgram, evidence: StepEvidence): number {
  const { terms } = stepCost(program, program.nodes[evidence.nodeIndex] as ProgramNode);
  const tensors: TensorOpening[] = [evidence.output, ...evidence.operands];
  const work = tensors.map(({ chunkIndices, headerSiblings, siblings, chunkProof }) => {
    const hashes = headerSiblings.length + siblings.length + chunkProof.length;
    return PER_CHUNK * chunkIndices.length + PER_SIBLING * hashes;
  });
  return work.reduce((sum, gas) => sum + gas, PER_TERM * terms);
}

function traceGas({ valueSiblings, siblings, chunk, chunkSiblings }: TraceEvidence): number {
  const hashes = valueSiblings.length + siblings.length + chunkSiblings.length;
  return PER_CHUNK + PER_SIBLING * hashes + PER_BYTE * chunk.length;
}

import type { QueuedProof } from "../../core/ports/state.ts";
import { NodeError } from "../../shared/errors.ts";

const SIGNALS = ["context", "input commitment", "output commitment"] as const;

export function publicSignalMismatch(index: number): NodeError {
  const signal = SIGNALS[index] ?? `public signal ${index}`;
  return new NodeError(
    "OUTPUT_MISMATCH",
    `the proof is about another ${signal} than the job's; it was not submitted`,
    { signal },
  );
}

export function queueClosed(): NodeError {
  return new NodeError("CLOSED", "the proof queue was closed");
}

export function proofAbandoned(
  { jobId, attempts, lastError }: QueuedProof,
  cause?: unknown,
): NodeError {
  return new NodeError(
    "PROOF_ABANDONED",
    `the proof failed ${attempts} times, last with ${lastError ?? "no reason"}; it is not tried again`,
    { jobId, attempts },
    { cause },
  );
}

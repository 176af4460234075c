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

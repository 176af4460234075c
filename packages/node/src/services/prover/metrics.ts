import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = [
  "proofs",
  "resumed",
  "rejected",
  "failures",
  "interrupted",
  "abandoned",
  "dropped",
  "milliseconds",
  "witnessMilliseconds",
  "proveMilliseconds",
  "peakMemoryMiB",
] as const;

export type ProverMetrics = Counters<(typeof NAMES)[number]>;
export const createProverMetrics = (): ProverMetrics => createCounters(NAMES);

import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = ["proofs", "resumed", "rejected", "milliseconds"] as const;

export type ProverMetrics = Counters<(typeof NAMES)[number]>;
export const createProverMetrics = (): ProverMetrics => createCounters(NAMES);

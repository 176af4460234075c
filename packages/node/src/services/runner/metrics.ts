import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = [
  "runs",
  "declined",
  "resumed",
  "disagreements",
  "milliseconds",
  "inputsDemanded",
  "inputsWithheld",
] as const;

export type RunnerMetrics = Counters<(typeof NAMES)[number]>;
export const createRunnerMetrics = (): RunnerMetrics => createCounters(NAMES);

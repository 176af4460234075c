import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = [
  "submitted",
  "landed",
  "alreadyDone",
  "refused",
  "failed",
  "resent",
  "gasUsed",
] as const;

export type SubmitterMetrics = Counters<(typeof NAMES)[number]>;
export const createSubmitterMetrics = (): SubmitterMetrics => createCounters(NAMES);

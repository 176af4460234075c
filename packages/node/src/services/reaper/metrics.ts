import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = ["timeOuts", "refunds", "late"] as const;

export type ReaperMetrics = Counters<(typeof NAMES)[number]>;
export const createReaperMetrics = (): ReaperMetrics => createCounters(NAMES);

import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = ["settled", "held", "withdrawals"] as const;

export type SettlerMetrics = Counters<(typeof NAMES)[number]>;
export const createSettlerMetrics = (): SettlerMetrics => createCounters(NAMES);

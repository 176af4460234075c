import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = ["reveals", "bootstraps", "fallbacks", "reports", "late"] as const;

export type BeaconMetrics = Counters<(typeof NAMES)[number]>;
export const createBeaconMetrics = (): BeaconMetrics => createCounters(NAMES);

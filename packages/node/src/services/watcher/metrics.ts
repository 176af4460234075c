import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = ["polls", "blocks", "events", "rewinds"] as const;

export type WatcherMetrics = Counters<(typeof NAMES)[number]>;
export const createWatcherMetrics = (): WatcherMetrics => createCounters(NAMES);

import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = ["tracked", "finished", "steps", "stepFailures", "abandoned"] as const;

export type SchedulerMetrics = Counters<(typeof NAMES)[number]>;
export const createSchedulerMetrics = (): SchedulerMetrics => createCounters(NAMES);

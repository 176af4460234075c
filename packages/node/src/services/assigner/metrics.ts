import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = ["draws", "drawnByOthers", "accepted", "declined"] as const;

export type AssignerMetrics = Counters<(typeof NAMES)[number]>;
export const createAssignerMetrics = (): AssignerMetrics => createCounters(NAMES);

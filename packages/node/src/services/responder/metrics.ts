import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = [
  "inquiries",
  "demands",
  "answers",
  "published",
  "bondsCollected",
  "won",
  "lost",
  "missed",
  "recomputed",
  "failures",
] as const;

export type ResponderMetrics = Counters<(typeof NAMES)[number]>;
export const createResponderMetrics = (): ResponderMetrics => createCounters(NAMES);

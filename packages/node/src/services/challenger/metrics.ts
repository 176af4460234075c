import { type Counters, createCounters } from "../../shared/metrics.ts";

const NAMES = [
  "seen",
  "skipped",
  "verified",
  "unavailable",
  "uncheckable",
  "expired",
  "convicted",
  "outrun",
  "inquiryLost",
  "dryRun",
  "mismatches",
  "tooDear",
  "evidenceCommitted",
  "challenged",
  "inquiriesOpened",
  "questionsAsked",
  "silencesClaimed",
  "bondsCollected",
  "failures",
  "milliseconds",
] as const;

export type ChallengerMetrics = Counters<(typeof NAMES)[number]>;
export const createChallengerMetrics = (): ChallengerMetrics => createCounters(NAMES);

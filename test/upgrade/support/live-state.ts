import { ATTESTATIONS } from "./live-attestations.ts";
import { BATCHES, CLAIMED_BATCHES } from "./live-batches.ts";
import { FUNDS } from "./live-funds.ts";
import { DRAWN_JOBS, JOBS, OVERDUE_JOBS } from "./live-jobs.ts";
import { DRAWN_QUORUMS, OVERDUE_QUORUMS, QUORUMS } from "./live-quorums.ts";
import { CLOSING_SESSIONS, SESSIONS } from "./live-sessions.ts";
import type { World } from "./world.ts";

/** Something that is under way when the protocol is upgraded. Whatever can be under way has an entry in LIVE. */
export interface Live {
  readonly name: string;
  /** Brings it about, before the upgrade. What it returns ends it as it should end, after the upgrade, and checks that. */
  readonly begin: (world: World) => Promise<Ending>;
}
export type Ending = () => Promise<void>;

/**
 * All that is under way in the rehearsal, in the order in which it begins. What ends by waiting begins first, because
 * the last ends first: jobs for a draw, whose epoch would pass.
 */
export const LIVE: readonly Live[] = [
  ...[...FUNDS, ...ATTESTATIONS],
  ...[...CLAIMED_BATCHES, ...CLOSING_SESSIONS, ...OVERDUE_QUORUMS, ...OVERDUE_JOBS],
  ...[...BATCHES, ...SESSIONS, ...QUORUMS, ...JOBS],
  ...[...DRAWN_QUORUMS, ...DRAWN_JOBS],
];

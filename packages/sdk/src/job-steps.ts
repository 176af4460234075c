import { AUCTION_DRAW_DELAY, biddingClosesAt, closingEpoch, isAuctionOpen } from "./auctions.ts";
import type { Lattice } from "./client.ts";
import { chainTime } from "./clock.ts";
import type { Job } from "./jobs.ts";
import { AssignmentMode, JobState, type Order } from "./order.ts";
import { type QuorumJob, QuorumState } from "./quorum.ts";

/** What anyone may call once the deadline of a state has passed. */
export type DeadlineCall = "refund" | "timeOut" | "settle";

/** The call that the deadline of `state` opens; undefined for final states, which have none. */
export function deadlineCall(state: JobState): DeadlineCall | undefined {
  if (state === JobState.Posted) return "refund";
  if (state === JobState.Assigned || state === JobState.Committed) return "timeOut";
  return state === JobState.Challengeable ? "settle" : undefined;
}

/** How a posted job gets its provider, and the first epoch whose seed may draw it. */
export type Assignment =
  | { readonly call: "accept"; readonly provider: string }
  | { readonly call: "assign"; readonly epoch: bigint }
  | { readonly call: "award"; readonly epoch: bigint; readonly closingEpoch: bigint }
  | { readonly call: "bid"; readonly closesAt: number };

/** What a posted job waits for: the named provider, more bids, or the seed of an epoch (which may be there). */
export async function assignmentOf(
  lattice: Pick<Lattice, "beacon" | "token">,
  job: Job,
  order: Order,
): Promise<Assignment> {
  if (order.mode === AssignmentMode.Direct) return { call: "accept", provider: order.provider };
  if (!isAuctionOpen(job, order)) return { call: "assign", epoch: job.drawEpoch };
  const closesAt = biddingClosesAt(job, order);
  const closing = await closingEpoch(lattice, closesAt);
  if (closing === undefined) return { call: "bid", closesAt };
  return { call: "award", closingEpoch: closing, epoch: closing + AUCTION_DRAW_DELAY };
}

/** True while nobody can know the seed of `drawEpoch`, so that its requester may take a drawn order back. */
export async function isSeedUnknown(
  { beacon }: Pick<Lattice, "beacon">,
  drawEpoch: bigint,
): Promise<boolean> {
  // As of now: the window for the next seed opens with time alone. The next seed may be known to its leader.
  return (await beacon.nextDrawEpoch({ blockTag: "pending" })) + 1n <= drawEpoch;
}

/** Whether the requester may take its posted order back now. */
export async function canCancel(
  lattice: Pick<Lattice, "beacon" | "token">,
  job: Job,
  order: Order,
): Promise<boolean> {
  if (job.state !== JobState.Posted) return false;
  if (order.mode === AssignmentMode.Direct) return true;
  if (isAuctionOpen(job, order)) return (await chainTime(lattice)) < biddingClosesAt(job, order);
  return await isSeedUnknown(lattice, job.drawEpoch);
}

/**
 * Unix seconds from which anyone may end the round of a redundant job: zero when that is now, whatever the time;
 * undefined when there is no round to end.
 */
export function finalisableAt(
  { state, deadline, members }: QuorumJob,
  { proveSeconds }: Pick<Order, "proveSeconds">,
): number | undefined {
  const committed = members.filter((member) => member.committed);
  if (state === QuorumState.Committing) {
    // Without a majority of commitments nothing is revealed, so nobody waits for it.
    return 2 * committed.length > members.length ? deadline + proveSeconds : deadline;
  }
  if (state !== QuorumState.Revealing) return undefined;
  return committed.every(({ revealed }) => revealed) ? 0 : deadline;
}

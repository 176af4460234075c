import type { Lattice } from "./client.ts";
import { chainTime } from "./clock.ts";
import type { Job } from "./jobs.ts";
import { AssignmentMode, JobState, type Order } from "./order.ts";

/** Epochs from the close of bidding to the seed that draws the winner, as in the contracts. */
export const AUCTION_DRAW_DELAY = 3n;

/** A bid of an auction. */
export interface Bid {
  readonly provider: string;
  /** All legs included, smallest token unit. */
  readonly price: bigint;
  /** Capped free stake in whole LAT times price advantage in millionths: the chance to win is its share of the sum. */
  readonly weight: bigint;
}

/** True until an auction is awarded or ended: once it was opened again, its job is drawn from the pool. */
export function isAuctionOpen(
  { state, attempt }: Pick<Job, "state" | "attempt">,
  { mode }: Pick<Order, "mode">,
): boolean {
  return mode === AssignmentMode.Auction && state === JobState.Posted && attempt === 0;
}

/** Unix seconds at which the bidding of an open auction closes. */
export function biddingClosesAt(
  { deadline }: Pick<Job, "deadline">,
  { assignSeconds }: Pick<Order, "assignSeconds">,
): number {
  return deadline - assignSeconds;
}

/** Bids for a job, in the order in which they came. */
export async function readBids(
  { matchmaker, addresses }: Pick<Lattice, "matchmaker" | "addresses">,
  jobId: bigint,
): Promise<Bid[]> {
  const bids = await matchmaker.bidsOf(addresses.contracts.JobMarket, jobId);
  return bids.map(({ provider, price, weight }) => ({ provider, price, weight }));
}

/**
 * The epoch that was current when bidding closed, which `JobMarket.award` asks for; undefined while bidding goes on.
 * @param closesAt Unix seconds.
 */
export async function closingEpoch(
  lattice: Pick<Lattice, "beacon" | "token">,
  closesAt: number,
): Promise<bigint | undefined> {
  const { beacon } = lattice;
  if ((await chainTime(lattice)) < closesAt) return undefined;
  const beganBefore = async (epoch: bigint) =>
    Number((await beacon.epochInfo(epoch)).startedAt) < closesAt;
  // Looks back in growing steps, then halves: epochs begin in their order.
  let above = (await beacon.currentEpoch()) + 1n;
  let found = above - 1n;
  for (let step = 1n; found > 0n && !(await beganBefore(found)); step *= 2n) {
    above = found;
    found = found > step ? found - step : 0n;
  }
  while (above - found > 1n) {
    const middle = (above + found) / 2n;
    if (await beganBefore(middle)) found = middle;
    else above = middle;
  }
  return found;
}

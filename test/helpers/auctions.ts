import { AssignmentMode, type Order } from "@lattice/sdk";
import { advanceEpoch } from "./epochs.ts";
import { drawOrder, type Marketplace, post } from "./orders.ts";
import type { Signer } from "./system.ts";

/** An auction of the requester that anyone with stake may bid for. */
export async function auctionOrder(
  system: Marketplace,
  changes: Partial<Order> = {},
): Promise<Order> {
  return drawOrder(system, { mode: AssignmentMode.Auction, bidSeconds: 120, ...changes });
}

/** Posts an auction. */
export async function postAuction(system: Marketplace, changes: Partial<Order> = {}) {
  const order = await auctionOrder(system, changes);
  const jobId = await post(system, order);
  const { deadline } = await system.market.jobOf(jobId);
  return { order, jobId, closesAt: deadline - BigInt(order.assignSeconds) };
}

/** Bids `price` as `provider`. */
export function bid(
  { matchmaker, market }: Marketplace,
  provider: Signer,
  order: Order,
  price: bigint,
) {
  return matchmaker.connect(provider).bid(market, order, price);
}

/** Moves the clock to the close of bidding and begins the epochs until the seed that awards. Returns the closing epoch. */
export async function closeBidding(system: Marketplace, closesAt: bigint): Promise<bigint> {
  const closingEpoch = await system.beacon.currentEpoch();
  await system.chain.networkHelpers.time.increaseTo(closesAt);
  for (let epochs = 0; epochs < 3; epochs++) await advanceEpoch(system);
  return closingEpoch;
}

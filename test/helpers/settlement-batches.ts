import { hashOrder, type Order, type Rejection, type ServedOrder } from "@lattice/sdk";
import { expect } from "chai";
import { claim, orderOf, recordOf, serve } from "./settlement.ts";
import type { Lane } from "./settlement-lane.ts";

/** Orders of Rita and Rob with these changes, in this order. */
export async function serveAll(
  system: Lane,
  jobs: readonly (readonly [who: "rita" | "rob", changes?: Partial<Order>])[],
): Promise<ServedOrder[]> {
  const served: ServedOrder[] = [];
  for (const [who, changes] of jobs) {
    const signer = system.actors[who];
    served.push(await serve(system, signer, await orderOf(system, signer, changes)));
  }
  return served;
}

/** Expects that of `served` just those at `left` are left out, for `reason`, and that what stays is listed as if alone. */
export async function expectLeftOut(
  system: Lane,
  served: readonly ServedOrder[],
  left: readonly number[],
  reason: Rejection,
) {
  const { transaction, record, accepted } = await claim(system, served);
  const stay = served.filter((_, i) => !left.includes(i));
  const claimedAt = await system.chain.networkHelpers.time.latest();
  expect(record).to.deep.equal(await recordOf(system, stay, claimedAt));
  const mask = served.reduce((sum, _, i) => (left.includes(i) ? sum : sum | (1n << BigInt(i))), 0n);
  expect(accepted).to.equal(mask);
  const { settlement } = system;
  const told = await settlement.queryFilter(
    settlement.filters.ItemRejected(),
    transaction.blockNumber ?? undefined,
  );
  expect(told.map(({ args }) => [args.index, args.orderHash, args.reason])).to.deep.equal(
    left.map((i) => [BigInt(i), hashOrder((served[i] as ServedOrder).order), BigInt(reason)]),
  );
}

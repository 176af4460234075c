import { type BatchRecord, hashBatchRecord, type ServedOrder } from "@lattice/sdk";
import { expect } from "chai";
import { LAT } from "../../helpers/custody.ts";
import { ASKS } from "../../helpers/orders.ts";
import { claim, claimOf, orderOf, serve } from "../../helpers/settlement.ts";
import { expectPaid, split } from "./books.ts";
import type { Live } from "./live-state.ts";
import { type World, waitUntil } from "./world.ts";

const COLLATERAL = 20n * LAT;
/** Outlasts an upgrade and its rollback. */
const PATIENT_SECONDS = 3_600;

/** Orders of the requester that Ada served. */
async function served(world: World, count: number, challengeSeconds: number) {
  const { actors } = world;
  const orders: ServedOrder[] = [];
  for (let i = 0; i < count; ++i) {
    const terms = { maxPrice: 2n * LAT, collateral: COLLATERAL, challengeSeconds };
    const order = await orderOf(world, actors.requester, terms);
    orders.push(await serve(world, actors.requester, order));
  }
  return orders;
}

/** Claims all of them as Ada. */
async function claimAll(world: World, orders: readonly ServedOrder[]): Promise<BatchRecord> {
  const { record, accepted } = await claim(world, orders);
  if (!record) throw new Error("nothing was claimed");
  expect(accepted).to.equal((1n << BigInt(orders.length)) - 1n);
  return record;
}

/** Releases a batch once its window is over: paid to the unit, its collateral free, and that only once. */
async function release(world: World, record: BatchRecord) {
  const { settlement, vault, registry, actors } = world;
  const batchId = hashBatchRecord(record);
  expect(await settlement.isOpen(batchId)).to.equal(true);
  await waitUntil(world, record.releaseAt);
  const locked = await vault.lockedBy(actors.ada, registry, settlement);
  const { provider, royalty, fee } = split(record.count * ASKS.ada);
  const stranger = settlement.connect(actors.stranger);
  await expectPaid(world, () => stranger.release(record), { ada: provider, royalty, fee });
  expect(locked - (await vault.lockedBy(actors.ada, registry, settlement))).to.equal(
    record.count * COLLATERAL,
  );
  await expect(stranger.release(record))
    .to.be.revertedWithCustomError(settlement, "OrderSettlementNotOpen")
    .withArgs(batchId);
}

/** Batches of which time alone is left to wait for. */
export const CLAIMED_BATCHES: Live[] = [
  {
    name: "a batch of bonded results that was claimed is released",
    begin: async (world) => {
      const orders = await served(world, 3, PATIENT_SECONDS);
      const record = await claimAll(world, orders);
      return async () => {
        // What was claimed once is claimed nowhere else.
        const again = world.settlement.connect(world.actors.ada).claim;
        const [, accepted] = await again.staticCall(...claimOf(world, orders));
        expect(accepted).to.equal(0n);
        await release(world, record);
      };
    },
  },
];

export const BATCHES: Live[] = [
  {
    name: "orders that were signed and served are claimed, and released",
    begin: async (world) => {
      const orders = await served(world, 2, 60);
      return async () => release(world, await claimAll(world, orders));
    },
  },
];

import { type ServedOrder, settlementBatch } from "@lattice/sdk";
import type { Result } from "ethers";
import type { BatchRecordStruct } from "../../../../typechain-types/contracts/interfaces/IOrderSettlement.ts";
import type { Figures } from "../figures.ts";
import { gasOf, perJob } from "../measure.ts";
import { fundedRequesters, type Place, type Requester } from "../place.ts";
import type { Proofs } from "../proofs.ts";
import { type ProvenOrder, proveMany, serveMany } from "../serving.ts";
import { verifyGas } from "./verification.ts";

const BATCH = 32;
const DISTINCT = 64;

/** Signed orders settled in batches, bonded and proven. */
export async function measureBatches(place: Place, proofs: Proofs): Promise<Figures> {
  const { takeSnapshot } = place.chain.networkHelpers;
  const parts = [measureOneRequester, measureDistinct, measureProven];
  const figures: Figures[] = [];
  for (const measure of parts) {
    const snapshot = await takeSnapshot();
    figures.push(await measure(place, proofs));
    await snapshot.restore();
  }
  return Object.assign({}, ...figures);
}

async function measureOneRequester(place: Place): Promise<Figures> {
  const { requester } = place.actors;
  const served = await serveMany(place, Array<Requester>(BATCH).fill(requester));
  const [first, second] = await inBothStates(
    place,
    () => settleBonded(place, served),
    // An earlier order of the same word of nonces, and another one's that is still open.
    async () => {
      const [earlier, open] = await serveMany(place, [requester, requester], BATCH);
      await settleBonded(place, [earlier as ServedOrder]);
      await claim(place, [open as ServedOrder]);
    },
  );
  return {
    signedBatch32FirstUse: perJob(first.claim + first.release, BATCH),
    signedBatch32: perJob(second.claim + second.release, BATCH),
    "signedBatch32.claim": second.claim,
    "signedBatch32.release": second.release,
  };
}

async function measureDistinct(place: Place): Promise<Figures> {
  const requesters = await fundedRequesters(place, DISTINCT);
  const served = await serveMany(place, requesters, DISTINCT);
  const [first, second] = await inBothStates(
    place,
    () => settleBonded(place, served),
    async () => {
      await settleBonded(place, await serveMany(place, requesters));
      await claim(place, await serveMany(place, [place.actors.requester], 2 * DISTINCT));
    },
  );
  return {
    signedBatch64DistinctFirstUse: perJob(first.claim + first.release, DISTINCT),
    signedBatch64Distinct: perJob(second.claim + second.release, DISTINCT),
    "signedBatch64Distinct.claim": second.claim,
    "signedBatch64Distinct.release": second.release,
  };
}

async function measureProven(place: Place, proofs: Proofs): Promise<Figures> {
  const proven = await proveMany(place, proofs, BATCH);
  const earlier = await proveMany(place, proofs, 1, BATCH);
  const [first, second] = await inBothStates(
    place,
    () => settleProven(place, proven),
    () => settleProven(place, earlier),
  );
  const [single] = await proveMany(place, proofs, 1, BATCH + 1);
  if (!single) throw new Error("There is no order to settle alone.");
  const alone = await settleProven(place, [single]);
  return {
    zkBatch32AllInFirstUse: perJob(first, BATCH),
    zkBatch32AllIn: perJob(second, BATCH),
    zkSingleAllIn: alone,
    zkSingleWithoutProof: alone - (await verifyGas(place, single.proof, single.statement)),
  };
}

/** Measures with accounts as they are, then again after `warmUp`. */
async function inBothStates<T>(
  place: Place,
  measure: () => Promise<T>,
  warmUp: () => Promise<unknown>,
): Promise<readonly [first: T, second: T]> {
  const snapshot = await place.chain.networkHelpers.takeSnapshot();
  const first = await measure();
  await snapshot.restore();
  await warmUp();
  return [first, await measure()];
}

/** Claims and, once the window passed, releases. */
async function settleBonded(place: Place, served: readonly ServedOrder[]) {
  const { settlement, actors, chain } = place;
  const claimed = await claim(place, served);
  await chain.networkHelpers.time.increaseTo(claimed.record.releaseAt);
  const release = await gasOf(settlement.connect(actors.stranger).release(claimed.record));
  return { claim: claimed.gas, release };
}

/** Ada claims the orders in one batch, which all of them get into. */
export async function claim({ settlement, actors }: Place, served: readonly ServedOrder[]) {
  const { terms, items, walletSignatures } = settlementBatch(actors.ada.address, served);
  const sent = await settlement.connect(actors.ada).claim(terms, [...items], [...walletSignatures]);
  const gas = await gasOf(sent);
  const block = sent.blockNumber ?? undefined;
  const [event] = await settlement.queryFilter(settlement.filters.BatchClaimed(), block, block);
  requireAll(event?.args.accepted, served.length);
  // The event's struct is a list with names; the call takes it by names.
  const record = event?.args.record as unknown as Result;
  return { gas, record: record.toObject() as unknown as BatchRecordStruct };
}

async function settleProven(
  { settlement, actors }: Place,
  proven: readonly ProvenOrder[],
): Promise<number> {
  const served = proven.map((order) => order.served);
  const { terms, items, walletSignatures } = settlementBatch(actors.ada.address, served);
  const words = proven.map(({ proof }) => proof);
  const sent = await settlement
    .connect(actors.ada)
    .settleProven(terms, [...items], [...walletSignatures], words);
  const gas = await gasOf(sent);
  const block = sent.blockNumber ?? undefined;
  const [event] = await settlement.queryFilter(settlement.filters.BatchProved(), block, block);
  requireAll(event?.args.accepted, proven.length);
  return gas;
}

/** An item that was left out would cost less than one that was paid. */
function requireAll(accepted: bigint | undefined, count: number): void {
  if (accepted !== (1n << BigInt(count)) - 1n) {
    throw new Error(`Of ${count} items, those accepted were ${(accepted ?? 0n).toString(2)}.`);
  }
}

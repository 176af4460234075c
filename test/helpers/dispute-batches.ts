import {
  type BatchRecord,
  batchClaim,
  batchJobOf,
  hashOrder,
  recordWithout,
  type ServedOrder,
} from "@lattice/sdk";
import { id, parseEther, ZeroHash } from "ethers";
import { evidenceOf } from "./dispute-cases.ts";
import { claim, orderOf, serve } from "./settlement.ts";
import { COLLATERAL, deployLane } from "./settlement-lane.ts";
import type { Chain, Signer } from "./system.ts";

export type BatchCase = Awaited<ReturnType<typeof batchCase>>;

/** A batch of Ada's with three jobs, of which Rita ordered two and Rob one; each with another collateral. */
export async function batchCase(chain: Chain) {
  const lane = await deployLane(chain);
  const { rita, rob, stranger, ben, ada } = lane.actors;
  const served: ServedOrder[] = [];
  for (const [i, requester] of [rita, rob, rita].entries()) {
    const order = await orderOf(lane, requester, { collateral: COLLATERAL * BigInt(i + 1) });
    served.push(await serve(lane, requester, order));
  }
  const { record } = await claim(lane, served);
  if (!record) throw new Error("nothing was claimed");
  for (const person of [stranger, ben, ada, rita]) {
    await lane.lat.transfer(person, parseEther("500"));
    await lane.lat.connect(person).approve(lane.disputes, parseEther("500"));
  }
  return { ...lane, lane, served, record, challenger: stranger, rival: ben };
}

/** Claim of the job at `index` of the batch as it stands in `record`. */
export function claimAt({ served }: Pick<BatchCase, "served">, record: BatchRecord, index: number) {
  const job = batchJobOf(record, served, index);
  return { job, ...batchClaim(job) };
}

/** What the job's trace is held against. */
export function rootsAt({ served }: Pick<BatchCase, "served">, index: number): string[] {
  const { order, outputCommitment = "", outputDigest = "" } = served[index] ?? {};
  return [
    id("program"),
    id("weights"),
    order?.inputCommitment ?? ZeroHash,
    outputCommitment,
    outputDigest,
  ];
}

/** Convicts the job at `index`. */
export async function convictAt(
  base: BatchCase,
  record: BatchRecord,
  index: number,
  challenger: Signer = base.challenger,
) {
  const { claim: encoded } = claimAt(base, record, index);
  return base.disputes
    .connect(challenger)
    .challengeStep(base.settlement, encoded, evidenceOf(rootsAt(base, index)), ZeroHash);
}

/** The batch after the job at `index` was taken out. */
export function recordAfter({ served }: BatchCase, record: BatchRecord, index: number) {
  const order = served[index]?.order;
  if (!order) throw new RangeError(`There is no job ${index}.`);
  return recordWithout(record, order);
}

/** Hash of the order of the job at `index`. */
export function orderHashAt({ served }: BatchCase, index: number): string {
  const order = served[index]?.order;
  if (!order) throw new RangeError(`There is no job ${index}.`);
  return hashOrder(order);
}

import {
  AssignmentMode,
  type BatchRecord,
  batchJob,
  hashOrder,
  jobsRoot,
  ORDER_DEFAULTS,
  ORDER_TYPES,
  type Order,
  type ServedOrder,
  settlementBatch,
  Tier,
} from "@lattice/sdk";
import type { HardhatEthersSigner as Signer } from "@nomicfoundation/hardhat-ethers/types";
import { type BaseContract, id, type Result, type TypedDataDomain, toBeHex } from "ethers";
import {
  ASK,
  CHALLENGE_SECONDS,
  COLLATERAL,
  type Key,
  type Lane,
  MAX_PRICE,
  ROYALTY_PPM,
} from "./settlement-lane.ts";

/** Whose orders these are: Ada's. */
interface Served {
  readonly actors: Pick<Lane["actors"], "ada">;
}

let nextNonce = 0n;

/** An order of `requester` that names Ada, bonded; each call takes another nonce. */
export async function orderOf(
  {
    modelVersion,
    token,
    actors,
  }: Pick<Lane, "modelVersion"> & Served & { readonly token: BaseContract },
  requester: { readonly address: string },
  changes: Partial<Order> = {},
): Promise<Order> {
  const nonce = nextNonce++;
  return {
    ...ORDER_DEFAULTS,
    requester: requester.address,
    nonce,
    modelVersion,
    inputCommitment: toBeHex(1000n + nonce, 32),
    inputDigest: id(`input ${nonce}`),
    paymentToken: await token.getAddress(),
    maxPrice: MAX_PRICE,
    collateral: COLLATERAL,
    tier: Tier.Optimistic,
    mode: AssignmentMode.Direct,
    provider: actors.ada.address,
    assignSeconds: 0,
    commitSeconds: 0,
    proveSeconds: 0,
    challengeSeconds: CHALLENGE_SECONDS,
    ...changes,
  };
}

/** Signs `order` in the lane's domain, or one with `changes`, and makes up a result. */
export async function serve(
  lane: Pick<Lane, "domain">,
  signer: Key,
  order: Order,
  changes: Partial<ServedOrder> = {},
  domain: Partial<TypedDataDomain> = {},
): Promise<ServedOrder> {
  return {
    order,
    signature: await signer.signTypedData({ ...lane.domain, ...domain }, ORDER_TYPES, order),
    outputCommitment: toBeHex(2000n + order.nonce, 32),
    outputDigest: id(`trace ${order.nonce}`),
    ...changes,
  };
}

/** `count` signed orders of `signer`. */
export async function serveMany(
  lane: Lane,
  signer: Key,
  count: number,
  changes: Partial<Order> = {},
): Promise<ServedOrder[]> {
  const served: ServedOrder[] = [];
  for (let i = 0; i < count; ++i) {
    served.push(await serve(lane, signer, await orderOf(lane, signer, changes)));
  }
  return served;
}

/** Arguments of `claim`. */
export function claimOf(lane: Served, served: readonly ServedOrder[], provider = lane.actors.ada) {
  const { terms, items, walletSignatures } = settlementBatch(provider.address, served);
  return [terms, items, walletSignatures] as const;
}

/** Claims as Ada. Returns the batch and what its event said. */
export async function claim(
  lane: Pick<Lane, "settlement"> & Served,
  served: readonly ServedOrder[],
  provider: Signer = lane.actors.ada,
) {
  const { settlement } = lane;
  const transaction = await settlement.connect(provider).claim(...claimOf(lane, served, provider));
  const [event] = await settlement.queryFilter(
    settlement.filters.BatchClaimed(),
    transaction.blockNumber ?? undefined,
  );
  const told = event?.args.record as unknown as Result | undefined;
  const record = told?.toObject() as BatchRecord | undefined;
  return { transaction, record, accepted: event?.args.accepted ?? 0n };
}

/** The record that the claim of these orders, all accepted, leaves behind. */
export async function recordOf(
  lane: Lane,
  served: readonly ServedOrder[],
  claimedAt: number,
): Promise<BatchRecord> {
  const jobs = served.map(({ order, outputCommitment, outputDigest }, i) =>
    batchJob(i, hashOrder(order), outputCommitment, outputDigest),
  );
  return {
    provider: lane.actors.ada.address,
    token: await lane.token.getAddress(),
    payout: lane.actors.adaPayout.address,
    royaltyRecipient: lane.actors.royalties.address,
    price: ASK,
    count: BigInt(served.length),
    collateral: served.reduce((sum, { order }) => sum + order.collateral, 0n),
    releaseAt:
      BigInt(claimedAt) + BigInt(Math.max(...served.map(({ order }) => order.challengeSeconds))),
    royaltyPpm: ROYALTY_PPM,
    protocolFeePpm: 50_000n,
    jobsRoot: jobsRoot(jobs),
  };
}

/** How a total is split at the lane's rates. */
export function legsOf(total: bigint) {
  const publisher = (total * ROYALTY_PPM) / 1_000_000n;
  const fee = (total * 50_000n + 999_999n) / 1_000_000n;
  return { provider: total - publisher - fee, publisher, fee, refund: 0n };
}

export async function depositOf({ escrow, token }: Lane, owner: { address: string }) {
  return (await escrow.accountOf(owner.address, token)).deposit;
}

export async function earningsOf({ escrow, token }: Lane, owner: string) {
  return (await escrow.accountOf(owner, token)).earnings;
}

/** An entry of `lockUnits`: an owner and how many units. */
export function lockEntry(owner: { readonly address: string }, units: number): bigint {
  return (BigInt(owner.address) << 96n) | BigInt(units);
}

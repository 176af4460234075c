import { AbiCoder, keccak256, Signature, toBeHex, ZeroHash } from "ethers";
import { AssignmentMode, type Order, Tier } from "./order.ts";
import { type LatticeDomain, latticeDomain, SIGNING_DOMAINS } from "./signing/domain.ts";

/** Why an item was left out of its batch. Values are those of the contracts' `Rejection`. */
export const Rejection = {
  None: 0,
  Expired: 1,
  PriceAboveMaximum: 2,
  CollateralTooLow: 3,
  InvalidWindow: 4,
  InvalidInput: 5,
  InvalidOutput: 6,
  NonceUsed: 7,
  WrongSlot: 8,
  InvalidSignature: 9,
  StakeTooLow: 10,
  SponsorshipTooLow: 11,
  LaneNotAllowed: 12,
  DepositTooLow: 13,
  InvalidProof: 14,
} as const;
export type Rejection = (typeof Rejection)[keyof typeof Rejection];

/** Name of a rejection, for people. */
export function rejectionName(reason: number | bigint): string {
  const found = Object.entries(Rejection).find(([, value]) => value === Number(reason));
  return found ? found[0] : `Unknown(${reason})`;
}

/** What orders of one requester share, as the contract takes it: short members share words. */
export interface BatchRequester {
  /** Requester, then maximum price in the lower 96 bits. */
  readonly payment: bigint;
  /** Sponsor, then collateral in the lower 96 bits. */
  readonly backing: bigint;
}

/** What all orders of a batch share, and whose they are. */
export interface BatchTerms {
  readonly modelVersion: string;
  readonly paymentToken: string;
  readonly mode: AssignmentMode;
  readonly epoch: bigint;
  readonly requesters: BatchRequester[];
}

/** One order of a batch, its signature and its result, as the contract takes them: short members share words. */
export interface BatchItem {
  /** Index among the requesters, then nonce in 64 bits, then `validUntil` in 40, then `challengeSeconds` in 32. */
  readonly limits: bigint;
  readonly inputCommitment: string;
  readonly inputDigest: string;
  readonly outputCommitment: string;
  readonly outputDigest: string;
  readonly r: string;
  readonly vs: string;
}

/** A bonded batch that waits for its window; emitted when it was claimed, given back to release it. */
export interface BatchRecord {
  readonly provider: string;
  readonly token: string;
  readonly payout: string;
  readonly royaltyRecipient: string;
  readonly price: bigint;
  readonly count: bigint;
  readonly collateral: bigint;
  readonly releaseAt: bigint;
  readonly royaltyPpm: bigint;
  readonly protocolFeePpm: bigint;
  readonly jobsRoot: string;
}

/** A signed order and what came of it. */
export interface ServedOrder {
  readonly order: Order;
  /** 65 or 64 bytes of ECDSA or, when `isWallet`, whatever the requester's contract judges. */
  readonly signature: string;
  /** The requester is a contract that judges its signatures itself (ERC-1271). */
  readonly isWallet?: boolean;
  readonly outputCommitment: string;
  readonly outputDigest: string;
}

/** Arguments of `IOrderSettlement.claim` and, with proofs, of `settleProven`. */
export interface SettlementBatch {
  readonly terms: BatchTerms;
  readonly items: BatchItem[];
  readonly walletSignatures: string[];
}

/** EIP-712 domain in which orders of this lane are signed. */
export function settlementDomain(chainId: bigint | number, settlement: string): LatticeDomain {
  return latticeDomain(SIGNING_DOMAINS.OrderSettlement, { chainId, verifyingContract: settlement });
}

/**
 * Builds a batch. Throws RangeError for orders that this lane cannot express, which would settle as nothing but
 * rejected signatures: their terms differ, they name another provider, or have windows that this lane does not have.
 */
export function settlementBatch(provider: string, served: readonly ServedOrder[]): SettlementBatch {
  const first = served[0]?.order;
  if (!first) throw new RangeError("A batch has at least one order.");
  for (const { order } of served) requireExpressible(order, first, provider);
  const walletSignatures: string[] = [];
  const requesters = new Map<string, BatchRequester>();
  const items = served.map(({ order, signature, isWallet, outputCommitment, outputDigest }) => ({
    limits:
      (indexOf(order, requesters) << 136n) |
      (order.nonce << 72n) |
      (BigInt(order.validUntil) << 32n) |
      BigInt(order.challengeSeconds),
    inputCommitment: order.inputCommitment,
    inputDigest: order.inputDigest,
    outputCommitment,
    outputDigest,
    ...(isWallet
      ? { r: ZeroHash, vs: toBeHex(walletSignatures.push(signature) - 1, 32) }
      : compact(signature)),
  }));
  const { modelVersion, paymentToken, mode, epoch } = first;
  const terms = {
    modelVersion,
    paymentToken,
    mode,
    epoch,
    requesters: [...requesters.values()],
  };
  return { terms, items, walletSignatures };
}

/** Index of the order's requester and conditions among `known`, to which it adds them if need be. */
function indexOf(order: Order, known: Map<string, BatchRequester>): bigint {
  const payment = (BigInt(order.requester) << 96n) | order.maxPrice;
  const backing = (BigInt(order.sponsor) << 96n) | order.collateral;
  const key = `${payment} ${backing}`;
  if (!known.has(key)) known.set(key, { payment, backing });
  return BigInt([...known.keys()].indexOf(key));
}

/** The two words of an ECDSA signature in EIP-2098's compact form. */
function compact(signature: string): { r: string; vs: string } {
  const { r, yParityAndS } = Signature.from(signature);
  return { r, vs: yParityAndS };
}

function requireExpressible(order: Order, first: Order, provider: string): void {
  const named =
    order.mode === AssignmentMode.Direct ? provider.toLowerCase() : `0x${"00".repeat(20)}`;
  const expected = {
    modelVersion: first.modelVersion,
    paymentToken: first.paymentToken,
    mode: first.mode,
    epoch: first.epoch,
    tier: first.tier,
    redundancy: 1,
    bidSeconds: 0,
    assignSeconds: 0,
    commitSeconds: 0,
    proveSeconds: 0,
    provider: named,
  };
  for (const [field, value] of Object.entries(expected)) {
    const given = order[field as keyof typeof expected];
    if (String(given).toLowerCase() !== String(value).toLowerCase()) {
      throw new RangeError(
        `Order ${order.nonce} has ${field} ${given}; this batch needs ${value}.`,
      );
    }
  }
  if (order.mode === AssignmentMode.Auction || order.tier === Tier.Quorum) {
    throw new RangeError("Auctions and tier Quorum are not settled in batches of signed orders.");
  }
}

/** What the lane stores of an open batch. */
export function hashBatchRecord(record: BatchRecord): string {
  const types = [
    "address",
    "address",
    "address",
    "address",
    "uint96",
    "uint32",
    "uint96",
    "uint40",
    "uint32",
  ];
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      [...types, "uint32", "bytes32"],
      [
        record.provider,
        record.token,
        record.payout,
        record.royaltyRecipient,
        record.price,
        record.count,
        record.collateral,
        record.releaseAt,
        record.royaltyPpm,
        record.protocolFeePpm,
        record.jobsRoot,
      ],
    ),
  );
}

import { randomBytes, TypedDataEncoder, toBigInt, ZeroAddress } from "ethers";

/** How a result is checked before it is paid. Values are those of the contracts' `Tier`. */
export const Tier = { Zk: 0, Optimistic: 1, Quorum: 2 } as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

/** How the provider of a job is chosen. Values are those of the contracts' `AssignmentMode`. */
export const AssignmentMode = { Draw: 0, Direct: 1, Auction: 2 } as const;
export type AssignmentMode = (typeof AssignmentMode)[keyof typeof AssignmentMode];

/** States of a job. Values are those of the contracts' `JobState`; Settled and Refunded are final. */
export const JobState = {
  None: 0,
  Posted: 1,
  Assigned: 2,
  Committed: 3,
  Challengeable: 4,
  Settled: 5,
  Refunded: 6,
} as const;
export type JobState = (typeof JobState)[keyof typeof JobState];

/** Name of a state value, for people. */
export function jobStateName(state: number | bigint): string {
  const found = Object.entries(JobState).find(([, value]) => value === Number(state));
  return found ? found[0] : `Unknown(${state})`;
}

/** What a requester asks for. Field meanings and units are those of the contracts' `Order`. */
export interface Order {
  readonly requester: string;
  /** Pays instead of the requester; the zero address when the requester pays. */
  readonly sponsor: string;
  /** Bit of the requester's bitmap that a signed order uses up. */
  readonly nonce: bigint;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly modelVersion: string;
  readonly inputCommitment: string;
  readonly inputDigest: string;
  readonly paymentToken: string;
  /** Smallest token unit. */
  readonly maxPrice: bigint;
  /** LAT wei. */
  readonly collateral: bigint;
  readonly tier: Tier;
  readonly mode: AssignmentMode;
  readonly provider: string;
  /** Epoch whose committee a signed order in mode Draw belongs to; zero otherwise. */
  readonly epoch: bigint;
  readonly redundancy: number;
  readonly bidSeconds: number;
  readonly assignSeconds: number;
  readonly commitSeconds: number;
  readonly proveSeconds: number;
  readonly challengeSeconds: number;
}

/** `validUntil` of an order without an end. */
export const NO_EXPIRY = 2 ** 40 - 1;

/** What an order says of the features it does not use: no sponsor, no end, one provider, no auction, no challenge. */
export const ORDER_DEFAULTS = {
  sponsor: ZeroAddress,
  nonce: 0n,
  validUntil: NO_EXPIRY,
  provider: ZeroAddress,
  epoch: 0n,
  redundancy: 1,
  bidSeconds: 0,
  challengeSeconds: 0,
} as const satisfies Partial<Order>;

/** A random nonce (64 bits). A market takes an order once: the nonce tells it from others that ask for the same. */
export function randomNonce(): bigint {
  return toBigInt(randomBytes(8));
}

/** EIP-712 type of `Order`; its struct hash identifies an order's terms. */
export const ORDER_TYPES = {
  Order: [
    { name: "requester", type: "address" },
    { name: "sponsor", type: "address" },
    { name: "nonce", type: "uint64" },
    { name: "validUntil", type: "uint40" },
    { name: "modelVersion", type: "bytes32" },
    { name: "inputCommitment", type: "bytes32" },
    { name: "inputDigest", type: "bytes32" },
    { name: "paymentToken", type: "address" },
    { name: "maxPrice", type: "uint96" },
    { name: "collateral", type: "uint96" },
    { name: "tier", type: "uint8" },
    { name: "mode", type: "uint8" },
    { name: "provider", type: "address" },
    { name: "epoch", type: "uint40" },
    { name: "redundancy", type: "uint8" },
    { name: "bidSeconds", type: "uint32" },
    { name: "assignSeconds", type: "uint32" },
    { name: "commitSeconds", type: "uint32" },
    { name: "proveSeconds", type: "uint32" },
    { name: "challengeSeconds", type: "uint32" },
  ],
};

/** EIP-712 struct hash of an order, as `JobMarket.hashOrder` computes it. */
export function hashOrder(order: Order): string {
  return TypedDataEncoder.hashStruct("Order", ORDER_TYPES, order);
}

/** Fields that the bindings decode as bigint and an order holds as numbers. */
type DecodedNumber =
  | "validUntil"
  | "tier"
  | "mode"
  | "redundancy"
  | "bidSeconds"
  | "assignSeconds"
  | "commitSeconds"
  | "proveSeconds"
  | "challengeSeconds";

/** An order as the contract bindings decode it. */
export type DecodedOrder = Omit<Order, DecodedNumber> & Readonly<Record<DecodedNumber, bigint>>;

/** Turns a decoded order into a plain one. */
export function orderFromDecoded(decoded: DecodedOrder): Order {
  return {
    requester: decoded.requester,
    sponsor: decoded.sponsor,
    nonce: decoded.nonce,
    validUntil: Number(decoded.validUntil),
    modelVersion: decoded.modelVersion,
    inputCommitment: decoded.inputCommitment,
    inputDigest: decoded.inputDigest,
    paymentToken: decoded.paymentToken,
    maxPrice: decoded.maxPrice,
    collateral: decoded.collateral,
    tier: Number(decoded.tier) as Tier,
    mode: Number(decoded.mode) as AssignmentMode,
    provider: decoded.provider,
    epoch: decoded.epoch,
    redundancy: Number(decoded.redundancy),
    bidSeconds: Number(decoded.bidSeconds),
    assignSeconds: Number(decoded.assignSeconds),
    commitSeconds: Number(decoded.commitSeconds),
    proveSeconds: Number(decoded.proveSeconds),
    challengeSeconds: Number(decoded.challengeSeconds),
  };
}

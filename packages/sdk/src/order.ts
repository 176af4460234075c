import { TypedDataEncoder } from "ethers";

/** How a result is checked before it is paid. Values are those of the contracts' `Tier`. */
export const Tier = { Zk: 0 } as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

/** How the provider of a job is chosen. Values are those of the contracts' `AssignmentMode`. */
export const AssignmentMode = { Draw: 0, Direct: 1 } as const;
export type AssignmentMode = (typeof AssignmentMode)[keyof typeof AssignmentMode];

/** States of a job. Values are those of the contracts' `JobState`; Settled and Refunded are final. */
export const JobState = {
  None: 0,
  Posted: 1,
  Assigned: 2,
  Committed: 3,
  Proved: 4,
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
  readonly assignSeconds: number;
  readonly commitSeconds: number;
  readonly proveSeconds: number;
}

/** EIP-712 type of `Order`; its struct hash identifies an order's terms. */
export const ORDER_TYPES = {
  Order: [
    { name: "requester", type: "address" },
    { name: "modelVersion", type: "bytes32" },
    { name: "inputCommitment", type: "bytes32" },
    { name: "inputDigest", type: "bytes32" },
    { name: "paymentToken", type: "address" },
    { name: "maxPrice", type: "uint96" },
    { name: "collateral", type: "uint96" },
    { name: "tier", type: "uint8" },
    { name: "mode", type: "uint8" },
    { name: "provider", type: "address" },
    { name: "assignSeconds", type: "uint32" },
    { name: "commitSeconds", type: "uint32" },
    { name: "proveSeconds", type: "uint32" },
  ],
};

/** EIP-712 struct hash of an order, as `JobMarket.hashOrder` computes it. */
export function hashOrder(order: Order): string {
  return TypedDataEncoder.hashStruct("Order", ORDER_TYPES, order);
}

/** An order as the contract bindings decode it. */
export interface DecodedOrder
  extends Omit<Order, "tier" | "mode" | "assignSeconds" | "commitSeconds" | "proveSeconds"> {
  readonly tier: bigint;
  readonly mode: bigint;
  readonly assignSeconds: bigint;
  readonly commitSeconds: bigint;
  readonly proveSeconds: bigint;
}

/** Turns a decoded order into a plain one. */
export function orderFromDecoded(decoded: DecodedOrder): Order {
  return {
    requester: decoded.requester,
    modelVersion: decoded.modelVersion,
    inputCommitment: decoded.inputCommitment,
    inputDigest: decoded.inputDigest,
    paymentToken: decoded.paymentToken,
    maxPrice: decoded.maxPrice,
    collateral: decoded.collateral,
    tier: Number(decoded.tier) as Tier,
    mode: Number(decoded.mode) as AssignmentMode,
    provider: decoded.provider,
    assignSeconds: Number(decoded.assignSeconds),
    commitSeconds: Number(decoded.commitSeconds),
    proveSeconds: Number(decoded.proveSeconds),
  };
}

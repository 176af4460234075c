/** How a result is checked before it is paid; values of the contracts' `Tier`. */
export const Tier = { Zk: 0, Optimistic: 1, Quorum: 2 } as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

/** How the provider of a job is chosen; values of the contracts' `AssignmentMode`. */
export const AssignmentMode = { Draw: 0, Direct: 1, Auction: 2 } as const;
export type AssignmentMode = (typeof AssignmentMode)[keyof typeof AssignmentMode];

/** What a requester asks for. Addresses are checksummed, digests and commitments 32-byte hex. */
export interface Order {
  readonly requester: string;
  /** Pays instead of the requester; the zero address when the requester pays. */
  readonly sponsor: string;
  readonly nonce: bigint;
  /** Unix seconds from which the order can no longer be posted. */
  readonly validUntil: number;
  readonly modelVersion: string;
  readonly inputCommitment: string;
  /** SHA-256 of the input artifact. */
  readonly inputDigest: string;
  readonly paymentToken: string;
  /** Smallest token unit. */
  readonly maxPrice: bigint;
  /** LAT wei. */
  readonly collateral: bigint;
  readonly tier: Tier;
  readonly mode: AssignmentMode;
  /** The named provider in mode Direct; the zero address in other modes. */
  readonly provider: string;
  readonly epoch: bigint;
  readonly redundancy: number;
  readonly bidSeconds: number;
  readonly assignSeconds: number;
  readonly commitSeconds: number;
  readonly proveSeconds: number;
  readonly challengeSeconds: number;
}

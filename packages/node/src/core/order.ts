/** How a result is checked before it is paid; values of the contracts' `Tier`. */
export const Tier = { Zk: 0 } as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

/** How the provider of a job is chosen; values of the contracts' `AssignmentMode`. */
export const AssignmentMode = { Draw: 0, Direct: 1 } as const;
export type AssignmentMode = (typeof AssignmentMode)[keyof typeof AssignmentMode];

/** What a requester asks for. Addresses are checksummed, digests and commitments 32-byte hex. */
export interface Order {
  readonly requester: string;
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
  /** The named provider in mode Direct; the zero address in mode Draw. */
  readonly provider: string;
  readonly assignSeconds: number;
  readonly commitSeconds: number;
  readonly proveSeconds: number;
}

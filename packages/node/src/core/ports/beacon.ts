import type { ContractCall } from "./transactions.ts";

export interface BeaconPort {
  currentEpoch(): Promise<bigint>;
  /** True when the epoch has a seed that may draw jobs. */
  isDrawable(epoch: bigint): Promise<boolean>;
  /** Unix seconds at which the window of rank 0 for the next epoch opens. */
  nextRevealAt(): Promise<number>;
  /** Rank whose window is open; throws CALL_REVERTED before the first one opens, and during the fallback. */
  currentRank(): Promise<bigint>;
  /** Leader of a rank for the next epoch; undefined when nobody has weight. */
  leaderOf(rank: bigint): Promise<string | undefined>;
  /** Unix seconds between which a drand round may begin the next epoch, and that round. */
  fallback(): Promise<BeaconFallback>;
  /** Message that the leader of the next epoch signs, hex. */
  revealMessage(): Promise<string>;
  readonly calls: {
    reveal(signer: BeaconSigner, message: string): ContractCall;
    revealFallback(round: bigint, signature: G1Point): ContractCall;
    bootstrap(): ContractCall;
    /** @param epoch The next one, or the current one when a later rank had to begin it. */
    reportWithholding(epoch: bigint, rank: bigint): ContractCall;
  };
}

/** `opensAt` equals `endsAt` on chains without fallback. */
export interface BeaconFallback {
  readonly opensAt: number;
  readonly endsAt: number;
  readonly round: bigint;
}

/** A point of BLS12-381's G1, as contracts take it: words of EIP-2537's encoding. */
export interface G1Point {
  readonly xHigh: string;
  readonly xLow: string;
  readonly yHigh: string;
  readonly yLow: string;
}

/** A point of BLS12-381's G2, likewise. */
export interface G2Point {
  readonly x0High: string;
  readonly x0Low: string;
  readonly x1High: string;
  readonly x1Low: string;
  readonly y0High: string;
  readonly y0Low: string;
  readonly y1High: string;
  readonly y1Low: string;
}

/** A provider's beacon key. The secret stays inside. */
export interface BeaconSigner {
  /** keccak256 of the encoded public key, as the registry stores it. */
  readonly keyHash: string;
  readonly publicKey: G2Point;
  signReveal(message: string): G1Point;
  signPossession(message: string): G1Point;
}

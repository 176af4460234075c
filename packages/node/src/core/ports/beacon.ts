import type { ContractCall } from "./transactions.ts";

export interface BeaconPort {
  currentEpoch(): Promise<bigint>;
  /** True when the epoch has a seed that may draw jobs. */
  isDrawable(epoch: bigint): Promise<boolean>;
  /** Unix seconds at which the window of rank 0 for the next epoch opens. */
  nextRevealAt(): Promise<number>;
  /** Rank whose window is open; throws CALL_REVERTED before the first one opens. */
  currentRank(): Promise<bigint>;
  /** Leader of a rank for the next epoch; undefined when nobody has weight. */
  leaderOf(rank: bigint): Promise<string | undefined>;
  /** Message that the leader of the next epoch signs, hex. */
  revealMessage(): Promise<string>;
  readonly calls: {
    reveal(signer: BeaconSigner, message: string): ContractCall;
    bootstrap(): ContractCall;
    reportWithholding(rank: bigint): ContractCall;
  };
}

/** A provider's beacon key. The secret stays inside. */
export interface BeaconSigner {
  /** keccak256 of the encoded public key, as the registry stores it. */
  readonly keyHash: string;
  /** The public key as contracts take it. */
  readonly publicKey: Readonly<Record<string, string>>;
  signReveal(message: string): Readonly<Record<string, string>>;
  signPossession(message: string): Readonly<Record<string, string>>;
}

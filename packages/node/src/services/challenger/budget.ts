import type { BondedResult } from "../../core/dispute.ts";
import type { DisputeTerms } from "../../core/ports/disputes.ts";
import type { Fees } from "../../core/ports/transactions.ts";

const MILLION = 1_000_000n;
const WEI_PER_LAT = 10n ** 18n;

/** Gas of committing to evidence and of carrying out a verdict, measured generously. */
export const FRAME_GAS = 350_000n;
/** Gas of a whole inquiry: its opening, nine questions, and evidence or a claim at its end. */
export const INQUIRY_GAS = 2_000_000n;

/** What a conviction costs and brings, wei of the chain's coin. */
export interface Balance {
  readonly cost: bigint;
  readonly bounty: bigint;
  readonly worthwhile: boolean;
}

/**
 * Weighs the gas of a conviction, at the fees that we would offer, against the bounty.
 * @param latPrice Wei of the chain's coin for one LAT; undefined: whatever it costs.
 */
export function weigh(
  gas: bigint,
  { maxFeePerGas }: Fees,
  { collateral }: BondedResult,
  { bountyPpm }: DisputeTerms,
  latPrice: bigint | undefined,
): Balance {
  const cost = gas * maxFeePerGas;
  const bounty = (((collateral * bountyPpm) / MILLION) * (latPrice ?? 0n)) / WEI_PER_LAT;
  return { cost, bounty, worthwhile: latPrice === undefined || bounty >= cost };
}

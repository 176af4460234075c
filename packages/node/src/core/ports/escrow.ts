import type { ContractCall } from "./transactions.ts";

export interface EscrowPort {
  /** Earnings that can be withdrawn at once, smallest token unit. */
  earnings(account: string, token: string): Promise<bigint>;
  readonly calls: {
    /** @param amount Below 2^128. */
    withdrawEarnings(token: string, to: string, amount: bigint): ContractCall;
  };
}

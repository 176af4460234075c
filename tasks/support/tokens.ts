import type { Lattice } from "@lattice/sdk";
import { amountText } from "./format.ts";

/** Symbol and decimals of a payment token. */
export async function tokenUnit({ token }: Lattice, address: string) {
  const paid = token.attach(address) as typeof token;
  const [symbol, decimals] = await Promise.all([paid.symbol(), paid.decimals()]);
  return { symbol, decimals: Number(decimals) };
}

/** What writes amounts of a payment token in whole units. */
export async function tokenText(lattice: Lattice, address: string) {
  const { symbol, decimals } = await tokenUnit(lattice, address);
  return (amount: bigint) => amountText(amount, symbol, decimals);
}

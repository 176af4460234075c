import { formatUnits, getAddress, isAddress, parseUnits } from "ethers";
import { wrongUse } from "./guard.ts";

/** Unix seconds as ISO 8601 in UTC. */
export function iso(seconds: number | bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

/** A token amount in whole units, without a needless fraction. */
export function amountText(wei: bigint, symbol = "LAT", decimals = 18): string {
  return `${formatUnits(wei, decimals).replace(/\.0$/, "")} ${symbol}`;
}

/** An amount above zero of the command line, in the smallest unit. @throws NodeError USAGE. */
export function parseAmount(name: string, text: string, decimals: number | bigint = 18): bigint {
  try {
    const amount = parseUnits(text, decimals);
    if (amount > 0n) return amount;
  } catch {
    // Falls through: the message below says what is expected.
  }
  throw wrongUse(`--${name} ${text} is not an amount above zero, such as 0.5`);
}

/** An address of the command line. @throws NodeError USAGE. */
export function parseAddress(name: string, text: string): string {
  if (isAddress(text)) return getAddress(text);
  throw wrongUse(`--${name} ${text} is not an address`);
}

/** A whole number of the command line. @throws NodeError USAGE. */
export function parseCount(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw wrongUse(`--${name} ${text} is not a whole number`);
}

import { Tier } from "@lattice/sdk";
import { wrongUse } from "./guard.ts";

/** Bits of tiers in a mask. */
export const TIERS = {
  zk: 1 << Tier.Zk,
  optimistic: 1 << Tier.Optimistic,
  quorum: 1 << Tier.Quorum,
};

/** Bit mask of names separated by commas. @throws NodeError USAGE. */
export function mask(option: string, text: string, bits: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const name of text.split(",").map((part) => part.trim())) {
    const bit = Object.hasOwn(bits, name) ? bits[name] : undefined;
    if (bit === undefined) {
      throw wrongUse(`--${option} ${name} is none of ${Object.keys(bits).join(", ")}`);
    }
    sum |= bit;
  }
  return sum;
}

/** Names of the bits that are set. */
export function maskText(value: number, bits: Readonly<Record<string, number>>): string {
  const names = Object.keys(bits).filter((name) => (value & (bits[name] ?? 0)) !== 0);
  return names.join(", ") || "none";
}

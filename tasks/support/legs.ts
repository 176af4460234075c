import type { Legs } from "@lattice/node";

/** Rows for what a payment was divided into. */
export function legRows(
  { provider, publisher, fee, refund }: Legs,
  text: (amount: bigint) => string,
): [string, string][] {
  return [
    ["provider", text(provider)],
    ["royalty", text(publisher)],
    ["protocol fee", text(fee)],
    ["returned", text(refund)],
  ];
}

import type { Legs } from "./events.ts";

const MILLION = 1_000_000n;

/** Rates that apply to one job, in millionths. */
export interface Rates {
  readonly royaltyPpm: bigint;
  readonly protocolFeePpm: bigint;
}

/**
 * How the market splits `price` out of `locked` (smallest token unit): the fee rounds up, the
 * royalty down, the provider takes what is left.
 * @throws RangeError when the price is above what is locked, or royalty and fee above the price.
 */
export function splitPrice(
  price: bigint,
  locked: bigint,
  { royaltyPpm, protocolFeePpm }: Rates,
): Legs {
  if (price > locked) throw new RangeError(`price ${price} is above the locked ${locked}`);
  if (royaltyPpm + protocolFeePpm > MILLION) {
    throw new RangeError("royalty and fee exceed the price");
  }
  const publisher = (price * royaltyPpm) / MILLION;
  const fee = (price * protocolFeePpm + MILLION - 1n) / MILLION;
  return {
    provider: price - publisher - fee,
    publisher,
    fee,
    refund: locked - price,
  };
}

/** True when the order can pay the ask: both include every leg. */
export function canAfford(maxPrice: bigint, ask: bigint): boolean {
  return ask <= maxPrice;
}

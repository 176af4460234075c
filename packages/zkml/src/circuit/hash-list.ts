import { poseidonHash } from "./poseidon.ts";

const ITEMS_PER_HASH = 15;

/**
 * Poseidon over a list whose length and purpose are bound (definition: HashList in
 * circuits/lib/weights.circom).
 * @param tag at most 23 ASCII characters, so that the first state stays below the field's order.
 * @param items at least one field element.
 */
export async function hashList(tag: string, items: readonly bigint[]): Promise<bigint> {
  const domain = BigInt(`0x${Buffer.from(tag, "latin1").toString("hex")}`);
  let state = (domain << 64n) + BigInt(items.length);
  for (let start = 0; start < items.length; start += ITEMS_PER_HASH) {
    state = await poseidonHash([state, ...items.slice(start, start + ITEMS_PER_HASH)]);
  }
  return state;
}

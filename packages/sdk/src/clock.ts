import type { Lattice } from "./client.ts";

/**
 * Time that a transaction sent now would see, Unix seconds. What depends on time alone is old in the newest block
 * of a quiet chain.
 */
export async function chainTime({ token }: Pick<Lattice, "token">): Promise<number> {
  return Number(await token.clock({ blockTag: "pending" }));
}

import { drand } from "@lattice/sdk";
import { bootstrapAfterFallback, bootstrapAt, publishedSignature } from "./drand.ts";
import { accountOf, deployProviders, join, revelation, type World } from "./providers.ts";
import type { Chain } from "./system.ts";

export const FALLBACK_SECONDS = 21_600n;
export const EPOCH_SECONDS = 60n;
export const REVEAL_SECONDS = 20n;
export const RANKS = 3n;
export const GAP_SECONDS = 15n;
/** The round with which the fallback begins an epoch here, and when it was published (Unix seconds). */
export const ROUND = 1_000n;
export const PUBLISHED_AT = 1_692_806_364n;
export const SIGNATURE = drand.decodeSignature(publishedSignature(ROUND));

/** Worlds on a chain that starts before the published rounds, shortly before their fallback opens. */
export function fallbackWorlds({ ethers, networkHelpers }: Chain) {
  async function world() {
    return deployProviders(ethers, {}, FALLBACK_SECONDS);
  }

  /** Nobody has weight; the fallback of epoch 2 opens when round 1000 is published. */
  async function withoutLeaders() {
    const base = await networkHelpers.loadFixture(world);
    await bootstrapAt(base, networkHelpers, PUBLISHED_AT - EPOCH_SECONDS - GAP_SECONDS);
    return base;
  }

  /**
   * Three leaders, in epoch 2; the fallback of epoch 3 opens `early` seconds before round 1000 is published. The fixture is
   * the world before, for a chain's clock cannot go back to another fixture's.
   */
  async function withLeaders({ early = 0n } = {}) {
    const base = await networkHelpers.loadFixture(world);
    for (const provider of [base.alice, base.bob, base.carol]) await join(base, provider, 4_000n);
    await bootstrapAfterFallback(base, networkHelpers);
    const windows = EPOCH_SECONDS + RANKS * REVEAL_SECONDS;
    await bootstrapAt(base, networkHelpers, PUBLISHED_AT - early - windows - GAP_SECONDS);
    return base;
  }

  return { withLeaders, withoutLeaders };
}

export async function revelationOfRank(base: World, rank: bigint) {
  return revelation(base, accountOf(base, await base.beacon.leaderOf(rank)));
}

import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";
import type { World } from "./providers.ts";

/** Rounds that quicknet published: number, signature, and randomness where it was published along. */
export const PUBLISHED_ROUNDS = [
  {
    round: 1_000n,
    signature:
      "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    randomness: "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
  },
  {
    round: 1_001n,
    signature:
      "b33bf3667cbd5a82de3a24b4e0e9fe5513cc1a0e840368c6e31f5fcfa79bea03f73896b25883abf2853d10337fb8fa41",
  },
  {
    round: 1_002n,
    signature:
      "ab066f9c12dd6de1336fca0f925192fb0c72a771c3e4c82ede1fd362c1a770f9eb05843c6308ce2530b53a99c0281a6e",
  },
  {
    round: 1_003n,
    signature:
      "b104c82771698f45fd8dcfead083d482694c31ab519bcef077f126f3736fe98c8392fd5d45d88aeb76b56ccfcb0296d7",
  },
  {
    round: 657_413n,
    signature:
      "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
    randomness: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
  },
] as const;

/** A chain starts here so that the published rounds are still to come. */
export const BEFORE_PUBLISHED_ROUNDS = "2023-08-20T00:00:00Z";

/** Signature of a published round, compressed hex. */
export function publishedSignature(round: bigint): string {
  const found = PUBLISHED_ROUNDS.find((published) => published.round === round);
  if (!found) throw new Error(`No signature of round ${round} is at hand.`);
  return found.signature;
}

/** Begins the next epoch at `time` exactly, by bootstrap: while nobody has weight and the fallback is over by then. */
export async function bootstrapAt({ beacon }: World, { time }: NetworkHelpers, at: bigint) {
  await time.setNextBlockTimestamp(at);
  return beacon.bootstrap();
}

/** Begins the next epoch by bootstrap as soon as its fallback is over. */
export async function bootstrapAfterFallback(world: World, helpers: NetworkHelpers) {
  return bootstrapAt(world, helpers, await world.beacon.fallbackEndsAt());
}

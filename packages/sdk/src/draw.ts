import { AbiCoder, keccak256 } from "ethers";

/** Pool of the providers that run a model version for a payment token, as `IProviderRegistry.poolOf`. */
export function poolOf(modelVersion: string, token: string): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(["bytes32", "address"], [modelVersion, token]),
  );
}

/** Randomness of one pick of a job from its pool, as `IMatchmaker.drawRandomness`. */
export function drawRandomness(
  seed: string,
  market: string,
  jobId: bigint,
  attempt: number | bigint,
  pick: bigint,
): bigint {
  const types = ["bytes32", "address", "uint256", "uint256", "uint256"];
  const values = [seed, market, jobId, attempt, pick];
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

/** Ticket of a draw: `randomness` mod `total`, the arithmetic of `IProviderRegistry.draw`.
 * @param randomness 256 uniform bits.
 * @param total Sum of the pool's weights in the epoch of the draw, whole LAT.
 * @throws RangeError when nobody has weight. */
export function drawTicket(randomness: bigint, total: bigint): bigint {
  if (total <= 0n) {
    throw new RangeError("The pool has no weight in this epoch: nobody can be drawn from it.");
  }
  return randomness % total;
}

/** Position of the member that `ticket` hits: the first one up to which the weights add up to
 * more than the ticket. The contract finds the same one in its sum tree.
 * @param weights Weights in tree order (`poolMembers`), whole LAT, of the epoch of the draw.
 * @throws RangeError when the ticket does not lie in [0, sum of weights). */
export function drawFromWeights(weights: readonly bigint[], ticket: bigint): number {
  let rest = ticket;
  for (const [position, weight] of weights.entries()) {
    if (rest >= 0n && rest < weight) return position;
    rest -= weight;
  }
  throw new RangeError(
    `Ticket ${ticket} is not below the pool's total weight of ${ticket - rest}: ` +
      "read the weights and the total of one and the same epoch.",
  );
}

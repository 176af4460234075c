import {
  drawFromWeights,
  drawRandomness,
  drawTicket,
  findJob,
  type Lattice,
  poolOf,
} from "@lattice/sdk";

/** One draw of a job, recomputed off-chain from the epoch's seed and the weights that counted. */
export interface Draw {
  readonly epoch: bigint;
  readonly seed: string;
  /** Number of the pick that won; earlier ones hit providers that could not take the job. */
  readonly pick: bigint;
  /** True when the recomputed winner is the provider that the contract assigned. */
  readonly recomputed: boolean;
}

/** Recomputes the draw behind a JobAssigned event without asking the contract for its result. */
export async function recomputeDraw(
  lattice: Lattice,
  event: Record<string, unknown>,
): Promise<Draw> {
  const { beacon, registry, addresses } = lattice;
  const jobId = event.jobId as bigint;
  const epoch = event.epoch as bigint;
  const pick = event.pick as bigint;
  const { order, job } = await findJob(lattice, jobId);
  const { seed } = await beacon.drawSeed(epoch);
  const pool = poolOf(order.modelVersion, order.paymentToken);
  const members = [...(await registry.poolMembers(pool, 0, 1024))];
  const weights = await Promise.all(
    members.map((member) => registry.weightOf(member, pool, epoch)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const { JobMarket } = addresses.contracts;
  const randomness = drawRandomness(seed, JobMarket, jobId, job.attempt, pick);
  const winner = members[drawFromWeights(weights, drawTicket(randomness, total))];
  return { epoch, seed, pick, recomputed: winner === event.provider };
}

import { drawFromWeights, drawRandomness, drawTicket, type Order, poolOf } from "@lattice/sdk";
import { advanceEpoch } from "./epochs.ts";
import { drawOrder, type Marketplace, post } from "./orders.ts";
import type { System } from "./system.ts";

const PICKS = 8n;

/** The candidates of a job paid in LAT, in the order of their picks, recomputed from the seed as anyone can off-chain. */
export async function candidatesOf(
  { registry, beacon, market, token, modelVersion }: Marketplace,
  jobId: bigint,
  epoch: bigint,
  attempt = 0n,
): Promise<string[]> {
  const { seed } = await beacon.epochInfo(epoch);
  const pool = poolOf(modelVersion, await token.getAddress());
  const place = await market.getAddress();
  const members = await registry.poolMembers(pool, 0, 100);
  const weights = await Promise.all(
    members.map((member) => registry.weightOf(member, pool, epoch)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  return Array.from({ length: Number(PICKS) }, (_, pick) => {
    const randomness = drawRandomness(seed, place, jobId, attempt, BigInt(pick));
    return members[drawFromWeights(weights, drawTicket(randomness, total))] as string;
  });
}

/** Posts a drawn order and begins the epoch that draws it. */
export async function postDrawable(system: Marketplace, changes: Partial<Order> = {}) {
  const order = await drawOrder(system, changes);
  const jobId = await post(system, order);
  await advanceEpoch(system);
  const epoch = await advanceEpoch(system);
  return { order, jobId, epoch, candidates: await candidatesOf(system, jobId, epoch) };
}

/** Whether a draw of several finds enough; false when the seed picked too few different providers. */
export async function findsEnough(
  { matchmaker }: Pick<System, "matchmaker">,
  drawing: Promise<unknown>,
): Promise<boolean> {
  try {
    await drawing;
    return true;
  } catch (error) {
    const data = (error as { data?: string }).data ?? "0x";
    if (matchmaker.interface.parseError(data)?.name === "MatchmakerTooFewProviders") return false;
    throw error;
  }
}

import type { Order } from "@lattice/sdk";
import { AbiCoder, keccak256 } from "ethers";
import { drawFromWeights, drawTicket } from "../../packages/sdk/src/draw.ts";
import { advanceEpoch } from "./epochs.ts";
import { drawOrder, type Marketplace, post } from "./orders.ts";

const PICKS = 8;

/** The candidates of a job, in the order of their picks, recomputed from the seed as anyone can off-chain. */
export async function candidatesOf(
  { registry, beacon, market, modelVersion }: Marketplace,
  jobId: bigint,
  epoch: bigint,
  attempt = 0n,
): Promise<string[]> {
  const { seed } = await beacon.epochInfo(epoch);
  const members = await registry.poolMembers(modelVersion, 0, 100);
  const weights = await Promise.all(
    members.map((member) => registry.weightOf(member, modelVersion, epoch)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  return Array.from({ length: PICKS }, (_, pick) => {
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "address", "uint256", "uint256", "uint256"],
      [seed, market.target, jobId, attempt, pick],
    );
    const ticket = drawTicket(BigInt(keccak256(encoded)), total);
    return members[drawFromWeights(weights, ticket)] as string;
  });
}

/** Posts a drawn order and begins the epoch that draws it. */
export async function postDrawable(system: Marketplace, changes: Partial<Order> = {}) {
  const order = await drawOrder(system, changes);
  const jobId = await post(system, order);
  const epoch = await advanceEpoch(system);
  return { order, jobId, epoch, candidates: await candidatesOf(system, jobId, epoch) };
}

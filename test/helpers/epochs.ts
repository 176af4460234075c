import { bls } from "@lattice/sdk";
import { solidityPackedKeccak256, ZeroAddress } from "ethers";
import type { System } from "./system.ts";

/** Begins the next epoch as its leader would, or with a seed made from the epoch's number when the beacon is steered. */
export async function advanceEpoch(system: System): Promise<bigint> {
  const next = (await system.beacon.currentEpoch()) + 1n;
  if (system.steered) {
    await system.steered.start(
      solidityPackedKeccak256(["string", "uint256"], ["seed", next]),
      true,
    );
    return next;
  }
  const { time } = system.chain.networkHelpers;
  const opensAt = await system.beacon.nextRevealAt();
  if (BigInt(await time.latest()) < opensAt) await time.increaseTo(opensAt);
  const leader = await system.beacon.leaderOf(await system.beacon.currentRank());
  if (leader === ZeroAddress) {
    await system.beacon.bootstrap();
    return next;
  }
  const key = system.keys.get(leader);
  if (!key) throw new Error(`no BLS key is known for the leader ${leader}`);
  const message = await system.beacon.revealMessage();
  await system.beacon.reveal(bls.publicKeyOf(key), bls.sign(key, message, bls.BEACON_DST));
  return next;
}

/** Begins epochs until changes of weight and offers made now count. */
export async function settleWeights(system: System): Promise<void> {
  await advanceEpoch(system);
  await advanceEpoch(system);
}

/** Begins epochs until the seed that draws the job exists. Returns its epoch. */
export async function advanceToDraw(system: System, jobId: bigint): Promise<bigint> {
  const { drawEpoch } = await system.market.jobOf(jobId);
  while ((await system.beacon.currentEpoch()) < drawEpoch) await advanceEpoch(system);
  return drawEpoch;
}

import { id, ZeroAddress } from "ethers";
import type { Figures } from "../figures.ts";
import { executionGasOf, gasOf } from "../measure.ts";
import { type Place, POOL_MEMBERS } from "../place.ts";

const GAS_LIMIT = 1_000_000;

/** A draw from the digit classifier's pool, and the committee that serves an epoch's signed orders. */
export async function measureDraws(place: Place): Promise<Figures> {
  const { registry, beacon, committees, pool, actors, chain } = place;
  const epoch = await beacon.currentEpoch();
  const randomness = id("randomness");
  const winner = await registry.draw(pool, epoch, randomness);
  if (winner === ZeroAddress) throw new Error(`Nobody was drawn from ${POOL_MEMBERS} members.`);
  const data = registry.interface.encodeFunctionData("draw", [pool, epoch, randomness]);
  const draw = () => actors.stranger.sendTransaction({ to: registry, data, gasLimit: GAS_LIMIT });
  const figures = {
    draw1024: await executionGasOf(await draw()),
    draw1024Transaction: await gasOf(draw()),
  };
  const snapshot = await chain.networkHelpers.takeSnapshot();
  const committeeSeat = await gasOf(committees.connect(actors.stranger).seat(pool, epoch));
  await snapshot.restore();
  return { ...figures, committeeSeat };
}

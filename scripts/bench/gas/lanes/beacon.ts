import { bls } from "@lattice/sdk";
import type { Figures } from "../figures.ts";
import { gasOf } from "../measure.ts";
import type { Place } from "../place.ts";

/** Epochs of which the beacon remembers who led them; later ones write over their places. */
const MEMORY = 256;

/** Real BLS reveals, each of the leader that the seed before drew from a pool of 1 024. */
export async function measureBeacon(place: Place): Promise<Figures> {
  const snapshot = await place.chain.networkHelpers.takeSnapshot();
  const beaconRevealFirstUse = await reveal(place);
  let beaconReveal = beaconRevealFirstUse;
  for (let epochs = 0; epochs <= MEMORY; epochs++) beaconReveal = await reveal(place);
  await snapshot.restore();
  return { beaconReveal, beaconRevealFirstUse };
}

async function reveal({ beacon, keys, actors, chain }: Place): Promise<number> {
  await chain.networkHelpers.time.increaseTo(await beacon.nextRevealAt());
  const leader = await beacon.leaderOf(0);
  const key = keys.get(leader);
  if (!key) throw new Error(`The benchmark has no BLS key of the leader ${leader}.`);
  const signature = bls.sign(key, await beacon.revealMessage(), bls.BEACON_DST);
  return gasOf(beacon.connect(actors.stranger).reveal(bls.publicKeyOf(key), signature));
}

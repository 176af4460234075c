import type { Figures } from "../figures.ts";
import { gasOf } from "../measure.ts";
import { ASK, COLLATERAL, type Place } from "../place.ts";

/** Locks and unlocks alone, in transactions of an account that stands where a market stands. */
export async function measureCustody(place: Place): Promise<Figures> {
  const { registry, vault, escrow, token, actors, chain } = place;
  const { governance, stranger, requester, ada } = actors;
  const snapshot = await chain.networkHelpers.takeSnapshot();
  await registry.connect(governance).setStakeModule(stranger, true);
  await escrow.connect(requester).setMarket(stranger, true);
  const figures: Record<string, number> = {};
  for (const suffix of ["FirstUse", ""]) {
    figures[`vaultLock${suffix}`] = await gasOf(
      vault.connect(stranger).lock(registry, ada, COLLATERAL),
    );
    figures[`escrowLock${suffix}`] = await gasOf(
      escrow.connect(stranger).lock(token, requester, ASK),
    );
  }
  figures.vaultUnlock = await gasOf(vault.connect(stranger).unlock(registry, ada, COLLATERAL));
  await snapshot.restore();
  return figures;
}

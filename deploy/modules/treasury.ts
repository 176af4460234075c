import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import Registries from "./registries.ts";

/** Where protocol fees go. None of it can be upgraded. */
export default buildModule("Treasury", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { escrow } = m.useModule(Custody);
  const { registry, beacon } = m.useModule(Registries);
  const rewards = m.contract("BeaconRewards", [beacon, registry]);
  const treasury = m.contract("FeeTreasury", [accessManager, escrow, parameters, token, rewards]);
  return { rewards, treasury };
});

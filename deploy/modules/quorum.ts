import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import Market from "./market.ts";
import { deployProxied } from "./proxy.ts";
import Registries from "./registries.ts";
import Treasury from "./treasury.ts";

/** Index of `Tier.Quorum` in the contracts. */
const QUORUM_TIER = 2;

/** The lane of tier Quorum, allowed to lock and slash stake, accepting LAT. */
export default buildModule("Quorum", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow } = m.useModule(Custody);
  const { registry, router, models, beacon } = m.useModule(Registries);
  const { treasury } = m.useModule(Treasury);
  const { policy, matchmaker } = m.useModule(Market);
  const peers = {
    escrow,
    vault,
    registry,
    beacon,
    models,
    router,
    parameters,
    policy,
    matchmaker,
    treasury,
  };
  const quorumMarket = deployProxied(m, "QuorumMarket", [peers], [accessManager]);
  m.call(registry, "setStakeModule", [quorumMarket, true], { id: "QuorumStakeModule" });
  m.call(quorumMarket, "setPaymentToken", [token, true], { id: "QuorumAcceptsLat" });
  m.call(quorumMarket, "setTier", [QUORUM_TIER, true], { id: "OpenQuorum" });
  return { quorumMarket };
});

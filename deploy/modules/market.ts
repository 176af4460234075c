import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import { deployProxied } from "./proxy.ts";
import Registries from "./registries.ts";
import Treasury from "./treasury.ts";

/** Index of `Tier.Zk` in the contracts: the tier that is open from the start. */
const ZK_TIER = 0;

/** The market with its matchmaker and policy, allowed to lock and slash stake, accepting LAT. */
export default buildModule("Market", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow } = m.useModule(Custody);
  const { registry, router, models, beacon, gate } = m.useModule(Registries);
  const { treasury } = m.useModule(Treasury);
  const policy = m.contract("OrderPolicy", [models, router, parameters]);
  const matchmaker = m.contract("Matchmaker", [registry, vault, models, gate, parameters, beacon]);
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
  const market = deployProxied(m, "JobMarket", [peers], [accessManager]);
  m.call(registry, "setStakeModule", [market, true], { id: "MarketStakeModule" });
  m.call(market, "setPaymentToken", [token, true], { id: "AcceptLat" });
  m.call(market, "setTier", [ZK_TIER, true], { id: "OpenZk" });
  return { market, matchmaker, policy };
});

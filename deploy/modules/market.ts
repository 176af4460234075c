import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Disputes from "./disputes.ts";
import Governance from "./governance.ts";
import { deployProxied } from "./proxy.ts";
import Registries from "./registries.ts";
import Treasury from "./treasury.ts";

/** Indices of `Tier` in the contracts: the tiers that are open from the start. */
const ZK_TIER = 0;
const OPTIMISTIC_TIER = 1;

/** The market with its matchmaker and policy, allowed to lock and slash stake, accepting LAT. */
export default buildModule("Market", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow } = m.useModule(Custody);
  const { registry, router, models, beacon, gate } = m.useModule(Registries);
  const { treasury } = m.useModule(Treasury);
  const { disputes, jobClaims } = m.useModule(Disputes);
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
  const market = deployProxied(m, "JobMarket", [peers, disputes], [accessManager]);
  m.call(registry, "setStakeModule", [market, true], { id: "MarketStakeModule" });
  m.call(market, "setPaymentToken", [token, true], { id: "AcceptLat" });
  m.call(market, "setTier", [ZK_TIER, true], { id: "OpenZk" });
  m.call(disputes, "setLane", [market, jobClaims], { id: "MarketLane" });
  m.call(market, "setTier", [OPTIMISTIC_TIER, true], { id: "OpenOptimistic" });
  return { market, matchmaker, policy };
});

import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Disputes from "./disputes.ts";
import Governance from "./governance.ts";
import Market from "./market.ts";
import { deployProxied } from "./proxy.ts";
import Registries from "./registries.ts";
import Treasury from "./treasury.ts";

/** Indices of `Tier` in the contracts: the tiers that are open from the start. */
const ZK_TIER = 0;
const OPTIMISTIC_TIER = 1;

/** The lane of signed orders with the committees that it draws from. */
export default buildModule("Settlement", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow } = m.useModule(Custody);
  const { treasury } = m.useModule(Treasury);
  const { disputes, batchClaims } = m.useModule(Disputes);
  const { registry, router, models, beacon, gate } = m.useModule(Registries);
  const { matchmaker, policy } = m.useModule(Market);
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
  const committees = m.contract("Committees", [registry, beacon]);
  const settlement = deployProxied(
    m,
    "OrderSettlement",
    [peers, committees, gate, disputes],
    [accessManager],
  );
  m.call(registry, "setStakeModule", [settlement, true], { id: "SettlementStakeModule" });
  m.call(settlement, "setPaymentToken", [token, true], { id: "SettlementAcceptsLat" });
  m.call(settlement, "setTier", [ZK_TIER, true], { id: "SettlementOpensZk" });
  m.call(disputes, "setLane", [settlement, batchClaims], { id: "SettlementLane" });
  m.call(settlement, "setTier", [OPTIMISTIC_TIER, true], { id: "SettlementOpensOptimistic" });
  return { settlement, committees };
});

import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import Market from "./market.ts";
import { deployProxied } from "./proxy.ts";
import Registries from "./registries.ts";
import Treasury from "./treasury.ts";

/** Index of `Tier.Zk` in the contracts: the tier that is open from the start. */
const ZK_TIER = 0;

/** The lane of signed orders with the committees that it draws from, and the slash for contradicting receipts. */
export default buildModule("Settlement", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow } = m.useModule(Custody);
  const { treasury } = m.useModule(Treasury);
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
    [peers, committees, gate],
    [accessManager],
  );
  const equivocation = m.contract("Equivocation", [registry, vault, parameters]);
  m.call(registry, "setStakeModule", [settlement, true], { id: "SettlementStakeModule" });
  m.call(registry, "setStakeModule", [equivocation, true], { id: "EquivocationStakeModule" });
  m.call(settlement, "setPaymentToken", [token, true], { id: "SettlementAcceptsLat" });
  m.call(settlement, "setTier", [ZK_TIER, true], { id: "SettlementOpensZk" });
  return { settlement, committees, equivocation };
});

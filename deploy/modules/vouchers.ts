import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Disputes from "./disputes.ts";
import Governance from "./governance.ts";
import Market from "./market.ts";
import { deployProxied } from "./proxy.ts";
import Registries from "./registries.ts";
import Treasury from "./treasury.ts";

/** Index of `Tier.Optimistic` in the contracts: sessions pay bonded results. */
const OPTIMISTIC_TIER = 1;

/** The lane of voucher sessions, allowed to lock stake, accepting LAT. */
export default buildModule("Vouchers", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow } = m.useModule(Custody);
  const { registry, router, models, beacon, gate } = m.useModule(Registries);
  const { treasury } = m.useModule(Treasury);
  const { disputes, sessionClaims } = m.useModule(Disputes);
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
  const vouchers = deployProxied(m, "VoucherSettlement", [peers, gate, disputes], [accessManager]);
  m.call(registry, "setStakeModule", [vouchers, true], { id: "VoucherStakeModule" });
  m.call(vouchers, "setPaymentToken", [token, true], { id: "VouchersAcceptLat" });
  m.call(disputes, "setLane", [vouchers, sessionClaims], { id: "VouchersLane" });
  m.call(vouchers, "setTier", [OPTIMISTIC_TIER, true], { id: "VouchersOpenOptimistic" });
  return { vouchers };
});

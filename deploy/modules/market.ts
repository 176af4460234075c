import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import { deployProxied } from "./proxy.ts";
import Registries from "./registries.ts";
import Treasury from "./treasury.ts";

/** The market, allowed to lock and slash stake, accepting LAT. */
export default buildModule("Market", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow, burner } = m.useModule(Custody);
  const { registry, router, models, beacon } = m.useModule(Registries);
  const { treasury } = m.useModule(Treasury);
  const peers = {
    escrow,
    vault,
    registry,
    beacon,
    models,
    router,
    parameters,
    treasury,
    burner,
    lat: token,
  };
  const market = deployProxied(m, "JobMarket", [peers], [accessManager]);
  m.call(registry, "setStakeModule", [market, true], { id: "MarketStakeModule" });
  m.call(market, "setPaymentToken", [token, true], { id: "AcceptLat" });
  return { market };
});

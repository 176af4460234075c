import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import { deployProxied } from "./proxy.ts";

/** Providers, models, verifiers, and the beacon that draws among providers. */
export default buildModule("Registries", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault, escrow } = m.useModule(Custody);
  // Its clones share the earnings of providers that take delegations.
  const delegationPayout = m.contract("DelegationPayout", [escrow, vault, token]);
  const registry = deployProxied(
    m,
    "ProviderRegistry",
    [vault, parameters, delegationPayout],
    [accessManager],
  );
  const router = deployProxied(m, "VerifierRouter", [], [accessManager]);
  const models = deployProxied(m, "ModelRegistry", [parameters, router], [accessManager]);
  const beacon = deployProxied(
    m,
    "EpochBeacon",
    [registry, vault, parameters, m.getParameter<number>("beaconFallbackSeconds")],
    [accessManager, m.getParameter<string>("genesisSeed")],
  );
  m.call(registry, "connectBeacon", [beacon]);
  m.call(registry, "setStakeModule", [beacon, true], { id: "BeaconStakeModule" });
  return { registry, router, models, beacon };
});

import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import { deployProxied } from "./proxy.ts";

/** As the gate's `ClassRequirements`; a type, not an interface, which Ignition's parameters do not take. */
type ClassRequirements = {
  accelerator: number;
  executionProviders: number;
  memoryMiB: number;
  maxTensorBytes: bigint;
  tiers: number;
};

/** Providers, models, verifiers, attested classes, and the beacon that draws among providers. */
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
  const models = m.contract("ModelRegistry", [parameters, router]);
  const beacon = deployProxied(
    m,
    "EpochBeacon",
    [registry, vault, parameters, m.getParameter<number>("beaconFallbackSeconds")],
    [accessManager, m.getParameter<string>("genesisSeed")],
  );
  m.call(registry, "connectBeacon", [beacon]);
  m.call(registry, "setStakeModule", [beacon, true], { id: "BeaconStakeModule" });
  const gate = deployProxied(
    m,
    "AttestationGate",
    [m.getParameter<string>("eas"), registry],
    [
      accessManager,
      m.getParameter<string[]>("attestors"),
      m.getParameter<ClassRequirements[]>("attestedClasses"),
    ],
  );
  return { registry, router, models, beacon, gate };
});

import { buildModule } from "@nomicfoundation/ignition-core";
import Custody from "./custody.ts";
import Governance from "./governance.ts";
import Poseidon16 from "./poseidon.ts";
import Registries from "./registries.ts";

/** The slash for contradicting receipts, the dispute game with its referees, and who reads the lanes for it. */
export default buildModule("Disputes", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const { vault } = m.useModule(Custody);
  const { registry, router, models } = m.useModule(Registries);
  const { poseidon16 } = m.useModule(Poseidon16);
  const equivocation = m.contract("Equivocation", [registry, vault, parameters]);
  m.call(registry, "setStakeModule", [equivocation, true], { id: "EquivocationStakeModule" });
  const operatorReferee = m.contract("OperatorReferee");
  const traceReferee = m.contract("TraceReferee");
  const proofReferee = m.contract("ProofReferee", [router, poseidon16]);
  const peers = {
    lat: token,
    parameters,
    models,
    registry,
    equivocation,
    operatorReferee,
    traceReferee,
    proofReferee,
  };
  const disputes = m.contract("DisputeGame", [accessManager, peers]);
  const jobClaims = m.contract("JobClaims");
  const batchClaims = m.contract("BatchClaims");
  const sessionClaims = m.contract("SessionClaims");
  return {
    equivocation,
    operatorReferee,
    traceReferee,
    proofReferee,
    disputes,
    jobClaims,
    batchClaims,
    sessionClaims,
  };
});

import { poseidonContractArtifact } from "@lattice/zkml/poseidon-contract";
import { buildModule } from "@nomicfoundation/ignition-core";
import { generatedArtifact } from "./generated.ts";
import Market from "./market.ts";
import Registries from "./registries.ts";

/** Chains of proven training steps, with the hash that their circuits use. They need no right and hold no role. */
export default buildModule("Training", (m) => {
  const { models } = m.useModule(Registries);
  const { market } = m.useModule(Market);
  const generated = poseidonContractArtifact();
  const poseidon = m.contract(generated.contractName, generatedArtifact(generated));
  const training = m.contract("TrainingChain", [market, models, poseidon]);
  return { training };
});

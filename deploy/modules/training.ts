import { poseidonContractArtifact } from "@lattice/zkml/poseidon-contract";
import { buildModule } from "@nomicfoundation/ignition-core";
import Market from "./market.ts";
import Registries from "./registries.ts";

/** Chains of proven training steps, with the hash that their circuits use. They need no right and hold no role. */
export default buildModule("Training", (m) => {
  const { models } = m.useModule(Registries);
  const { market } = m.useModule(Market);
  const { contractName, sourceName, abi, bytecode } = poseidonContractArtifact();
  const poseidon = m.contract(contractName, {
    _format: "hh3-artifact-1",
    contractName,
    sourceName,
    abi: [...abi],
    bytecode,
    linkReferences: {},
    // Only creation code is generated; it returns what is deployed.
    deployedBytecode: "0x",
    deployedLinkReferences: {},
  });
  const training = m.contract("TrainingChain", [market, models, poseidon]);
  return { training };
});

import { buildModule } from "@nomicfoundation/ignition-core";
import { easArtifact } from "../eas.ts";

const schemaRegistryArtifact = await easArtifact("SchemaRegistry");
const easContractArtifact = await easArtifact("EAS");

/** The Ethereum Attestation Service, for chains of one machine; public chains have it. */
export default buildModule("Eas", (m) => {
  const schemaRegistry = m.contract("SchemaRegistry", schemaRegistryArtifact);
  const eas = m.contract("EAS", easContractArtifact, [schemaRegistry]);
  return { schemaRegistry, eas };
});

import { poseidonTableArtifacts } from "@lattice/zkml/poseidon16";
import { buildModule } from "@nomicfoundation/ignition-core";
import { generatedArtifact } from "./generated.ts";

/** The hash of tensor commitments for contracts. It needs no right and holds no role. */
export default buildModule("Poseidon16", (m) => {
  const tables = poseidonTableArtifacts().map((table) =>
    m.contract(table.contractName, generatedArtifact(table)),
  );
  const poseidon16 = m.contract("Poseidon16", [tables]);
  return { poseidon16 };
});

import { poseidonTableArtifacts } from "@lattice/zkml/poseidon16";
import { buildModule } from "@nomicfoundation/ignition-core";

/** The hash of tensor commitments for contracts. It needs no right and holds no role. */
export default buildModule("Poseidon16", (m) => {
  const tables = poseidonTableArtifacts().map(({ contractName, sourceName, abi, bytecode }) =>
    m.contract(contractName, {
      _format: "hh3-artifact-1",
      contractName,
      sourceName,
      abi: [...abi],
      bytecode,
      linkReferences: {},
      // Only creation code is generated; it returns what is deployed.
      deployedBytecode: "0x",
      deployedLinkReferences: {},
    }),
  );
  const poseidon16 = m.contract("Poseidon16", [tables]);
  return { poseidon16 };
});

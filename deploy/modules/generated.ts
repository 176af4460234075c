import type { Artifact } from "@nomicfoundation/ignition-core";

/** A contract whose creation code a program writes; it returns what is deployed. */
export interface GeneratedContract {
  readonly contractName: string;
  readonly sourceName: string;
  readonly abi: readonly unknown[];
  readonly bytecode: string;
}

/** Such a contract as Ignition takes artifacts. */
export function generatedArtifact({ abi, ...contract }: GeneratedContract): Artifact {
  return {
    ...contract,
    _format: "hh3-artifact-1",
    abi: [...abi],
    linkReferences: {},
    // Only creation code is generated.
    deployedBytecode: "0x",
    deployedLinkReferences: {},
  } as Artifact;
}

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { attestation, eas as easAbis } from "@lattice/sdk";
import type { Artifact } from "@nomicfoundation/ignition-core";
import { Contract, type Signer, ZeroAddress } from "ethers";

/** Where the Ethereum Attestation Service lives on a chain. */
export interface EasAddresses {
  readonly eas: string;
  readonly schemaRegistry: string;
}

/**
 * A contract as the package of the Ethereum Attestation Service ships it, compiled: its sources pin another compiler
 * than ours.
 */
export async function easArtifact(name: "EAS" | "SchemaRegistry"): Promise<Artifact> {
  const path = `@ethereum-attestation-service/eas-contracts/artifacts/contracts/${name}.sol/${name}.json`;
  return JSON.parse(await readFile(fileURLToPath(import.meta.resolve(path)), "utf8"));
}

/** Checks that EAS is where a parameter file says. @throws Error that names the address to mend. */
export async function requireEas({ eas, schemaRegistry }: EasAddresses, signer: Signer) {
  const contract = new Contract(eas, easAbis.ABI, signer);
  const actual: string | undefined = await contract
    .getFunction("getSchemaRegistry")
    .staticCall()
    .catch((cause: unknown) => {
      throw new Error(
        `eas.eas (${eas}) is not the Ethereum Attestation Service on this chain. See docs/decisions/0014-attestations.md for where its addresses come from.`,
        { cause },
      );
    });
  if (actual !== schemaRegistry) {
    throw new Error(
      `eas.schemaRegistry is ${schemaRegistry}, but EAS at ${eas} uses ${actual}; set that one.`,
    );
  }
}

/** Registers the schema of capabilities unless anyone did before: on a public chain anyone may be first. */
export async function ensureSchema(schemaRegistry: string, signer: Signer): Promise<void> {
  const schemas = new Contract(schemaRegistry, easAbis.SCHEMA_REGISTRY_ABI, signer);
  const { uid } = await schemas.getFunction("getSchema").staticCall(attestation.SCHEMA_UID);
  if (uid === attestation.SCHEMA_UID) return;
  const sent = await schemas.getFunction("register").send(attestation.SCHEMA, ZeroAddress, true);
  await sent.wait();
}

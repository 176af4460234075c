import { fileURLToPath } from "node:url";
import { circuitOf, type DirectoryArtifactStore } from "@lattice/node";
import { type Lattice, selectorOfMembers, Tier } from "@lattice/sdk";
import { type LoadedModel, loadModel } from "@lattice/zkml";
import { DIGITS_MODEL_URL } from "@lattice/zkml/models/digits";
import { type HDNodeWallet, type Provider, ZeroHash } from "ethers";
import { deployedSet } from "../../deploy/verifiers.ts";

/** Royalty of the demonstration's publisher: 2 %. */
const ROYALTY_PPM = 20_000n;

/** The digit classifier that ships with the suite. */
export function loadDigits(): Promise<LoadedModel> {
  return loadModel(fileURLToPath(DIGITS_MODEL_URL));
}

/** Compiles the model's circuit and makes its development key, unless an earlier run did. */
export function prepareKeys(
  model: LoadedModel,
  buildDir: string,
  signal: AbortSignal,
  onProgress: (step: string) => void,
) {
  return circuitOf(model, buildDir, signal, onProgress);
}

/** Publishes the model with the verifier that the deployment brought along; returns the version's id. */
export async function publishModel(
  lattice: Lattice,
  publisher: HDNodeWallet,
  provider: Provider,
  model: LoadedModel,
  artifacts: DirectoryArtifactStore,
): Promise<string> {
  const verifiers = await deployedSet(model.digest, lattice.addresses.verifiers);
  if (!verifiers) {
    throw new Error("The deployment brought no verifier of the digit classifier; deploy again.");
  }
  const version = {
    artifactDigest: await artifacts.put(model.bytes),
    programRoot: model.programRoot,
    weightsRoot: model.weightsRoot,
    quantisationDigest: ZeroHash,
    royaltyRecipient: publisher.address,
    royaltyPpm: ROYALTY_PPM,
    verifierSelector: await selectorOfMembers(lattice.router, verifiers),
    tiers: 1 << Tier.Zk,
    attestedClass: 0,
  };
  const models = lattice.models.connect(publisher.connect(provider));
  const sent = await models.publish(version, `sha256:${version.artifactDigest}`);
  await sent.wait();
  return models.versionIdOf(publisher.address, version);
}

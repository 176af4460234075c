import { deployAccessManager, deployProxy } from "./contracts.ts";
import { parameterValues } from "./parameters.ts";
import type { Chain } from "./system.ts";

export const MODEL_URI = "ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
export const MAX_ROYALTY_PPM = 200_000n;

/** A model registry, the verifier of `version` registered. */
export async function deployModels({ ethers }: Chain) {
  const [governance, publisher, recipient, stranger] = await ethers.getSigners();
  if (!governance || !publisher || !recipient || !stranger) throw new Error("too few accounts");
  const manager = await deployAccessManager(ethers, governance);
  const parameters = await ethers.deployContract("ProtocolParameters", [
    manager,
    parameterValues({ MaxRoyaltyPpm: MAX_ROYALTY_PPM }),
  ]);
  const router = await deployProxy(ethers, await ethers.deployContract("VerifierRouter"), [
    await manager.getAddress(),
  ]);
  const models = await ethers.deployContract("ModelRegistry", [parameters, router]);
  const verifier = await ethers.deployContract("TableVerifier");
  await router.register(verifier, 300_000);
  const version = {
    artifactDigest: ethers.id("artifact"),
    programRoot: ethers.id("program"),
    weightsRoot: ethers.id("weights"),
    quantisationDigest: ethers.id("quantisation"),
    royaltyRecipient: recipient.address,
    royaltyPpm: 30_000n,
    verifierSelector: await router.selectorOf(verifier),
    tiers: 1n,
    attestedClass: 0n,
  };
  return {
    governance,
    publisher,
    recipient,
    stranger,
    manager,
    parameters,
    router,
    models,
    version,
  };
}

/** The same, `version` published. */
export async function deployPublished(chain: Chain) {
  const base = await deployModels(chain);
  const { models, publisher, version } = base;
  await models.connect(publisher).publish(version, MODEL_URI);
  return { ...base, versionId: await models.versionIdOf(publisher, version) };
}

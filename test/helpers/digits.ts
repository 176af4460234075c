import { verifierSet } from "@lattice/sdk";
import {
  buildModelCircuit,
  commitTensor,
  createTensor,
  type IntegerTensor,
  interpret,
  loadModel,
  type ModelCircuit,
} from "@lattice/zkml";
import { toBeHex } from "ethers";
import {
  DIGIT_PIXELS,
  DIGITS_MODEL_URL,
  HELD_OUT_SEED,
  renderDigit,
} from "../../packages/zkml/models/digits/index.ts";
import { CIRCUIT_CACHE } from "../../packages/zkml/src/cli/manifest.ts";
import { settleWeights } from "./epochs.ts";
import { ASKS, deployMarketplace, type Marketplace, publishModel } from "./orders.ts";
import type { Chain } from "./system.ts";

/** One image, what the model says of it, and the commitments of both. */
export interface Inference {
  readonly input: IntegerTensor;
  readonly output: IntegerTensor;
  readonly inputCommitment: string;
  readonly outputCommitment: string;
}

export type DigitsMarketplace = Marketplace & { readonly circuit: ModelCircuit };

let loaded: ReturnType<typeof loadModel> | undefined;

function digitsModel(): ReturnType<typeof loadModel> {
  loaded ??= loadModel(DIGITS_MODEL_URL);
  return loaded;
}

/** Runs the digit classifier on a held-out drawing of `label`. */
export async function inferDigit(label: number, index = 0): Promise<Inference> {
  const { graph } = await digitsModel();
  const { pixels } = renderDigit(label, HELD_OUT_SEED + index);
  const input = createTensor("uint8", [1, DIGIT_PIXELS], pixels);
  const { output } = interpret(graph, input);
  return {
    input,
    output,
    inputCommitment: toBeHex(await commitTensor(input), 32),
    outputCommitment: toBeHex(await commitTensor(output), 32),
  };
}

/** The circuit of the digit classifier with its development key; built on first use, about a minute. */
export async function digitsCircuit(): Promise<ModelCircuit> {
  const { graph } = await digitsModel();
  return buildModelCircuit({ graph, name: "digits", cacheDir: CIRCUIT_CACHE });
}

/** The circuit that proves four drawings at once. */
export async function digitsX4Circuit(): Promise<ModelCircuit> {
  const { graph } = await digitsModel();
  return buildModelCircuit({
    graph,
    name: "digits-x4",
    cacheDir: CIRCUIT_CACHE,
    jobsPerProof: 4,
  });
}

/** A marketplace in which the three providers also offer the digit classifier, with its exported verifier. */
export async function deployDigitsMarketplace(chain: Chain): Promise<DigitsMarketplace> {
  const place = await deployMarketplace(chain);
  const { digest, programRoot, weightsRoot } = await digitsModel();
  const [verifier, batchVerifier, multiVerifier] = (await Promise.all(
    ["DigitsDevVerifier", "DigitsDevBatchVerifier", "DigitsX4DevVerifier"].map(async (name) =>
      (await chain.ethers.deployContract(name)).getAddress(),
    ),
  )) as [string, string, string];
  const set = verifierSet({ verifier, batchVerifier, multiVerifier, jobsPerProof: 4 });
  await place.router.registerSet(set);
  const selector = await place.router.selectorOfSet(set);
  const modelVersion = await publishModel(place, verifier, {
    artifactDigest: digest,
    programRoot,
    weightsRoot,
    verifierSelector: selector,
  });
  for (const name of ["ada", "ben", "cal"] as const) {
    await place.registry
      .connect(place.actors[name])
      .setOffer(modelVersion, place.token, ASKS[name]);
  }
  await settleWeights(place);
  return { ...place, modelVersion, selector, circuit: await digitsCircuit() };
}

import { hashOrder, type Order } from "@lattice/sdk";
import { poseidonContractArtifact } from "@lattice/zkml";
import { id, toBeHex } from "ethers";
import { readInstances } from "../../packages/zkml/src/cli/manifest.ts";
import type { TrainingInstance } from "../../packages/zkml/src/cli/training-manifest.ts";
import {
  acceptProof,
  deployMarketplace,
  directOrder,
  type Marketplace,
  OUTPUT_DIGEST,
  PROOF,
  post,
} from "./orders.ts";
import type { Chain } from "./system.ts";

export const TRAINING_TERMS = {
  initialState: toBeHex(101n, 32),
  datasetRoot: toBeHex(102n, 32),
  hyperparameterHash: toBeHex(103n, 32),
  batches: 4n,
} as const;

/** The hash contract that deployments use. */
export async function deployPoseidon({ ethers }: Chain): Promise<string> {
  const { abi, bytecode } = poseidonContractArtifact();
  const factory = await ethers.getContractFactory([...abi], bytecode);
  return (await factory.deploy()).getAddress();
}

export async function deployTrainingChain(chain: Chain, { market, models }: Marketplace) {
  return chain.ethers.deployContract("TrainingChain", [
    market,
    models,
    await deployPoseidon(chain),
  ]);
}

/** A marketplace with a run of its model, created by a stranger. Proofs are those that a table accepts. */
export async function deployRun(chain: Chain) {
  const system = await deployMarketplace(chain);
  const training = await deployTrainingChain(chain, system);
  const creator = system.actors.stranger;
  const terms = { ...TRAINING_TERMS, modelVersion: system.modelVersion };
  await training.connect(creator).createRun(terms);
  const runId = await training.runIdOf(creator, terms);
  return { system, training, creator, terms, runId };
}

export type TrainingRun = Awaited<ReturnType<typeof deployRun>>;

/** An order of the run's next step. */
export async function stepOrder(
  { system, training, runId }: TrainingRun,
  changes: Partial<Order> = {},
) {
  const inputCommitment = await training.nextInput(runId);
  return directOrder(system, system.actors.ada, { inputCommitment, ...changes });
}

/** Posts the order; its named provider commits `output`, and a proof that the table accepts settles it. */
export async function settleOrder({ system }: TrainingRun, order: Order, output: string) {
  const { market, actors } = system;
  const jobId = await post(system, order);
  await market.connect(actors.ada).accept(order);
  await market.connect(actors.ada).commit(order, output, OUTPUT_DIGEST);
  await acceptProof(system, jobId, order);
  await market.prove(order, PROOF);
  return jobId;
}

/** Posts the order; its named provider delivers `output` in one call. */
export async function deliverOrder({ system }: TrainingRun, order: Order, output: string) {
  const { market, verifier, actors } = system;
  const jobId = await post(system, order);
  const context = await market.proofContext(hashOrder(order), order.provider, order.modelVersion);
  await verifier.accept(PROOF, [context, BigInt(order.inputCommitment), BigInt(output)]);
  await market.connect(actors.ada).deliver(order, output, OUTPUT_DIGEST, PROOF);
  return jobId;
}

/** A commitment that tells `name` apart: below the scalar field order. */
export function stateOf(name: string): string {
  return toBeHex(BigInt(id(name)) >> 8n, 32);
}

/** A training circuit as circuits.json declares it. */
export async function trainingInstance(name: string): Promise<TrainingInstance> {
  const found = (await readInstances()).training.steps.find((each) => each.name === name);
  if (!found) throw new Error(`circuits.json has no training circuit ${name}`);
  return found;
}

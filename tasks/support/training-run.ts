import type { Order } from "@lattice/sdk";
import {
  commitState,
  initialParameters,
  proveStep,
  type SnarkjsProver,
  type TrainingCircuit,
  type TrainingDataset,
  trainingStep,
} from "@lattice/zkml";
import { type ContractTransactionResponse, toBeHex, ZeroHash } from "ethers";
import type { ProofWords, TrainingMarket } from "./training-market.ts";

/** What one step took, and what it did. */
export interface StepReport {
  readonly step: number;
  /** Squared error per example over the whole data set, before the step and after. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  readonly accuracyAfter: number;
  readonly witnessSeconds: number;
  readonly proveSeconds: number;
  readonly peakMiB: number;
  readonly gas: {
    readonly post: bigint;
    readonly accept: bigint;
    readonly commit: bigint;
    readonly prove: bigint;
    readonly advance: bigint;
  };
  /** Commitment of the parameters after the step, as the chain has it. */
  readonly state: string;
}

export interface TrainingRunParts {
  readonly market: TrainingMarket;
  readonly dataset: TrainingDataset;
  readonly circuit: TrainingCircuit;
  readonly prover: SnarkjsProver;
  readonly seed: number;
}

const word = (value: bigint): string => toBeHex(value, 32);

/** A run of TrainingChain whose steps are ordered, computed, proven and settled here. */
export class TrainingRunner {
  readonly runId: string;
  readonly #parts: TrainingRunParts;
  #parameters: Int16Array;
  #step = 0;

  private constructor(parts: TrainingRunParts, runId: string, parameters: Int16Array) {
    this.#parts = parts;
    this.runId = runId;
    this.#parameters = parameters;
  }

  /** Creates the run on the chain, from seeded parameters. */
  static async create(parts: TrainingRunParts): Promise<TrainingRunner> {
    const { market, dataset, seed } = parts;
    const { training } = market.requester;
    const parameters = initialParameters(dataset.shape, seed);
    const { datasetRoot, hyperparameterHash, batches } = await dataset.terms();
    const terms = {
      modelVersion: market.modelVersion,
      initialState: word(await commitState(dataset.shape, parameters)),
      datasetRoot: word(datasetRoot),
      hyperparameterHash: word(hyperparameterHash),
      batches,
    };
    await (await training.createRun(terms)).wait();
    const runId = await training.runIdOf(await creatorOf(market), terms);
    return new TrainingRunner(parts, runId, parameters);
  }

  /** One job: post, accept, compute, commit, prove; then the run advances by it. */
  async advance(): Promise<StepReport> {
    const { market, dataset, circuit, prover } = this.#parts;
    const { requester, provider } = market;
    const [step, parameters] = [this.#step, this.#parameters];
    const before = this.evaluate();
    const order = market.order(await requester.training.nextInput(this.runId));
    const post = await gasOf(requester.market.post(order));
    const accept = await gasOf(provider.market.accept(order));
    const context = await market.contextOf(order);
    const proven = await proveStep(prover, { circuit, dataset, parameters, step, context });
    requireInput(order, proven.input);
    const { proof, witnessSeconds, proveSeconds, peakMemoryBytes } = proven.proof;
    const commit = await gasOf(provider.market.commit(order, word(proven.output), ZeroHash));
    const prove = await gasOf(provider.market.prove(order, [...proof] as ProofWords));
    const advance = await gasOf(requester.training.advance(this.runId, order));
    this.#parameters = proven.result.parameters;
    this.#step++;
    const after = this.evaluate();
    return {
      step,
      lossBefore: before.loss,
      lossAfter: after.loss,
      accuracyAfter: after.accuracy,
      witnessSeconds,
      proveSeconds,
      peakMiB: peakMemoryBytes / 2 ** 20,
      gas: { post, accept, commit, prove, advance },
      state: (await requester.training.runOf(this.runId)).state,
    };
  }

  /** Loss and accuracy over the whole data set. */
  evaluate(): { readonly loss: number; readonly accuracy: number } {
    const { shape, batches } = this.#parts.dataset;
    const results = batches.map((batch) => trainingStep(shape, this.#parameters, batch));
    const mean = (pick: (of: (typeof results)[number]) => number) =>
      results.reduce((sum, result) => sum + pick(result), 0) / results.length;
    return { loss: mean(({ loss }) => loss), accuracy: mean(({ accuracy }) => accuracy) };
  }
}

async function creatorOf({ requester }: TrainingMarket): Promise<string> {
  // The requester sends every call of its client.
  return (requester.runner as unknown as { getAddress(): Promise<string> }).getAddress();
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sending).wait();
  if (!receipt) throw new Error("a transaction was not mined");
  return receipt.gasUsed;
}

/** The chain and the reference must name the same input, or the proof would be for nothing. */
function requireInput(order: Order, input: bigint): void {
  if (BigInt(order.inputCommitment) === input) return;
  throw new Error(`the run expects ${order.inputCommitment}, the reference ${word(input)}`);
}

import type { ProofResult, PublicSignals, SignalsProver } from "../prover/prover.ts";
import { toField } from "../prover/statement.ts";
import type { TrainingCircuit } from "./circuit.ts";
import {
  commitState,
  requireStep,
  runHash,
  stepInput,
  type TrainingDataset,
} from "./commitments.ts";
import { type StepResult, trainingStep } from "./sgd.ts";

export interface StepStatement {
  readonly dataset: TrainingDataset;
  /** The state that the step starts from. */
  readonly parameters: Int16Array;
  /** Number of the step in its run, from 0. */
  readonly step: number;
}

/** A computed step with what its proof shows. */
export interface ComputedStep {
  readonly result: StepResult;
  /** Input commitment of the step's job. */
  readonly input: bigint;
  /** C(t + 1), the output commitment of the step's job. */
  readonly output: bigint;
}

/** @throws ZkmlError as `trainingStep` does. */
export async function computeStep({
  dataset,
  parameters,
  step,
}: StepStatement): Promise<ComputedStep> {
  const { shape } = dataset;
  requireStep(step, dataset.batches.length);
  const result = trainingStep(shape, parameters, dataset.batchOf(step));
  const run = await runHash(await dataset.terms());
  const input = await stepInput(await commitState(shape, parameters), run, step);
  return { result, input, output: await commitState(shape, result.parameters) };
}

/** Input signals of the step's circuit. */
export function stepSignals({ dataset, parameters, step }: StepStatement, context: bigint) {
  const { pixels, labels } = dataset.batchOf(step);
  return {
    contextIn: context,
    parameters: Array.from(parameters, toField),
    pixels: Array.from(pixels, BigInt),
    labels: Array.from(labels, BigInt),
    step: BigInt(step),
    batches: BigInt(dataset.batches.length),
    siblings: dataset.pathOf(step),
  };
}

export interface ProveStepRequest extends StepStatement {
  readonly circuit: TrainingCircuit;
  /** What the proof is bound to, in [0, r). */
  readonly context: bigint;
}

/**
 * Computes a step and proves it.
 * @throws ZkmlError as `trainingStep` and the prover do; PROOF_INVALID when circuit and data set differ in shape.
 */
export async function proveStep(
  prover: SignalsProver,
  { circuit, context, ...statement }: ProveStepRequest,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ComputedStep & { readonly proof: ProofResult }> {
  const computed = await computeStep(statement);
  const publicSignals: PublicSignals = [context, computed.input, computed.output];
  const signals = stepSignals(statement, context);
  const proof = await prover.proveSignals({ circuit, signals, publicSignals }, options);
  return { ...computed, proof: { ...proof, publicSignals } };
}

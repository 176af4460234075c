import type { ValueInfo } from "../ir/graph.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import type { ProofWords } from "../keys/groth16.ts";
import type { VerificationKey } from "../keys/verification-key.ts";

/** What a prover needs of any circuit; `BuiltCircuit` has it all. */
export interface KeyedCircuit {
  readonly name: string;
  readonly wasmPath: string;
  readonly zkeyPath: string;
  readonly verificationKey: VerificationKey;
}

/** What a prover needs of a model's circuit; `ModelCircuit` has it all. */
export interface ProvableCircuit extends KeyedCircuit {
  readonly jobsPerProof: number;
  readonly inputSignal: string;
  readonly input: ValueInfo;
}

export interface ProveRequest {
  readonly circuit: ProvableCircuit;
  /** What the proof is bound to, in [0, r): r the order of the BN254 groups. */
  readonly context: bigint;
  readonly input: IntegerTensor;
  /** When given, a proof of any other output is an error. */
  readonly output?: IntegerTensor;
}

/** Several jobs for one proof; their order is that of the commitments in its public signals. */
export interface ProveManyRequest {
  readonly circuit: ProvableCircuit;
  /** What the proof is bound to: the contexts of all its jobs, as one value in [0, r). */
  readonly context: bigint;
  /** As many as the circuit's `jobsPerProof`. */
  readonly inputs: readonly IntegerTensor[];
  /** When given, a proof of any other outputs is an error. */
  readonly outputs?: readonly IntegerTensor[];
}

export type PublicSignals = readonly [
  context: bigint,
  inputCommitment: bigint,
  outputCommitment: bigint,
];

/** One context, the input commitment of every job, the output commitment of every job. */
export type ManyPublicSignals = readonly bigint[];

/** A statement by its signals, for circuits that are not those of a model. */
export interface ProveSignalsRequest {
  readonly circuit: KeyedCircuit;
  /** Values of the input signals, by name, each in [0, r). */
  readonly signals: Readonly<Record<string, bigint | readonly bigint[]>>;
  /** What the proof has to show; a proof of anything else is an error. */
  readonly publicSignals: readonly bigint[];
}

export interface ProofResult<Signals = PublicSignals> {
  readonly proof: ProofWords;
  readonly publicSignals: Signals;
  readonly witnessSeconds: number;
  readonly proveSeconds: number;
  /** Largest resident size of the proving process so far, everything else in it included. */
  readonly peakMemoryBytes: number;
}

/** Makes proofs; adapters decide with what. Every proof has been verified when it is returned. */
export interface Prover {
  /**
   * @throws ZkmlError TENSOR_TYPE, TENSOR_SHAPE, WITNESS_REFUSED, PROOF_INVALID, PROVER_FAILED,
   * PROVER_CLOSED; the signal's reason when aborted.
   */
  prove(request: ProveRequest, options?: { readonly signal?: AbortSignal }): Promise<ProofResult>;
  /** Gives up what is running or waiting and frees every thread. */
  close(): Promise<void>;
}

/** A prover that also takes circuits of several jobs. */
export interface ManyProver extends Prover {
  /**
   * Proves all jobs at once, with a circuit that was built for that many.
   * @throws ZkmlError as `prove` does; TENSOR_SHAPE also for another number of jobs.
   */
  proveMany(
    request: ProveManyRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ProofResult<ManyPublicSignals>>;
}

/** A prover that also takes circuits that are not those of a model. */
export interface SignalsProver {
  /** @throws ZkmlError WITNESS_REFUSED, PROOF_INVALID, PROVER_FAILED, PROVER_CLOSED; the signal's reason. */
  proveSignals(
    request: ProveSignalsRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ProofResult<readonly bigint[]>>;
}

import type { ValueInfo } from "../ir/graph.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import type { ProofWords } from "../keys/groth16.ts";
import type { VerificationKey } from "../keys/verification-key.ts";

/** What a prover needs of a circuit; `ModelCircuit` has it all. */
export interface ProvableCircuit {
  readonly name: string;
  readonly wasmPath: string;
  readonly zkeyPath: string;
  readonly verificationKey: VerificationKey;
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

export type PublicSignals = readonly [
  context: bigint,
  inputCommitment: bigint,
  outputCommitment: bigint,
];

export interface ProofResult {
  readonly proof: ProofWords;
  readonly publicSignals: PublicSignals;
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

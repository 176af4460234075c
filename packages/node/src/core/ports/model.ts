import type { Proof } from "../job.ts";

export interface TensorInfo {
  readonly name: string;
  readonly elementType: "uint8" | "int8" | "int32";
  readonly shape: readonly number[];
  /** Length of the tensor as an artifact: row-major, little-endian. */
  readonly byteLength: number;
}

export interface ProofTimes {
  readonly witnessSeconds: number;
  readonly proveSeconds: number;
}

export interface ProofResult extends ProofTimes {
  readonly proof: Proof;
  /** Largest resident size of the process that proved, bytes. */
  readonly peakMemoryBytes: number;
  /** context, input commitment, output commitment. */
  readonly publicSignals: readonly bigint[];
}

/**
 * A model version that was checked against the registry: its artifact has the registered digest,
 * program and weights, and its proving key fits the registered verifier. Tensors are artifact bytes.
 */
export interface ServedModel {
  readonly modelVersion: string;
  readonly input: TensorInfo;
  readonly output: TensorInfo;
  /** Poseidon commitment of an input. @throws NodeError INPUT_MISMATCH when the bytes do not fit. */
  commitInput(bytes: Uint8Array): Promise<bigint>;
  commitOutput(bytes: Uint8Array): Promise<bigint>;
  /** Runs the model in ONNX Runtime. */
  execute(input: Uint8Array): Promise<Uint8Array>;
  /** Runs the model in the reference interpreter. */
  replay(input: Uint8Array): Promise<Uint8Array>;
  prove(input: Uint8Array, context: bigint, signal: AbortSignal): Promise<ProofResult>;
  close(): Promise<void>;
}

/** Models by version id. */
export interface ModelCatalog {
  get(modelVersion: string): ServedModel | undefined;
}

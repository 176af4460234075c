import type { Accusation, BondedResult, Exchange, Move, OutputOpening, Reply } from "../dispute.ts";
import type { Proof } from "../job.ts";
import type { Tier } from "../order.ts";
import type { Trace } from "./traces.ts";

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

/** A run of a model, and the commitment to every tensor of it. */
export interface TracedRun {
  readonly output: Uint8Array;
  readonly trace: Trace;
}

/**
 * A model version whose results can be held against its program: its artifact has the registered
 * program and weights roots, which are those of the canonical program.
 */
export interface TracedModel {
  readonly modelVersion: string;
  readonly input: TensorInfo;
  /** Chunks of 1,024 bytes that the input has as its tensor root commits to it. */
  readonly inputChunks: number;
  /** The artifact of an input from those chunks. */
  unpackInput(chunks: readonly Uint8Array[]): Uint8Array;
  /** Tensor root of an input, hex. @throws NodeError INPUT_MISMATCH when the bytes do not fit. */
  inputRoot(bytes: Uint8Array): string;
  /** Runs the model and commits to everything it computed. */
  run(input: Uint8Array, signal?: AbortSignal): Promise<TracedRun>;
  /** The same in exact integers, slowly: kernels of this machine may be wrong. */
  replay(input: Uint8Array, signal?: AbortSignal): Promise<TracedRun>;
  /** What is wrong with `suspect`, which another run of the same input should equal. */
  findFault(honest: Trace, suspect: Trace, result: BondedResult): Accusation | undefined;
  /** What an inquirer does after these answers; undefined when they say nothing against the provider. */
  nextMove(honest: Trace, exchanges: readonly Exchange[], result: BondedResult): Move | undefined;
  /** The provider's answer to the question that follows these exchanges. */
  answer(trace: Trace, exchanges: readonly Exchange[]): Reply;
  /** Chunks of the output, opened. */
  openOutput(trace: Trace, firstChunk: number, chunkCount: number): OutputOpening;
}

/** Traced models by version id, opened when first asked for. */
export interface TracedModels {
  /** @throws NodeError MODEL_UNKNOWN, MODEL_MISMATCH or ARTIFACT_NOT_FOUND. */
  open(modelVersion: string, signal: AbortSignal): Promise<TracedModel>;
}

/**
 * A model version that was checked against the registry: its artifact has the registered digest,
 * program and weights, and for tier Zk its proving key fits the registered verifier. Tensors are
 * artifact bytes.
 */
export interface ServedModel {
  readonly modelVersion: string;
  readonly input: TensorInfo;
  readonly output: TensorInfo;
  /** Tiers in which it is served: what the version supports and this node can do. */
  readonly tiers: ReadonlySet<Tier>;
  /** For tier Optimistic; undefined when it is not served there. */
  readonly traced: TracedModel | undefined;
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

import type { Proof } from "../../src/core/job.ts";
import { Tier } from "../../src/core/order.ts";
import type { ArtifactStore } from "../../src/core/ports/artifacts.ts";
import type {
  ProofResult,
  ServedModel,
  TensorInfo,
  TracedModel,
} from "../../src/core/ports/model.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { MODEL, word } from "./jobs.ts";

export const PROOF: Proof = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];

const info = (name: string): TensorInfo => ({
  name,
  elementType: "uint8",
  shape: [2],
  byteLength: 2,
});

const sum = (bytes: Uint8Array) => BigInt(bytes.reduce((total, byte) => total + byte, 0));

/** A model that doubles bytes; a commitment is the sum of the bytes. */
export class FakeModel implements ServedModel {
  readonly modelVersion = MODEL;
  readonly input = info("in");
  readonly output = info("out");
  readonly tiers: ReadonlySet<Tier> = new Set([Tier.Zk, Tier.Optimistic]);
  traced: TracedModel | undefined;
  runs = 0;
  proofs = 0;
  replay = async (input: Uint8Array): Promise<Uint8Array> => input.map((byte) => byte * 2);
  beforeProof: (signal: AbortSignal) => Promise<void> = async () => undefined;
  publicSignals: readonly bigint[] | undefined;

  async commitInput(bytes: Uint8Array): Promise<bigint> {
    return sum(bytes);
  }

  async commitOutput(bytes: Uint8Array): Promise<bigint> {
    return sum(bytes);
  }

  async execute(input: Uint8Array): Promise<Uint8Array> {
    this.runs++;
    return input.map((byte) => byte * 2);
  }

  async prove(input: Uint8Array, context: bigint, signal: AbortSignal): Promise<ProofResult> {
    await this.beforeProof(signal);
    this.proofs++;
    const publicSignals = this.publicSignals ?? [context, sum(input), 2n * sum(input)];
    return {
      proof: PROOF,
      publicSignals,
      witnessSeconds: 1,
      proveSeconds: 2,
      peakMemoryBytes: 3e8,
    };
  }

  async close(): Promise<void> {}
}

/** Artifacts by made-up digests: one word for each that is put, or as given to `hold`. */
export class MemoryArtifacts implements ArtifactStore {
  readonly held = new Map<string, Uint8Array>();

  hold(digest: string, ...bytes: number[]): void {
    this.held.set(digest, Uint8Array.from(bytes));
  }

  async get(digest: string): Promise<Uint8Array> {
    const bytes = this.held.get(digest);
    if (bytes) return bytes;
    throw new NodeError("ARTIFACT_NOT_FOUND", `no ${digest}`, { digest });
  }

  async put(bytes: Uint8Array): Promise<string> {
    const digest = word(1_000n + sum(bytes));
    this.held.set(digest, bytes);
    return digest;
  }

  async has(digest: string): Promise<boolean> {
    return this.held.has(digest);
  }
}

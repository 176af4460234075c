import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ZkmlError } from "../errors/zkml-error.ts";
import { type ProofWords, proofWords, type SnarkjsProof, verifyProof } from "../keys/groth16.ts";
import { runBinary } from "./binary-process.ts";
import { describeError } from "./describe-error.ts";
import { QueuedProver, type QueuedProverOptions } from "./queued-prover.ts";
import { DEFAULT_MEMORY_MIB } from "./snarkjs-prover.ts";
import type { ProverReply, ProverTask } from "./task.ts";
import { calculateWitness, requireMemoryLimit } from "./witness.ts";

export interface BinaryProverOptions extends QueuedProverOptions {
  /** Program that is called as `PATH circuit.zkey witness.wtns proof.json public.json`. */
  readonly path: string;
  /** Placed before the four files; default none. */
  readonly parameters?: readonly string[];
  /** For the program, the witness not counted. Default 600 000. */
  readonly timeoutMs?: number;
  /** For the witness's thread, and for the program's resident size on Linux. Default 2 048. */
  readonly maxMemoryMiB?: number;
}

const DEFAULT_TIMEOUT_MS = 600_000;

/**
 * Proves with a program that has rapidsnark's command line. The witness is calculated in a thread
 * here; the program gets it in a folder that only this user can read and that is removed
 * afterwards. Its proof is verified here, so a faulty program cannot do harm. `peakMemoryBytes` is
 * that of the program, sampled; 0 where the system has no /proc.
 */
export class BinaryProver extends QueuedProver {
  readonly #path: string;
  readonly #parameters: readonly string[];
  readonly #timeoutMs: number;
  readonly #maxMemoryMiB: number;

  constructor({
    path,
    parameters = [],
    timeoutMs = DEFAULT_TIMEOUT_MS,
    maxMemoryMiB = DEFAULT_MEMORY_MIB,
    ...options
  }: BinaryProverOptions) {
    super("binary", options);
    this.#path = path;
    this.#parameters = parameters;
    this.#timeoutMs = timeoutMs;
    this.#maxMemoryMiB = requireMemoryLimit(maxMemoryMiB);
  }

  protected override async run(task: ProverTask, signal: AbortSignal): Promise<ProverReply> {
    const limits = { signal, maxMemoryMiB: this.#maxMemoryMiB };
    const calculated = await calculateWitness(task, limits);
    if (!calculated.ok) return calculated;
    const folder = await mkdtemp(join(tmpdir(), "lattice-proof-"));
    try {
      const started = performance.now();
      const witnessPath = join(folder, "witness.wtns");
      await writeFile(witnessPath, calculated.witness);
      const files = [join(folder, "proof.json"), join(folder, "public.json")] as const;
      const parameters = [...this.#parameters, task.zkeyPath, witnessPath, ...files];
      const peakMemoryBytes = await runBinary(this.#path, parameters, {
        ...limits,
        timeoutMs: this.#timeoutMs,
      });
      const { proof, publicSignals } = await this.#read(...files);
      const proveSeconds = (performance.now() - started) / 1000;
      if (!(await verifyProof(task.verificationKey, publicSignals, proof))) {
        return { ok: false, code: "PROOF_INVALID", message: `${this.#path} made a false proof` };
      }
      const figures = { witnessSeconds: calculated.seconds, proveSeconds, peakMemoryBytes };
      return { ok: true, proof, publicSignals, ...figures };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #read(
    proofPath: string,
    publicPath: string,
  ): Promise<{ readonly proof: ProofWords; readonly publicSignals: readonly bigint[] }> {
    try {
      const proof = parse(await readFile(proofPath, "utf8")) as SnarkjsProof;
      const signals = parse(await readFile(publicPath, "utf8")) as string[];
      return { proof: proofWords(proof), publicSignals: signals.map(BigInt) };
    } catch (cause) {
      throw new ZkmlError(
        "PROVER_FAILED",
        `the prover ${this.#path} ended well but left no proof that can be read: ${describeError(cause)}`,
        { path: this.#path },
        { cause },
      );
    }
  }
}

/** rapidsnark ends its files with a zero byte in some versions. */
function parse(text: string): unknown {
  return JSON.parse(text.replace(/\0+$/, ""));
}

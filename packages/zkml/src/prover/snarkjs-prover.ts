import { QueuedProver, type QueuedProverOptions } from "./queued-prover.ts";
import type { ProofTask } from "./snarkjs-worker.ts";
import type { ProverReply, ProverTask } from "./task.ts";
import { runThread } from "./thread.ts";
import { calculateWitness, requireMemoryLimit } from "./witness.ts";

export interface SnarkjsProverOptions extends QueuedProverOptions {
  /**
   * Heap, buffers and WebAssembly memory that one thread of a proof may take; compiled code and
   * the process itself come on top, about 100 MiB. Default 2 048.
   */
  readonly maxMemoryMiB?: number;
}

export const DEFAULT_MEMORY_MIB = 2_048;

/**
 * Proves with snarkjs, one proof a time in threads of its own: one calculates the witness, the
 * next makes the proof, and each gives its memory back when it ends. Cancelling ends the thread.
 */
export class SnarkjsProver extends QueuedProver {
  readonly #maxMemoryMiB: number;

  constructor({ maxMemoryMiB = DEFAULT_MEMORY_MIB, ...options }: SnarkjsProverOptions = {}) {
    super("snarkjs", options);
    this.#maxMemoryMiB = requireMemoryLimit(maxMemoryMiB);
  }

  protected override async run(task: ProverTask, signal: AbortSignal): Promise<ProverReply> {
    const limits = { signal, maxMemoryMiB: this.#maxMemoryMiB };
    const calculated = await calculateWitness(task, limits);
    if (!calculated.ok) return calculated;
    const { zkeyPath, verificationKey } = task;
    const { witness, seconds: witnessSeconds } = calculated;
    const proof: ProofTask = { zkeyPath, verificationKey, witness, witnessSeconds };
    const transfer = [witness.buffer];
    return runThread<ProverReply>(new URL("snarkjs-worker.ts", import.meta.url), proof, {
      ...limits,
      transfer,
    });
  }
}

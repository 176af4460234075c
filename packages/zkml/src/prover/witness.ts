import type { ProverTask } from "./task.ts";
import { runThread, type ThreadOptions } from "./thread.ts";
import type { WitnessReply } from "./witness-worker.ts";

/**
 * The values of all wires, as the bytes of a .wtns file.
 * @throws ZkmlError PROVER_MEMORY, PROVER_FAILED; the signal's reason.
 */
export function calculateWitness(
  { wasmPath, signals }: ProverTask,
  limits: ThreadOptions,
): Promise<WitnessReply> {
  const module = new URL("witness-worker.ts", import.meta.url);
  return runThread<WitnessReply>(module, { wasmPath, signals }, limits);
}

/** @throws RangeError when the limit is no positive number. */
export function requireMemoryLimit(maxMemoryMiB: number): number {
  if (maxMemoryMiB > 0) return maxMemoryMiB;
  throw new RangeError(`maxMemoryMiB must be positive, not ${maxMemoryMiB}`);
}

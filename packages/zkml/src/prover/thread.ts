import { Worker } from "node:worker_threads";
import { ZkmlError } from "../errors/zkml-error.ts";
import { INERT_WEB_WORKER } from "../keys/inert-web-worker.ts";

export interface ThreadOptions {
  readonly signal: AbortSignal;
  /** Bound on the thread's heap, buffers and WebAssembly memory together. */
  readonly maxMemoryMiB: number;
  /** Buffers that are moved to the thread instead of copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

const MIB = 2 ** 20;
/**
 * Objects of a proof fit well below: what grows with the circuit are buffers outside the heap. A
 * small heap is collected often, so garbage does not pile up beside the buffers.
 */
const HEAP_MIB = 64;
/** Rooms of this size for new objects keep the peak down at no measurable cost of time. */
const YOUNG_HEAP_MIB = 2;
const WATCH_MS = 50;

/**
 * Runs a module in a thread of its own, which ends with its first message: all memory it took goes
 * back to the process.
 * @throws ZkmlError PROVER_MEMORY, PROVER_FAILED; the signal's reason.
 */
export function runThread<Reply>(
  module: URL,
  data: object,
  { signal, maxMemoryMiB, transfer = [] }: ThreadOptions,
): Promise<Reply> {
  signal.throwIfAborted();
  const worker = new Worker(module, {
    workerData: { ...data, ...INERT_WEB_WORKER },
    transferList: [...transfer],
    resourceLimits: {
      maxOldGenerationSizeMb: Math.min(HEAP_MIB, maxMemoryMiB),
      maxYoungGenerationSizeMb: YOUNG_HEAP_MIB,
    },
  });
  return new Promise<Reply>((resolve, reject) => {
    const watch = setInterval(() => void checkMemory(), WATCH_MS);
    const settle = (finish: () => void): void => {
      clearInterval(watch);
      signal.removeEventListener("abort", abort);
      worker.removeAllListeners();
      // Its failure is already reported or wanted; an unheard "error" would end the process.
      worker.on("error", () => {});
      void worker.terminate().then(finish, finish);
    };
    const fail = (reason: unknown): void => settle(() => reject(reason));
    const abort = (): void => fail(signal.reason);
    const checkMemory = async (): Promise<void> => {
      const used = await memoryOf(worker);
      if (used > maxMemoryMiB * MIB) fail(tooMuchMemory(maxMemoryMiB));
    };
    worker.once("message", (reply: Reply) => settle(() => resolve(reply)));
    worker.once("error", (cause: NodeJS.ErrnoException) =>
      fail(
        cause.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? tooMuchMemory(maxMemoryMiB)
          : stopped(cause.message, cause),
      ),
    );
    worker.once("exit", (code) => fail(stopped(`its thread ended with code ${code}`)));
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** Bytes of heap, buffers and WebAssembly memory; 0 for a thread that is starting or has ended. */
async function memoryOf(worker: Worker): Promise<number> {
  try {
    const { used_heap_size, external_memory } = await worker.getHeapStatistics();
    return used_heap_size + external_memory;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_NOT_RUNNING") throw error;
    return 0;
  }
}

function tooMuchMemory(maxMemoryMiB: number): ZkmlError {
  return new ZkmlError(
    "PROVER_MEMORY",
    `the proof needs more than ${maxMemoryMiB} MiB; raise maxMemoryMiB or prove a smaller circuit`,
    { maxMemoryMiB },
  );
}

function stopped(message: string, cause?: unknown): ZkmlError {
  return new ZkmlError("PROVER_FAILED", `the prover stopped: ${message}`, {}, { cause });
}

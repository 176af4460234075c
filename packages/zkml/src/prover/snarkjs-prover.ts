import { Worker } from "node:worker_threads";
import { ZkmlError } from "../errors/zkml-error.ts";
import { INERT_WEB_WORKER } from "../keys/inert-web-worker.ts";
import type {
  ManyProver,
  ManyPublicSignals,
  ProofResult,
  ProveManyRequest,
  ProveRequest,
  ProveSignalsRequest,
  PublicSignals,
  SignalsProver,
} from "./prover.ts";
import type { WorkerReply, WorkerTask } from "./snarkjs-worker.ts";
import { checkedResult, checkedSignals, signalsTask, workerTask } from "./statement.ts";

export interface SnarkjsProverOptions {
  /** Proofs at a time, one thread each; others wait in order. Default 1. */
  readonly concurrency?: number;
}

interface Waiting {
  readonly start: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Proves with snarkjs in worker threads, one proof a thread. Idle threads are kept for the next
 * proof and do not keep the process alive.
 */
export class SnarkjsProver implements ManyProver, SignalsProver {
  readonly #concurrency: number;
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, (reason: unknown) => void>();
  readonly #waiting: Waiting[] = [];
  #busy = 0;
  #closed = false;

  constructor({ concurrency = 1 }: SnarkjsProverOptions = {}) {
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new RangeError(`concurrency must be a positive integer, not ${concurrency}`);
    }
    this.#concurrency = concurrency;
  }

  async prove(
    { circuit, context, input, output }: ProveRequest,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<ProofResult> {
    const outputs = output === undefined ? {} : { outputs: [output] };
    const result = await this.proveMany({ circuit, context, inputs: [input], ...outputs }, options);
    return { ...result, publicSignals: result.publicSignals as PublicSignals };
  }

  async proveMany(
    request: ProveManyRequest,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ProofResult<ManyPublicSignals>> {
    return checkedResult(request, await this.#inTurn(workerTask(request), signal));
  }

  async proveSignals(
    request: ProveSignalsRequest,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ProofResult<readonly bigint[]>> {
    return checkedSignals(request, await this.#inTurn(signalsTask(request), signal));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    const workers = [...this.#idle.splice(0), ...this.#running.keys()];
    for (const reject of this.#running.values()) reject(closedError());
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  async #inTurn(task: WorkerTask, signal: AbortSignal | undefined): Promise<WorkerReply> {
    await this.#acquire(signal);
    try {
      return await this.#runTask(task, signal);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.start();
    }
  }

  /** Resolves when fewer than `concurrency` proofs are running, counting this one in. */
  #acquire(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    if (this.#busy < this.#concurrency) {
      this.#busy++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        start: () => {
          signal?.removeEventListener("abort", abort);
          this.#busy++;
          resolve();
        },
        reject,
      };
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.push(entry);
    });
  }

  async #runTask(task: WorkerTask, signal: AbortSignal | undefined): Promise<WorkerReply> {
    if (this.#closed) throw closedError();
    signal?.throwIfAborted();
    const worker = this.#idle.pop() ?? startWorker();
    return new Promise<WorkerReply>((resolve, reject) => {
      const settle = (keep: boolean): void => {
        worker.removeAllListeners();
        signal?.removeEventListener("abort", abort);
        this.#running.delete(worker);
        if (keep && !this.#closed) {
          this.#rest(worker);
        } else {
          // Its failure is already reported or wanted; an unheard "error" would end the process.
          worker.on("error", () => {});
          void worker.terminate();
        }
      };
      const fail = (reason: unknown): void => {
        settle(false);
        reject(reason);
      };
      const abort = (): void => fail(signal?.reason);
      worker.removeAllListeners();
      worker.once("message", (reply: WorkerReply) => {
        settle(true);
        resolve(reply);
      });
      worker.once("error", (cause: Error) => fail(stopped(cause.message, cause)));
      worker.once("exit", (code) => fail(stopped(`its thread ended with code ${code}`)));
      signal?.addEventListener("abort", abort, { once: true });
      this.#running.set(worker, fail);
      worker.ref();
      worker.postMessage(task);
    });
  }

  /** Keeps a worker for the next proof; one that dies meanwhile is forgotten. */
  #rest(worker: Worker): void {
    const forget = (): void => {
      const index = this.#idle.indexOf(worker);
      if (index !== -1) this.#idle.splice(index, 1);
    };
    worker.once("error", forget);
    worker.once("exit", forget);
    worker.unref();
    this.#idle.push(worker);
  }
}

function startWorker(): Worker {
  return new Worker(new URL("snarkjs-worker.ts", import.meta.url), {
    workerData: INERT_WEB_WORKER,
  });
}

function stopped(message: string, cause?: unknown): ZkmlError {
  return new ZkmlError("PROVER_FAILED", `the prover stopped: ${message}`, {}, { cause });
}

function closedError(): ZkmlError {
  return new ZkmlError("PROVER_CLOSED", "the prover is closed; make a new one");
}

import { Worker } from "node:worker_threads";
import { commitTensor } from "../circuit/commit-tensor.ts";
import { ZkmlError } from "../errors/zkml-error.ts";
import { bindInputs } from "../ir/inputs.ts";
import { FIELD_ORDER } from "../keys/field.ts";
import { INERT_WEB_WORKER } from "../keys/inert-web-worker.ts";
import type { ProofResult, ProveRequest, Prover, PublicSignals } from "./prover.ts";
import type { WorkerReply, WorkerTask } from "./snarkjs-worker.ts";

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
export class SnarkjsProver implements Prover {
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
    request: ProveRequest,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ProofResult> {
    const { circuit, context, input } = request;
    bindInputs([circuit.input], input);
    if (context < 0n || context >= FIELD_ORDER) {
      throw new ZkmlError("WITNESS_REFUSED", "the context must be in [0, r); reduce it first");
    }
    await this.#acquire(signal);
    try {
      const reply = await this.#runTask(
        {
          wasmPath: circuit.wasmPath,
          zkeyPath: circuit.zkeyPath,
          verificationKey: circuit.verificationKey,
          signals: {
            contextIn: context,
            [circuit.inputSignal]: Array.from(input.data, toField),
          },
        },
        signal,
      );
      return await checkedResult(request, reply);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.start();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    const workers = [...this.#idle.splice(0), ...this.#running.keys()];
    for (const reject of this.#running.values()) reject(closedError());
    await Promise.all(workers.map((worker) => worker.terminate()));
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

async function checkedResult(
  { circuit, context, input, output }: ProveRequest,
  reply: WorkerReply,
): Promise<ProofResult> {
  if (!reply.ok) {
    throw new ZkmlError(reply.code, `circuit "${circuit.name}": ${reply.message}`, {
      circuit: circuit.name,
    });
  }
  const expected = [context, await commitTensor(input), output && (await commitTensor(output))];
  const mismatch = expected.findIndex(
    (value, i) => value !== undefined && value !== reply.publicSignals[i],
  );
  if (mismatch !== -1 || reply.publicSignals.length !== expected.length) {
    const what = ["context", "input", "output"][mismatch] ?? "number of public signals";
    throw new ZkmlError(
      "PROOF_INVALID",
      `circuit "${circuit.name}" proved another ${what} than the one given; ` +
        "build the circuit from the model that was run",
      { circuit: circuit.name, what },
    );
  }
  const { ok: _, ...result } = reply;
  return { ...result, publicSignals: reply.publicSignals as unknown as PublicSignals };
}

/** Negative numbers are field negatives. */
function toField(value: number): bigint {
  return value < 0 ? FIELD_ORDER + BigInt(value) : BigInt(value);
}

function stopped(message: string, cause?: unknown): ZkmlError {
  return new ZkmlError("PROVER_FAILED", `the prover stopped: ${message}`, {}, { cause });
}

function closedError(): ZkmlError {
  return new ZkmlError("PROVER_CLOSED", "the prover is closed; make a new one");
}

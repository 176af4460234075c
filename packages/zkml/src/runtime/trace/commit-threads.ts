import { Worker } from "node:worker_threads";
import { ZkmlError } from "../../errors/zkml-error.ts";
import type { HashJob } from "./hash-job.ts";

interface Pending {
  left: number;
  resolve(): void;
  reject(error: ZkmlError): void;
}

interface Thread {
  readonly worker: Worker;
  /** Jobs that it was sent, in order, and has not answered. */
  readonly jobs: Pending[];
}

/** Threads that share every job; they are started with the first one, and let the process end. */
export class CommitThreads {
  readonly count: number;
  readonly #threads: Thread[] = [];
  #failure: ZkmlError | undefined;

  constructor(count: number) {
    this.count = count;
  }

  /** @throws ZkmlError COMMIT_FAILED when a thread stops, or after `close`. */
  run(job: HashJob): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    while (this.#threads.length < this.count) this.#threads.push(this.#start());
    return new Promise((resolve, reject) => {
      const pending: Pending = { left: this.count, resolve, reject };
      for (const { worker, jobs } of this.#threads) {
        jobs.push(pending);
        worker.ref();
        worker.postMessage(job);
      }
    });
  }

  async close(): Promise<void> {
    this.#fail("it was closed");
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #start(): Thread {
    const worker = new Worker(new URL("./commit-thread.ts", import.meta.url));
    const jobs: Pending[] = [];
    worker.unref();
    worker.on("message", () => {
      const pending = jobs.shift() as Pending;
      if (--pending.left === 0) pending.resolve();
      if (jobs.length === 0) worker.unref();
    });
    worker.on("error", (cause: Error) => this.#fail(cause.message, cause));
    worker.on("exit", (code) => this.#fail(`a thread ended with code ${code}`));
    return { worker, jobs };
  }

  /** What is pending fails, and whatever comes later. */
  #fail(reason: string, cause?: unknown): void {
    this.#failure ??= new ZkmlError(
      "COMMIT_FAILED",
      `committing to a trace stopped: ${reason}`,
      {},
      { cause },
    );
    for (const { jobs } of this.#threads) {
      for (const { reject } of jobs.splice(0)) reject(this.#failure);
    }
  }
}

import { ZkmlError } from "../errors/zkml-error.ts";

/** Lets a number of tasks run at a time; the others wait in order. */
export class Turns {
  readonly #concurrency: number;
  readonly #waiting: (() => void)[] = [];
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #busy = 0;

  /** @throws RangeError when `concurrency` is no positive integer. */
  constructor(concurrency: number) {
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new RangeError(`concurrency must be a positive integer, not ${concurrency}`);
    }
    this.#concurrency = concurrency;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  get running(): number {
    return this.#busy;
  }

  /**
   * Runs `task` when it is its turn. Its signal is aborted with the reason of `signal`, or with
   * PROVER_CLOSED when these turns are closed.
   * @throws ZkmlError PROVER_CLOSED; the signal's reason; what the task throws.
   */
  async take<T>(
    task: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const closing = this.#closing.signal;
    const either = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    await this.#acquire(either);
    const running = (async () => {
      either.throwIfAborted();
      return task(either);
    })();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      this.#release();
    }
  }

  /** Aborts what runs and what waits; resolves when all of it has ended. */
  async close(): Promise<void> {
    this.#closing.abort(new ZkmlError("PROVER_CLOSED", "the prover is closed; make a new one"));
    await Promise.allSettled(this.#running);
  }

  #acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#busy < this.#concurrency) {
      this.#busy++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(start);
    });
  }

  /** Hands the turn to whoever waits longest, so that nobody who comes meanwhile takes it. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy--;
    else next();
  }
}

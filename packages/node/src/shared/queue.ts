import { NodeError } from "./errors.ts";

export interface QueueOptions {
  readonly name: string;
  /** Tasks that run at the same time. */
  readonly concurrency: number;
  /** Tasks that may wait; one more is refused with QUEUE_FULL. */
  readonly capacity: number;
}

interface Waiting {
  readonly start: () => void;
  readonly cancel: (reason: unknown) => void;
}

/** Runs tasks first in, first out, a few at a time, and refuses more than it can hold. */
export class BoundedQueue {
  readonly #options: QueueOptions;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** True when `run` would be refused. */
  get full(): boolean {
    return (
      this.#running >= this.#options.concurrency && this.#waiting.length >= this.#options.capacity
    );
  }

  /** Runs `task` in its turn. A task whose signal aborts while it waits never starts. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { name, capacity } = this.#options;
    signal?.throwIfAborted();
    if (this.#closed) throw new NodeError("CLOSED", `the ${name} queue was closed`, { name });
    if (this.full) {
      throw new NodeError("QUEUE_FULL", `the ${name} queue holds ${capacity} waiting tasks`, {
        name,
        capacity,
      });
    }
    await this.#turn(signal);
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  /** Refuses new tasks and cancels those that wait. Running ones end by their own signals. */
  close(): void {
    this.#closed = true;
    const { name } = this.#options;
    for (const { cancel } of this.#waiting.splice(0)) {
      cancel(new NodeError("CLOSED", `the ${name} queue was closed`, { name }));
    }
  }

  #turn(signal?: AbortSignal): Promise<void> {
    if (this.#running < this.#options.concurrency) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        const index = this.#waiting.indexOf(entry);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal?.reason);
      };
      const entry: Waiting = {
        start: () => {
          signal?.removeEventListener("abort", leave);
          this.#running++;
          resolve();
        },
        cancel: (reason) => {
          signal?.removeEventListener("abort", leave);
          reject(reason);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(entry);
    });
  }

  #next(): void {
    if (this.#running < this.#options.concurrency) this.#waiting.shift()?.start();
  }
}

import type { JobId } from "../../core/job.ts";
import type { ProofQueueStore, QueuedProof } from "../../core/ports/state.ts";
import { codeOf, isAbort, messageOf, NodeError } from "../../shared/errors.ts";
import { Mutex } from "../../shared/mutex.ts";
import { backoffMs } from "../../shared/retry.ts";
import type { Clock } from "../../shared/time.ts";
import { proofAbandoned, queueClosed } from "./errors.ts";
import type { ProverMetrics } from "./metrics.ts";

export interface ProofQueueOptions {
  /** Proofs made at the same time. */
  readonly concurrency: number;
  /** Proofs that may wait; one more is refused with QUEUE_FULL. */
  readonly capacity: number;
  /** Attempts at one proof, those that ended with the process included. */
  readonly maxAttempts: number;
  /** Pause after the first failure; doubles each time up to `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/** The queue at one moment. */
export interface ProofQueueStatus {
  readonly waiting: number;
  readonly running: number;
  /** Seconds since the longest-waiting proof was asked for; 0 when none waits. */
  readonly oldestWaitSeconds: number;
  readonly proofs: readonly QueuedProof[];
}

interface Waiter {
  readonly start: () => void;
  readonly cancel: (reason: unknown) => void;
}

interface Dependencies {
  readonly store: ProofQueueStore;
  readonly wall: Clock;
  readonly metrics: ProverMetrics;
}

const INTERRUPTED = "INTERRUPTED: the process ended during the proof";

/**
 * Proofs that are owed, first asked first made. Every change is stored before it takes effect: after
 * a crash the order, the attempts and the last errors are those from before it, and an attempt
 * that took the process down with it counts.
 */
export class ProofQueue {
  readonly #options: ProofQueueOptions;
  readonly #deps: Dependencies;
  readonly #waiters = new Map<JobId, Waiter>();
  readonly #writes = new Mutex();
  #proofs: QueuedProof[] = [];
  #opened: Promise<void> | undefined;
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ProofQueueOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
  }

  /** Takes up what an earlier process left; without effect the second time. */
  open(): Promise<void> {
    this.#opened ??= this.#load();
    return this.#opened;
  }

  /** True when `run` would be refused for a proof that does not wait yet. */
  get full(): boolean {
    const { concurrency, capacity } = this.#options;
    return this.#running >= concurrency && this.#waiters.size >= capacity;
  }

  get status(): ProofQueueStatus {
    const waiting = this.#proofs.filter(({ running }) => !running);
    const oldest = Math.min(...waiting.map(({ since }) => since));
    return {
      waiting: waiting.length,
      running: this.#proofs.length - waiting.length,
      oldestWaitSeconds: waiting.length === 0 ? 0 : (this.#deps.wall.now() - oldest) / 1000,
      proofs: [...this.#proofs],
    };
  }

  /** Place of a proof in the queue, from 0; infinite when it is not in it. */
  placeOf(jobId: JobId): number {
    const index = this.#indexOf(jobId);
    return index === -1 ? Number.POSITIVE_INFINITY : index;
  }

  /**
   * Makes a proof in its turn. When `task` returns, the proof is no longer owed.
   * @throws NodeError QUEUE_FULL, CLOSED, PROOF_ABANDONED after the last attempt; what `task` throws.
   */
  async run<T>(jobId: JobId, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.open();
    signal.throwIfAborted();
    this.#refuse(jobId);
    if (this.#indexOf(jobId) === -1) {
      const since = this.#deps.wall.now();
      await this.#store([
        ...this.#proofs,
        { jobId, since, attempts: 0, running: false, retryAt: 0 },
      ]);
    }
    await this.#turn(jobId, signal);
    try {
      await this.#change(jobId, ({ attempts }) => ({ running: true, attempts: attempts + 1 }));
      const result = await task();
      await this.drop(jobId);
      return result;
    } catch (error) {
      throw await this.#failed(jobId, error, signal);
    } finally {
      this.#running--;
      this.#next();
    }
  }

  /** The proof is not owed any more. */
  async drop(jobId: JobId): Promise<void> {
    if (this.#indexOf(jobId) === -1) return;
    await this.#store(this.#proofs.filter((proof) => proof.jobId !== jobId));
  }

  /** Cancels what waits in this process; the stored queue stays as it is. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { cancel } of this.#waiters.values()) cancel(queueClosed());
    this.#waiters.clear();
  }

  async #load(): Promise<void> {
    const found = await this.#deps.store.load();
    const interrupted = found.filter(({ running }) => running).length;
    this.#proofs = found.map((proof) =>
      proof.running ? { ...proof, running: false, lastError: INTERRUPTED } : proof,
    );
    this.#deps.metrics.add("interrupted", interrupted);
    if (interrupted > 0) await this.#store(this.#proofs);
  }

  #refuse(jobId: JobId): void {
    const { capacity, maxAttempts } = this.#options;
    if (this.#closed) throw queueClosed();
    const proof = this.#proofs[this.#indexOf(jobId)];
    if (proof !== undefined && proof.attempts >= maxAttempts) throw proofAbandoned(proof);
    if (this.#waiters.has(jobId) || proof?.running) {
      throw new Error(`the proof of job ${jobId} was asked for twice`);
    }
    if (this.full) {
      throw new NodeError("QUEUE_FULL", `the proof queue holds ${capacity} waiting proofs`, {
        capacity,
      });
    }
  }

  /** Counts a failure, but not one that a shutdown caused. */
  async #failed(jobId: JobId, error: unknown, signal: AbortSignal): Promise<unknown> {
    const { wall, metrics } = this.#deps;
    const { baseMs, maxMs, maxAttempts } = this.#options;
    if (isAbort(error) || signal.aborted) {
      await this.#change(jobId, ({ attempts }) => ({ running: false, attempts: attempts - 1 }));
      return error;
    }
    metrics.add("failures");
    await this.#change(jobId, ({ attempts }) => ({
      running: false,
      retryAt: wall.now() + backoffMs(attempts - 1, baseMs, maxMs),
      lastError: `${codeOf(error)}: ${messageOf(error)}`.slice(0, 500),
    }));
    const proof = this.#proofs[this.#indexOf(jobId)];
    if (proof === undefined || proof.attempts < maxAttempts) return error;
    metrics.add("abandoned");
    return proofAbandoned(proof, error);
  }

  async #turn(jobId: JobId, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#closed) throw queueClosed();
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(jobId);
        reject(signal.reason);
      };
      this.#waiters.set(jobId, {
        start: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
        cancel: (reason) => {
          signal.removeEventListener("abort", leave);
          reject(reason);
        },
      });
      signal.addEventListener("abort", leave, { once: true });
      this.#next();
    });
  }

  /** Starts the first proofs in the queue that are asked for and whose pause is over. */
  #next(): void {
    clearTimeout(this.#timer);
    const waiting = this.#proofs.filter(({ jobId }) => this.#waiters.has(jobId));
    const now = this.#deps.wall.now();
    for (const { jobId } of waiting.filter(({ retryAt }) => retryAt <= now)) {
      if (this.#running >= this.#options.concurrency) return;
      this.#running++;
      const waiter = this.#waiters.get(jobId);
      this.#waiters.delete(jobId);
      waiter?.start();
    }
    const pauses = waiting.map(({ retryAt }) => retryAt - now).filter((ms) => ms > 0);
    if (pauses.length === 0) return;
    this.#timer = setTimeout(() => this.#next(), Math.min(...pauses));
    this.#timer.unref();
  }

  #indexOf(jobId: JobId): number {
    return this.#proofs.findIndex((proof) => proof.jobId === jobId);
  }

  async #change(
    jobId: JobId,
    changes: (proof: QueuedProof) => Partial<QueuedProof>,
  ): Promise<void> {
    await this.#store(
      this.#proofs.map((proof) =>
        proof.jobId === jobId ? { ...proof, ...changes(proof) } : proof,
      ),
    );
  }

  /** Memory first, so that changes made while an earlier one is written are not lost. */
  async #store(proofs: QueuedProof[]): Promise<void> {
    this.#proofs = proofs;
    await this.#writes.run(() => this.#deps.store.save(this.#proofs));
  }
}

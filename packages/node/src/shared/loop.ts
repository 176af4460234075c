import { isAbort } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { backoffMs } from "./retry.ts";
import { sleep } from "./time.ts";

export interface LoopOptions {
  readonly name: string;
  /** Pause between the end of one turn and the start of the next. */
  readonly intervalMs: number;
  /** Longest pause after repeated failures. */
  readonly maxBackoffMs?: number;
}

/** Repeats a turn until closed; turns never overlap, and failures lengthen the pause between them. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #turn: (signal: AbortSignal) => Promise<void>;
  readonly #logger: Logger;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #failures = 0;

  constructor(options: LoopOptions, turn: (signal: AbortSignal) => Promise<void>, logger: Logger) {
    this.#options = options;
    this.#turn = turn;
    this.#logger = logger;
  }

  /** Failures since the last turn that succeeded. */
  get failures(): number {
    return this.#failures;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        await this.#turn(signal);
        this.#failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        this.#failures++;
        this.#logger.warn(
          { error, loop: this.#options.name, failures: this.#failures },
          "turn failed",
        );
      }
      try {
        await sleep(this.#pause(), signal);
      } catch (error) {
        if (!isAbort(error)) throw error;
      }
    }
  }

  #pause(): number {
    const { intervalMs, maxBackoffMs = 30_000 } = this.#options;
    if (this.#failures === 0) return intervalMs;
    return Math.max(intervalMs, backoffMs(this.#failures - 1, intervalMs, maxBackoffMs));
  }
}

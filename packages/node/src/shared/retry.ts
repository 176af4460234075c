import { isAbort, NodeError } from "./errors.ts";
import { sleep } from "./time.ts";

export interface RetryOptions {
  /** Calls in all, at least 1. */
  readonly attempts: number;
  /** Pause after the first failure; doubles each time. */
  readonly baseMs: number;
  readonly maxMs: number;
  readonly signal?: AbortSignal;
  /** Default: `NodeError`s that say they are retryable. */
  readonly shouldRetry?: (error: unknown) => boolean;
}

function isRetryable(error: unknown): boolean {
  return error instanceof NodeError && error.retryable;
}

/** Pause before call `attempt + 1`, half of it random so that many nodes do not retry in step. */
export function backoffMs(attempt: number, baseMs: number, maxMs: number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return full / 2 + Math.random() * (full / 2);
}

/** Calls `action` until it succeeds, the attempts are used up, or the failure is not retryable. */
export async function retry<T>(
  action: (attempt: number) => Promise<T>,
  { attempts, baseMs, maxMs, signal, shouldRetry = isRetryable }: RetryOptions,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await action(attempt);
    } catch (error) {
      if (isAbort(error) || attempt + 1 >= attempts || !shouldRetry(error)) throw error;
    }
    await sleep(backoffMs(attempt, baseMs, maxMs), signal);
  }
}

import { setTimeout as delay } from "node:timers/promises";
import { NodeError } from "./errors.ts";

/** Milliseconds since the Unix epoch; replaceable in tests. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Resolves after `ms`; rejects with the abort reason as soon as `signal` aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {});
}

/** Rejects with `TIMED_OUT` when `promise` takes longer than `ms`. The work itself goes on. */
export async function withTimeout<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  const timer = new AbortController();
  const expiry = delay(ms, undefined, { signal: timer.signal }).then(() => {
    throw new NodeError("TIMED_OUT", `${what} took longer than ${ms} ms`, { what, ms });
  });
  // Aborting the timer rejects `expiry` after the race is over.
  expiry.catch(() => undefined);
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    timer.abort();
  }
}

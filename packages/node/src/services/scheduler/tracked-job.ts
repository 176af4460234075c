import type { Job, JobId, JobProgress } from "../../core/job.ts";
import type { Order } from "../../core/order.ts";

/** A job that is not final, as this process knows it. */
export interface TrackedJob {
  readonly jobId: JobId;
  readonly order: Order;
  /** What survives a restart; written before it is relied on. */
  progress: JobProgress;
  /** As read last; undefined until the first read. */
  job: Job | undefined;
  /** The chain may have moved on since `job` was read. */
  stale: boolean;
  /** Milliseconds since the Unix epoch at which `job` was read. */
  readAt: number;
  /** A step is being taken. */
  busy: boolean;
  /** Failed attempts since the job last changed. */
  failures: number;
  /** Earliest next attempt, milliseconds since the Unix epoch. */
  retryAt: number;
  /** Trying again cannot help until the job changes on the chain. */
  abandoned: boolean;
}

/** A tracked job whose state is known, as steps receive it. */
export type KnownJob = TrackedJob & { readonly job: Job };

/** Takes one step of one job. Returning without an effect means: ask again later. */
export type StepHandler = (tracked: KnownJob, signal: AbortSignal) => Promise<void>;

export function trackedJob(progress: JobProgress): TrackedJob {
  return {
    jobId: progress.jobId,
    order: progress.order,
    progress,
    job: undefined,
    stale: true,
    readAt: 0,
    busy: false,
    failures: 0,
    retryAt: 0,
    abandoned: false,
  };
}

/** Takes over what the chain says; a change clears earlier failures. */
export function refreshJob(tracked: TrackedJob, job: Job, now: number): void {
  const changed = tracked.job?.state !== job.state || tracked.job.attempt !== job.attempt;
  tracked.job = job;
  tracked.stale = false;
  tracked.readAt = now;
  if (changed) {
    tracked.failures = 0;
    tracked.retryAt = 0;
    tracked.abandoned = false;
  }
}

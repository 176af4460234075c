import type { ChainClock } from "../../core/chain-clock.ts";
import type { EventSink } from "../../core/events.ts";
import { type JobId, type JobProgress, JobState, jobText } from "../../core/job.ts";
import { nextStep, type ReapPolicy, type Step } from "../../core/lifecycle.ts";
import type { Order } from "../../core/order.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { ProgressStore } from "../../core/ports/state.ts";
import { codeOf, isAbort, messageOf, type NodeErrorCode } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Loop } from "../../shared/loop.ts";
import { backoffMs } from "../../shared/retry.ts";
import { type Clock, systemClock } from "../../shared/time.ts";
import type { SchedulerMetrics } from "./metrics.ts";
import {
  type KnownJob,
  refreshJob,
  type StepHandler,
  type TrackedJob,
  trackedJob,
} from "./tracked-job.ts";

export interface SchedulerOptions {
  /** This provider's address. */
  readonly self: string;
  readonly reap: ReapPolicy;
  readonly tickMs: number;
  /** A job is read again after this long even when no event named it. */
  readonly rereadMs: number;
}

export type ActiveStep = Exclude<Step, "wait" | "forget">;

interface Dependencies {
  readonly market: MarketPort;
  readonly clock: ChainClock;
  readonly progress: ProgressStore;
  readonly steps: Readonly<Record<ActiveStep, StepHandler>>;
  readonly isServed: (order: Order) => boolean;
  /** True when a seed exists that may draw a job of this draw epoch. */
  readonly isSeedReady: (drawEpoch: bigint) => Promise<boolean>;
  /** False while events of the past are still being read. */
  readonly isReady: () => boolean;
  /** Where a job stands in the proof queue: after a restart those go on in their order. */
  readonly placeOf?: (jobId: JobId) => number;
  /** A job is over, and nothing of it is owed any more. */
  readonly onForgotten?: (progress: JobProgress) => Promise<void>;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly metrics: SchedulerMetrics;
  readonly wall?: Clock;
}

/** The order, the result or the model is wrong: the same attempt fails again. */
const HOPELESS: ReadonlySet<string> = new Set<NodeErrorCode>([
  "INPUT_MISMATCH",
  "OUTPUT_MISMATCH",
  "ARTIFACT_TOO_LARGE",
  "PROOF_ABANDONED",
]);
/** What keeps failing is declined when this share of the time to commit is left. */
const DECLINE_SHARE = 0.25;
const RETRY_BASE_MS = 500;
const RETRY_MAX_MS = 15_000;

/**
 * Decides, for every open job, what to do next, and has it done. One job takes one step at a time;
 * different jobs do not wait for each other.
 */
export class SchedulerService {
  readonly name = "scheduler";
  readonly #options: SchedulerOptions;
  readonly #deps: Dependencies;
  readonly #wall: Clock;
  readonly #jobs = new Map<JobId, TrackedJob>();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #loop: Loop;

  constructor(options: SchedulerOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
    this.#wall = dependencies.wall ?? systemClock;
    this.#loop = new Loop(
      { name: this.name, intervalMs: options.tickMs },
      () => this.tick(),
      dependencies.logger,
    );
  }

  /** Open jobs, and how many of them are this provider's. */
  get counts(): { readonly open: number; readonly own: number } {
    const own = [...this.#jobs.values()].filter(({ job }) => job?.provider === this.#options.self);
    return { open: this.#jobs.size, own: own.length };
  }

  async start(): Promise<void> {
    const { progress, placeOf = () => Number.POSITIVE_INFINITY } = this.#deps;
    const found = (await progress.loadAll()).map((one) => ({ one, place: placeOf(one.jobId) }));
    // Infinite places compare equal: those jobs keep their order.
    found.sort((a, b) => (a.place === b.place ? 0 : a.place - b.place));
    for (const { one } of found) this.#add(one);
    this.#loop.start();
  }

  /** Starts no more steps and waits for those under way, which see their signal abort. */
  async close(): Promise<void> {
    await this.#loop.close();
    this.#abort.abort();
    await Promise.allSettled(this.#running);
  }

  /** Follows a job from now on. */
  async track(jobId: JobId, order: Order): Promise<void> {
    if (this.#jobs.has(jobId)) return;
    const progress: JobProgress = { jobId, order };
    await this.#deps.progress.save(progress);
    this.#add(progress);
  }

  /** True when a result with this commitment belongs to a job that is not over. */
  isOwed(outputCommitment: string): boolean {
    return [...this.#jobs.values()].some(
      ({ progress: { result } }) => result?.outputCommitment === outputCommitment,
    );
  }

  /** Something happened to the job. */
  touch(jobId: JobId): void {
    const tracked = this.#jobs.get(jobId);
    if (tracked) tracked.stale = true;
  }

  /** Looks at every job once and starts what is due. */
  async tick(): Promise<void> {
    if (!this.#deps.isReady()) return;
    for (const tracked of this.#jobs.values()) {
      if (this.#abort.signal.aborted) return;
      if (tracked.busy || tracked.retryAt > this.#wall.now()) continue;
      await this.#consider(tracked);
    }
  }

  #add(progress: JobProgress): void {
    this.#jobs.set(progress.jobId, trackedJob(progress));
    this.#deps.metrics.add("tracked");
  }

  async #consider(tracked: TrackedJob): Promise<void> {
    const now = this.#wall.now();
    if (
      tracked.stale ||
      tracked.job === undefined ||
      now - tracked.readAt >= this.#options.rereadMs
    ) {
      // Cleared first: an event that arrives during the read makes it stale again.
      tracked.stale = false;
      try {
        refreshJob(tracked, await this.#deps.market.job(tracked.jobId), now);
      } catch (error) {
        tracked.stale = true;
        throw error;
      }
    }
    const known = tracked as KnownJob;
    const step = await this.#stepOf(known);
    if (step === "forget") await this.#forget(tracked);
    else if (step === "decline") this.#begin(step, known);
    else if (step !== "wait" && !tracked.abandoned) this.#begin(step, known);
  }

  /** Whoever cannot run a job gives it back in time: silence would be slashed. */
  #isHopeless({ job, order, abandoned, failures }: KnownJob): boolean {
    if (abandoned) return true;
    const hurry = job.deadline - order.commitSeconds * DECLINE_SHARE;
    return failures > 0 && this.#deps.clock.now() >= hurry;
  }

  async #stepOf(known: KnownJob): Promise<Step> {
    const { job, order } = known;
    const { clock, isServed, isSeedReady } = this.#deps;
    const { self, reap } = this.#options;
    const served = isServed(order);
    const seedReady = served && job.state === JobState.Posted && (await isSeedReady(job.drawEpoch));
    const hopeless = this.#isHopeless(known);
    return nextStep({ job, order, self, now: clock.now(), served, seedReady, reap, hopeless });
  }

  async #forget(tracked: TrackedJob): Promise<void> {
    if (this.#jobs.get(tracked.jobId) !== tracked) return;
    this.#jobs.delete(tracked.jobId);
    await this.#deps.progress.remove(tracked.jobId);
    await this.#deps.onForgotten?.(tracked.progress);
    this.#deps.metrics.add("finished");
  }

  #begin(step: ActiveStep, tracked: KnownJob): void {
    tracked.busy = true;
    this.#deps.metrics.add("steps");
    const run = this.#deps.steps[step](tracked, this.#abort.signal)
      .catch((error: unknown) => this.#failed(step, tracked, error))
      .finally(() => {
        tracked.busy = false;
        tracked.stale = true;
        this.#running.delete(run);
      });
    this.#running.add(run);
  }

  #failed(step: ActiveStep, tracked: KnownJob, error: unknown): void {
    if (isAbort(error) || this.#abort.signal.aborted) return;
    const { logger, metrics, emit } = this.#deps;
    const code = codeOf(error);
    const { jobId } = tracked;
    tracked.failures++;
    tracked.retryAt = this.#wall.now() + backoffMs(tracked.failures, RETRY_BASE_MS, RETRY_MAX_MS);
    tracked.abandoned = HOPELESS.has(code);
    metrics.add("stepFailures");
    if (tracked.abandoned) metrics.add("abandoned");
    logger.warn({ jobId: jobText(jobId), step, failures: tracked.failures, error }, "step failed");
    // Every attempt is logged; the first, and the last, is an event.
    if (tracked.failures === 1 || tracked.abandoned) {
      emit({ event: "failed", jobId, step, code, message: messageOf(error) });
    }
  }
}

import { JobState, jobText } from "../../core/job.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { ModelCatalog } from "../../core/ports/model.ts";
import type { Submitter } from "../../core/ports/transactions.ts";
import type { Logger } from "../../shared/logger.ts";
import { type Clock, systemClock } from "../../shared/time.ts";
import { loadInput } from "../runner/load-input.ts";
import type { KnownJob, StepHandler } from "../scheduler/tracked-job.ts";
import type { AssignerMetrics } from "./metrics.ts";

export interface AssignerOptions {
  /**
   * How long the provider that a draw is going to choose has to call it before this one does, ms.
   * Everyone may call; waiting saves the others the gas of calls that come too late.
   */
  readonly graceMs: number;
}

interface Dependencies {
  readonly market: MarketPort;
  readonly submitter: Submitter;
  readonly artifacts: ArtifactStore;
  readonly catalog: ModelCatalog;
  readonly logger: Logger;
  readonly metrics: AssignerMetrics;
  readonly wall?: Clock;
}

interface PendingDraw {
  readonly attempt: number;
  readonly expected: string | undefined;
  readonly seenAt: number;
}

/** Brings posted jobs to their provider: calls draws, accepts direct orders. */
export class AssignerService {
  readonly #options: AssignerOptions;
  readonly #deps: Dependencies;
  readonly #wall: Clock;
  readonly #draws = new WeakMap<KnownJob, PendingDraw>();

  constructor(options: AssignerOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
    this.#wall = dependencies.wall ?? systemClock;
  }

  /** Draws a posted job whose seed exists, or leaves that to the provider that will be drawn. */
  readonly assign: StepHandler = async (tracked, signal) => {
    const { market, submitter, metrics } = this.#deps;
    const { jobId, order, job } = tracked;
    const draw = await this.#pendingDraw(tracked);
    const own = draw.expected === submitter.address;
    if (!own && this.#wall.now() - draw.seenAt < this.#options.graceMs) return;
    const { outcome } = await submitter.submit(market.calls.assign(order), {
      signal,
      isDone: async () => {
        const now = await market.job(jobId);
        return now.state !== JobState.Posted || now.attempt !== job.attempt;
      },
    });
    metrics.add(outcome === "landed" ? "draws" : "drawnByOthers");
  };

  /**
   * Accepts a direct order, but only once the input is here and fits: after accepting, a missing
   * input would cost this provider its collateral.
   */
  readonly accept: StepHandler = async (tracked, signal) => {
    const { market, submitter, artifacts, catalog, logger, metrics } = this.#deps;
    const { jobId, order } = tracked;
    const model = catalog.get(order.modelVersion);
    if (!model) return;
    try {
      await loadInput(order, model, artifacts, signal);
    } catch (error) {
      metrics.add("declined");
      throw error;
    }
    await submitter.submit(market.calls.accept(order), {
      signal,
      isDone: async () => (await market.job(jobId)).state !== JobState.Posted,
    });
    metrics.add("accepted");
    logger.info({ jobId: jobText(jobId) }, "accepted a direct order");
  };

  async #pendingDraw(tracked: KnownJob): Promise<PendingDraw> {
    const known = this.#draws.get(tracked);
    if (known?.attempt === tracked.job.attempt) return known;
    const { jobId, job, order } = tracked;
    const draw: PendingDraw = {
      attempt: job.attempt,
      expected: await this.#deps.market.expectedProvider(jobId, job, order),
      seenAt: this.#wall.now(),
    };
    this.#draws.set(tracked, draw);
    return draw;
  }
}

import type { Order } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import { jobOfSubject } from "../../core/ports/disputes.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { ModelCatalog, TracedModel } from "../../core/ports/model.ts";
import type { Trace, TraceStore } from "../../core/ports/traces.ts";
import { isNodeError, NodeError } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { modelNotServed } from "../runner/errors.ts";

interface Dependencies {
  readonly market: MarketPort;
  readonly catalog: ModelCatalog;
  readonly artifacts: ArtifactStore;
  readonly traces: TraceStore;
  readonly logger: Logger;
}

/** A result of ours, with what opens it. */
export interface OwnRun {
  readonly order: Order;
  readonly model: TracedModel;
  readonly trace: Trace;
}

/** Traces of this provider's results, by the subjects that disputes name them by. */
export class OwnTraces {
  readonly #deps: Dependencies;
  readonly #held = new Map<string, OwnRun>();
  #recomputed = 0;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Traces that were no longer stored. */
  get recomputed(): number {
    return this.#recomputed;
  }

  /**
   * From the store or, when it is gone from there, by running the model again.
   * @throws NodeError MODEL_UNKNOWN, ARTIFACT_NOT_FOUND; TRACE_NOT_FOUND when another trace comes out.
   */
  async get(subject: string, signal: AbortSignal): Promise<OwnRun> {
    const held = this.#held.get(subject);
    if (held) return held;
    const { market, catalog } = this.#deps;
    const jobId = jobOfSubject(subject);
    const [order, { outputCommitment: root }] = await Promise.all([
      market.order(jobId),
      market.job(jobId),
    ]);
    const model = catalog.get(order.modelVersion)?.traced;
    if (!model) throw modelNotServed(order.modelVersion);
    const trace = (await this.#stored(root)) ?? (await this.#run(model, order, root, signal));
    const run = { order, model, trace };
    this.#held.set(subject, run);
    return run;
  }

  /** Nobody asks about the result any more. */
  release(subject: string): void {
    this.#held.delete(subject);
  }

  async #stored(root: string): Promise<Trace | undefined> {
    try {
      return await this.#deps.traces.get(root);
    } catch (error) {
      if (isNodeError(error, "TRACE_NOT_FOUND")) return undefined;
      if (!isNodeError(error, "TRACE_CORRUPT")) throw error;
      this.#deps.logger.error({ root, reason: error.message }, "a stored trace is damaged");
      return undefined;
    }
  }

  async #run(model: TracedModel, order: Order, root: string, signal: AbortSignal): Promise<Trace> {
    const input = await this.#deps.artifacts.get(order.inputDigest, signal);
    const { trace } = await model.run(input, signal);
    if (trace.root !== root) {
      throw new NodeError(
        "TRACE_NOT_FOUND",
        `the trace ${root} is gone, and running the model again gives ${trace.root}; the result cannot be defended`,
        { root, computed: trace.root },
      );
    }
    this.#recomputed++;
    this.#deps.logger.warn({ root }, "a stored trace was gone; recomputed it");
    await this.#deps.traces.put(trace);
    return trace;
  }
}

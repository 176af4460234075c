import type { EventSink } from "../../core/events.ts";
import { JobState, jobText, type Result } from "../../core/job.ts";
import { type Order, Tier } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { ModelCatalog, ServedModel } from "../../core/ports/model.ts";
import type { ProgressStore } from "../../core/ports/state.ts";
import type { Trace, TraceStore } from "../../core/ports/traces.ts";
import type { Submitter } from "../../core/ports/transactions.ts";
import { toWord } from "../../core/words.ts";
import { isNodeError } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { BoundedQueue } from "../../shared/queue.ts";
import type { KnownJob, StepHandler } from "../scheduler/tracked-job.ts";
import { executionsDisagree, modelNotServed } from "./errors.ts";
import type { InputDemander } from "./input-demander.ts";
import { loadInput } from "./load-input.ts";
import type { RunnerMetrics } from "./metrics.ts";

export interface RunnerOptions {
  /** Runs at the same time. */
  readonly concurrency: number;
  /** Jobs that may wait for a run. */
  readonly capacity: number;
}

interface Dependencies {
  readonly market: MarketPort;
  readonly submitter: Submitter;
  readonly artifacts: ArtifactStore;
  readonly traces: TraceStore;
  readonly catalog: ModelCatalog;
  readonly demander: Pick<InputDemander, "obtain">;
  readonly progress: ProgressStore;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly metrics: RunnerMetrics;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  return a.findIndex((byte, index) => byte !== b[index]);
}

interface Run {
  readonly output: Uint8Array;
  /** In tier Optimistic. */
  readonly trace?: Trace;
}

async function execute(
  model: ServedModel,
  input: Uint8Array,
  { tier, modelVersion }: Order,
  signal: AbortSignal,
): Promise<Run> {
  if (tier !== Tier.Optimistic) return { output: await model.execute(input) };
  if (!model.traced) throw modelNotServed(modelVersion);
  return await model.traced.run(input, signal);
}

/** Runs assigned jobs and commits their results. */
export class RunnerService {
  readonly name = "runner";
  readonly #deps: Dependencies;
  readonly #queue: BoundedQueue;

  constructor({ concurrency, capacity }: RunnerOptions, dependencies: Dependencies) {
    this.#deps = dependencies;
    this.#queue = new BoundedQueue({ name: this.name, concurrency, capacity });
  }

  close(): void {
    this.#queue.close();
  }

  /** Runs the model on the job's input, checks the result twice, stores the output and commits it. */
  readonly execute: StepHandler = async (tracked, signal) => {
    // The next tick comes back to the job; its deadline is the only hurry.
    if (this.#queue.full) return;
    const { market, submitter } = this.#deps;
    const { jobId, order } = tracked;
    const result = await this.#queue.run(() => this.#result(tracked, signal), signal);
    // Its input was demanded: whoever has it publishes it.
    if (result === undefined) return;
    const { outputCommitment, outputDigest } = result;
    await submitter.submit(market.calls.commit(order, outputCommitment, outputDigest), {
      signal,
      isDone: async () => {
        const now = await market.job(jobId);
        return now.outputCommitment === outputCommitment && now.state >= JobState.Committed;
      },
    });
  };

  /** Gives back a job that cannot be run here, so that it is drawn again and nobody is slashed. */
  readonly decline: StepHandler = async ({ jobId, order }, signal) => {
    const { market, submitter, metrics } = this.#deps;
    await submitter.submit(market.calls.decline(order), {
      signal,
      isDone: async () => (await market.job(jobId)).provider !== submitter.address,
    });
    metrics.add("declined");
  };

  /**
   * One run: input from the store, ONNX Runtime, the reference interpreter, output to the store. In
   * tier Optimistic the trace is stored too: without it the result cannot be defended.
   */
  async #run(
    tracked: KnownJob,
    signal: AbortSignal,
  ): Promise<(Result & { readonly seconds: number }) | undefined> {
    const { order } = tracked;
    const { artifacts, traces, catalog, metrics } = this.#deps;
    const model = catalog.get(order.modelVersion);
    if (!model) throw modelNotServed(order.modelVersion);
    const input = await this.#input(tracked, model, signal);
    if (!input) return undefined;
    const started = performance.now();
    const { output, trace } = await execute(model, input, order, signal);
    const milliseconds = performance.now() - started;
    await this.#replay(model, input, output);
    signal.throwIfAborted();
    metrics.add("runs");
    metrics.add("milliseconds", Math.round(milliseconds));
    if (trace) await traces.put(trace);
    return {
      outputCommitment: trace ? trace.root : toWord(await model.commitOutput(output)),
      outputDigest: await artifacts.put(output),
      seconds: milliseconds / 1000,
    };
  }

  /** The result of an earlier run when its output is still stored, or of a new one. */
  async #result(tracked: KnownJob, signal: AbortSignal): Promise<Result | undefined> {
    const { progress, emit, logger, metrics } = this.#deps;
    const { jobId, order } = tracked;
    const earlier = tracked.progress.result;
    if (earlier && (await this.#isStored(earlier, order))) {
      metrics.add("resumed");
      logger.info({ jobId: jobText(jobId) }, "result of an earlier run");
      return earlier;
    }
    const run = await this.#run(tracked, signal);
    if (!run) return undefined;
    const { seconds, outputCommitment, outputDigest } = run;
    const result: Result = { outputCommitment, outputDigest };
    tracked.progress = { ...tracked.progress, result };
    await progress.save(tracked.progress);
    emit({ event: "inference", jobId, seconds, outputDigest });
    return result;
  }

  /** From the store or, when it is not there, as the chain has it; undefined while it is demanded. */
  async #input(
    tracked: KnownJob,
    model: ServedModel,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const { artifacts, demander } = this.#deps;
    const { order } = tracked;
    try {
      return await loadInput(order, model, artifacts, signal);
    } catch (error) {
      if (!isNodeError(error, "ARTIFACT_NOT_FOUND") || !model.traced) throw error;
      const demanded = await demander.obtain(tracked, model.traced, signal);
      if (demanded.kind === "none") throw error;
      if (demanded.kind === "waits") return undefined;
      await artifacts.put(demanded.input);
      return demanded.input;
    }
  }

  async #isStored({ outputCommitment, outputDigest }: Result, { tier }: Order): Promise<boolean> {
    const { artifacts, traces } = this.#deps;
    if (!(await artifacts.has(outputDigest))) return false;
    return tier !== Tier.Optimistic || (await traces.has(outputCommitment));
  }

  async #replay(model: ServedModel, input: Uint8Array, output: Uint8Array): Promise<void> {
    const index = firstDifference(output, await model.replay(input));
    if (index < 0) return;
    this.#deps.metrics.add("disagreements");
    throw executionsDisagree(model.modelVersion, index);
  }
}

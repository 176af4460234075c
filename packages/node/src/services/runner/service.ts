import type { EventSink } from "../../core/events.ts";
import { JobState, jobText, type Result } from "../../core/job.ts";
import type { Order } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { ModelCatalog, ServedModel } from "../../core/ports/model.ts";
import type { ProgressStore } from "../../core/ports/state.ts";
import type { Submitter } from "../../core/ports/transactions.ts";
import { toWord } from "../../core/words.ts";
import type { Logger } from "../../shared/logger.ts";
import { BoundedQueue } from "../../shared/queue.ts";
import type { KnownJob, StepHandler } from "../scheduler/tracked-job.ts";
import { executionsDisagree, modelNotServed } from "./errors.ts";
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
  readonly catalog: ModelCatalog;
  readonly progress: ProgressStore;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly metrics: RunnerMetrics;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  return a.findIndex((byte, index) => byte !== b[index]);
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
    const { outputCommitment, outputDigest } = await this.#queue.run(
      () => this.#result(tracked, signal),
      signal,
    );
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

  /** One run: input from the store, ONNX Runtime, the reference interpreter, output to the store. */
  async run(order: Order, signal: AbortSignal): Promise<Result & { readonly seconds: number }> {
    const { artifacts, catalog, metrics } = this.#deps;
    const model = catalog.get(order.modelVersion);
    if (!model) throw modelNotServed(order.modelVersion);
    const input = await loadInput(order, model, artifacts, signal);
    const started = performance.now();
    const output = await model.execute(input);
    const milliseconds = performance.now() - started;
    await this.#replay(model, input, output);
    signal.throwIfAborted();
    metrics.add("runs");
    metrics.add("milliseconds", Math.round(milliseconds));
    return {
      outputCommitment: toWord(await model.commitOutput(output)),
      outputDigest: await artifacts.put(output),
      seconds: milliseconds / 1000,
    };
  }

  /** The result of an earlier run when its output is still stored, or of a new one. */
  async #result(tracked: KnownJob, signal: AbortSignal): Promise<Result> {
    const { artifacts, progress, emit, logger, metrics } = this.#deps;
    const { jobId, order } = tracked;
    const earlier = tracked.progress.result;
    if (earlier && (await artifacts.has(earlier.outputDigest))) {
      metrics.add("resumed");
      logger.info({ jobId: jobText(jobId) }, "result of an earlier run");
      return earlier;
    }
    const { seconds, outputCommitment, outputDigest } = await this.run(order, signal);
    const result: Result = { outputCommitment, outputDigest };
    tracked.progress = { ...tracked.progress, result };
    await progress.save(tracked.progress);
    emit({ event: "inference", jobId, seconds, outputDigest });
    return result;
  }

  async #replay(model: ServedModel, input: Uint8Array, output: Uint8Array): Promise<void> {
    const index = firstDifference(output, await model.replay(input));
    if (index < 0) return;
    this.#deps.metrics.add("disagreements");
    throw executionsDisagree(model.modelVersion, index);
  }
}

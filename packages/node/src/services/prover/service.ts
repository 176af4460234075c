import type { EventSink } from "../../core/events.ts";
import { type JobId, JobState, jobText, type Proof } from "../../core/job.ts";
import type { Order } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { ModelCatalog, ProofResult, ProofTimes } from "../../core/ports/model.ts";
import type { ProgressStore } from "../../core/ports/state.ts";
import type { Submitter } from "../../core/ports/transactions.ts";
import { revertName } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { BoundedQueue } from "../../shared/queue.ts";
import { modelNotServed } from "../runner/errors.ts";
import { loadInput } from "../runner/load-input.ts";
import type { KnownJob, StepHandler } from "../scheduler/tracked-job.ts";
import { publicSignalMismatch } from "./errors.ts";
import type { ProverMetrics } from "./metrics.ts";

export interface ProverOptions {
  /** Proofs at the same time; each takes all cores it gets. */
  readonly concurrency: number;
  /** Jobs that may wait for a proof. */
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
  readonly metrics: ProverMetrics;
}

/** Proves committed results in a queue of its own, so that slow proofs hold up no inference. */
export class ProverService {
  readonly name = "prover";
  readonly #deps: Dependencies;
  readonly #queue: BoundedQueue;
  readonly #times = new Map<JobId, ProofTimes>();

  constructor({ concurrency, capacity }: ProverOptions, dependencies: Dependencies) {
    this.#deps = dependencies;
    this.#queue = new BoundedQueue({ name: this.name, concurrency, capacity });
  }

  close(): void {
    this.#queue.close();
  }

  /** Hands out, once, how long the proof of a job took; undefined when it was not made here. */
  takeTimes(jobId: JobId): ProofTimes | undefined {
    const times = this.#times.get(jobId);
    this.#times.delete(jobId);
    return times;
  }

  /** Proves a committed job and submits the proof. */
  readonly prove: StepHandler = async (tracked, signal) => {
    if (this.#queue.full) return;
    const { market, submitter } = this.#deps;
    const { jobId, order } = tracked;
    const proof = await this.#queue.run(() => this.#proofOf(tracked, signal), signal);
    try {
      await submitter.submit(market.calls.prove(order, proof), {
        signal,
        isDone: async () => {
          const { state } = await market.job(jobId);
          return state === JobState.Settled;
        },
      });
    } catch (error) {
      if (revertName(error) === "JobMarketInvalidProof") await this.#discardProof(tracked);
      throw error;
    }
  };

  /**
   * Proves that the model turns the order's input into the committed output, for this job and
   * provider alone.
   * @throws NodeError OUTPUT_MISMATCH when the proof turns out to be about anything else.
   */
  async proveJob(
    order: Order,
    provider: string,
    outputCommitment: string,
    signal: AbortSignal,
  ): Promise<ProofResult> {
    const { market, artifacts, catalog, metrics } = this.#deps;
    const model = catalog.get(order.modelVersion);
    if (!model) throw modelNotServed(order.modelVersion);
    const input = await loadInput(order, model, artifacts, signal);
    const context = market.proofContext(order, provider);
    const result = await model.prove(input, context, signal);
    const expected = [context, BigInt(order.inputCommitment), BigInt(outputCommitment)];
    const wrong = expected.findIndex((value, index) => result.publicSignals[index] !== value);
    if (wrong >= 0) {
      metrics.add("rejected");
      throw publicSignalMismatch(wrong);
    }
    metrics.add("proofs");
    metrics.add("milliseconds", Math.round(1000 * (result.witnessSeconds + result.proveSeconds)));
    return result;
  }

  /** A stored proof may have been damaged: the next attempt makes a new one. */
  async #discardProof(tracked: KnownJob): Promise<void> {
    const { jobId, order, result } = tracked.progress;
    tracked.progress = { jobId, order, ...(result ? { result } : {}) };
    this.#deps.metrics.add("rejected");
    await this.#deps.progress.save(tracked.progress);
  }

  async #proofOf(tracked: KnownJob, signal: AbortSignal): Promise<Proof> {
    const { progress, emit, logger, metrics } = this.#deps;
    const { jobId, order, job } = tracked;
    const earlier = tracked.progress.proof;
    // The context binds no attempt, and a run is deterministic: a proof made before still holds.
    if (earlier) {
      metrics.add("resumed");
      logger.info({ jobId: jobText(jobId) }, "proof of an earlier run");
      return earlier;
    }
    emit({ event: "proving", jobId });
    const { proof, witnessSeconds, proveSeconds } = await this.proveJob(
      order,
      job.provider,
      job.outputCommitment,
      signal,
    );
    this.#times.set(jobId, { witnessSeconds, proveSeconds });
    tracked.progress = { ...tracked.progress, proof };
    await progress.save(tracked.progress);
    return proof;
  }
}

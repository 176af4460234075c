import type { EventSink } from "../../core/events.ts";
import { type JobId, JobState, jobText, type Proof } from "../../core/job.ts";
import type { Order } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { ModelCatalog, ProofResult, ProofTimes } from "../../core/ports/model.ts";
import type { ProgressStore, ProofQueueStore } from "../../core/ports/state.ts";
import type { Submitter } from "../../core/ports/transactions.ts";
import { revertName } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { type Clock, systemClock } from "../../shared/time.ts";
import { modelNotServed } from "../runner/errors.ts";
import { loadInput } from "../runner/load-input.ts";
import type { KnownJob, StepHandler } from "../scheduler/tracked-job.ts";
import { publicSignalMismatch } from "./errors.ts";
import type { ProverMetrics } from "./metrics.ts";
import { ProofQueue, type ProofQueueStatus } from "./proof-queue.ts";

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
  readonly proofs: ProofQueueStore;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly metrics: ProverMetrics;
  readonly wall?: Clock;
}

const RETRIES = { maxAttempts: 8, baseMs: 1_000, maxMs: 60_000 };

/**
 * Proves committed results in a queue of its own, so that slow proofs hold up no inference. The
 * queue survives the process.
 */
export class ProverService {
  readonly name = "prover";
  readonly #deps: Dependencies;
  readonly #queue: ProofQueue;
  readonly #times = new Map<JobId, ProofTimes>();

  constructor({ concurrency, capacity }: ProverOptions, dependencies: Dependencies) {
    this.#deps = dependencies;
    const { proofs: store, metrics, wall = systemClock } = dependencies;
    const options = { concurrency, capacity, ...RETRIES };
    this.#queue = new ProofQueue(options, { store, metrics, wall });
  }

  /** Takes up the queue that an earlier process left. */
  async start(): Promise<void> {
    await this.#queue.open();
  }

  get queue(): ProofQueueStatus {
    return this.#queue.status;
  }

  /** Place of a job's proof in the queue, from 0; infinite when none is owed. */
  readonly placeOf = (jobId: JobId): number => this.#queue.placeOf(jobId);

  /** The job is over. */
  readonly forget = (jobId: JobId): Promise<void> => this.#queue.drop(jobId);

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
    const { market, submitter } = this.#deps;
    const { jobId, order } = tracked;
    const proof = this.#earlier(tracked) ?? (await this.#inTurn(tracked, signal));
    if (proof === undefined) return;
    await this.#queue.drop(jobId);
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
    const [witness, prove] = [result.witnessSeconds, result.proveSeconds].map((s) => 1000 * s) as [
      number,
      number,
    ];
    metrics.add("milliseconds", Math.round(witness + prove));
    metrics.add("witnessMilliseconds", Math.round(witness));
    metrics.add("proveMilliseconds", Math.round(prove));
    metrics.raise("peakMemoryMiB", Math.ceil(result.peakMemoryBytes / 2 ** 20));
    return result;
  }

  /** A stored proof may have been damaged: the next attempt makes a new one. */
  async #discardProof(tracked: KnownJob): Promise<void> {
    const { jobId, order, result } = tracked.progress;
    tracked.progress = { jobId, order, ...(result ? { result } : {}) };
    this.#deps.metrics.add("rejected");
    await this.#deps.progress.save(tracked.progress);
  }

  /** The context binds no attempt, and a run is deterministic: a proof made before still holds. */
  #earlier({ jobId, progress: { proof } }: KnownJob): Proof | undefined {
    if (proof === undefined) return undefined;
    this.#deps.metrics.add("resumed");
    this.#deps.logger.info({ jobId: jobText(jobId) }, "proof of an earlier run");
    return proof;
  }

  /** A new proof, or undefined when the queue is full or the job is not to be proved any more. */
  async #inTurn(tracked: KnownJob, signal: AbortSignal): Promise<Proof | undefined> {
    if (this.#queue.full) return undefined;
    const { market, submitter, metrics } = this.#deps;
    return await this.#queue.run(
      tracked.jobId,
      async () => {
        // It may have waited for long: a proof that nobody takes is not worth its minutes.
        const { state, provider } = await market.job(tracked.jobId);
        if (state === JobState.Committed && provider === submitter.address) {
          return await this.#newProof(tracked, signal);
        }
        metrics.add("dropped");
        return undefined;
      },
      signal,
    );
  }

  async #newProof(tracked: KnownJob, signal: AbortSignal): Promise<Proof> {
    const { progress, emit } = this.#deps;
    const { jobId, order, job } = tracked;
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

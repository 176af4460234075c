import type { EventSink } from "../../core/events.ts";
import { type Order, Tier } from "../../core/order.ts";
import type { DisputePort } from "../../core/ports/disputes.ts";
import type { TracedModel } from "../../core/ports/model.ts";
import { ifLanded, type Submitter } from "../../core/ports/transactions.ts";
import type { KnownJob } from "../scheduler/tracked-job.ts";
import { allowBond } from "../submitter/allow-bond.ts";
import type { RunnerMetrics } from "./metrics.ts";

export interface InputDemanderOptions {
  /** From the assignment on; undefined: inputs are waited for, and the job is given back in time. */
  readonly afterSeconds: number | undefined;
}

interface Dependencies {
  readonly disputes: DisputePort;
  readonly submitter: Submitter;
  /** Chain time, Unix seconds. */
  readonly now: () => number;
  readonly emit: EventSink;
  readonly metrics: RunnerMetrics;
}

/** The game's own bound on chunks of one demand. */
const MAX_CHUNKS = 16;

/** What came of asking for an input on-chain. */
export type Demanded =
  /** It is all there. */
  | { readonly kind: "published"; readonly input: Uint8Array }
  /** A demand is open, or was answered in part. */
  | { readonly kind: "waits" }
  /** It is not demanded here, or not yet. */
  | { readonly kind: "none" };

/**
 * Has inputs of bonded jobs that nobody hands over published on-chain. Whoever has one publishes it
 * for the bond; when nobody does, the job is paid as if it were done.
 */
export class InputDemander {
  readonly #options: InputDemanderOptions;
  readonly #deps: Dependencies;

  constructor(options: InputDemanderOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
  }

  /** Takes the next step towards an input that the store does not have; the chain says which. */
  async obtain(
    { order, job }: KnownJob,
    model: TracedModel,
    signal: AbortSignal,
  ): Promise<Demanded> {
    const { afterSeconds } = this.#options;
    const { disputes, now } = this.#deps;
    if (afterSeconds === undefined || order.tier !== Tier.Optimistic) return { kind: "none" };
    const demand = await disputes.demandedInput(order);
    const { deadline, published } = demand;
    if (deadline === 0 && published.length >= model.inputChunks) {
      return { kind: "published", input: model.unpackInput(published) };
    }
    if (deadline !== 0) {
      if (now() >= deadline) await this.#claim(order, signal);
      return { kind: "waits" };
    }
    const assignedAt = job.deadline - order.commitSeconds;
    if (published.length === 0 && now() < assignedAt + afterSeconds) return { kind: "none" };
    const next = published.length;
    await this.#demand(order, next, Math.min(MAX_CHUNKS, model.inputChunks - next), signal);
    return { kind: "waits" };
  }

  async #demand(order: Order, firstChunk: number, chunkCount: number, signal: AbortSignal) {
    const { disputes, submitter, emit, metrics } = this.#deps;
    const { openingBond } = await disputes.terms();
    await allowBond(openingBond * BigInt(chunkCount), this.#deps, signal);
    const call = disputes.calls.demandInput(order, firstChunk, chunkCount);
    const isDone = async () => (await disputes.demandedInput(order)).deadline !== 0;
    const submission = await submitter.submit(call, { isDone, signal });
    metrics.add("inputsDemanded");
    const { subject } = disputes.keyOfOrder(order);
    const what = { jobId: BigInt(subject), firstChunk, chunkCount };
    ifLanded(submission, (sent) => emit({ event: "inputDemanded", ...what, ...sent }));
  }

  async #claim(order: Order, signal: AbortSignal): Promise<void> {
    const { disputes, submitter, emit, metrics } = this.#deps;
    const call = disputes.calls.claimUnanswered(order, true);
    const isDone = async () => (await disputes.demandedInput(order)).deadline === 0;
    const submission = await submitter.submit(call, { isDone, signal });
    metrics.add("inputsWithheld");
    const { subject } = disputes.keyOfOrder(order);
    ifLanded(submission, (sent) =>
      emit({ event: "inputWithheld", jobId: BigInt(subject), ...sent }),
    );
  }
}

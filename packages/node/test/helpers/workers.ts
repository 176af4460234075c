import type { NodeEvent } from "../../src/core/events.ts";
import type { Job } from "../../src/core/job.ts";
import type { Order } from "../../src/core/order.ts";
import type { InputDemander } from "../../src/services/runner/input-demander.ts";
import { type KnownJob, trackedJob } from "../../src/services/scheduler/tracked-job.ts";
import { MODEL, order, word } from "./jobs.ts";
import { memoryLogger } from "./logger.ts";
import { FakeMarket, FakeSubmitter, MemoryProgress, MemoryProofQueue } from "./market.ts";
import { FakeModel, MemoryArtifacts } from "./model.ts";
import { MemoryTraces } from "./traces.ts";

export const INPUT = word(8);
/** Demands no inputs. */
export const NO_DEMANDER: Pick<InputDemander, "obtain"> = {
  obtain: async () => ({ kind: "none" }),
};
/** Of a process that nobody ends. */
export const signal = new AbortController().signal;

/** A provider's parts around one model and one job, with everything outside of it played. */
export function setup() {
  const market = new FakeMarket();
  const submitter = new FakeSubmitter();
  const artifacts = new MemoryArtifacts();
  const model = new FakeModel();
  const traces = new MemoryTraces();
  const progress = new MemoryProgress();
  const proofs = new MemoryProofQueue();
  const events: NodeEvent[] = [];
  const clock = { ms: 0 };
  const common = {
    market,
    submitter,
    artifacts,
    traces,
    progress,
    proofs,
    catalog: { get: (id: string) => (id === MODEL ? model : undefined) },
    emit: (event: NodeEvent) => {
      events.push(event);
    },
    logger: memoryLogger().logger,
    wall: { now: () => clock.ms },
  };
  const track = (of: Order, changes: Partial<Job>): KnownJob => {
    const tracked = trackedJob({ jobId: 1n, order: of });
    return Object.assign(tracked, { job: market.put(1n, of, changes) });
  };
  artifacts.hold(INPUT, 3, 4);
  return {
    ...{ market, submitter, artifacts, traces, model, progress, proofs },
    ...{ events, clock, common, track },
  };
}

/** An order for the input that the store holds. */
export const matching = (changes: Partial<Order> = {}) =>
  order({ inputCommitment: word(7), ...changes });

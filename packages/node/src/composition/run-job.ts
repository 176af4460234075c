import { join } from "node:path";
import { chainReader } from "../adapters/chain/chain-reader.ts";
import type { ChainConnection } from "../adapters/chain/connection.ts";
import { disputesAdapter } from "../adapters/chain/disputes.ts";
import { escrowAdapter } from "../adapters/chain/escrow.ts";
import { marketAdapter } from "../adapters/chain/market.ts";
import { DirectoryProgressStore } from "../adapters/state-fs/progress-store.ts";
import { FileProofQueueStore } from "../adapters/state-fs/proof-queue-store.ts";
import { ChainClock } from "../core/chain-clock.ts";
import type { EventSink } from "../core/events.ts";
import { type JobId, JobState, jobText, stateName } from "../core/job.ts";
import { nextStep, type Step } from "../core/lifecycle.ts";
import { AssignmentMode } from "../core/order.ts";
import type { ArtifactStore } from "../core/ports/artifacts.ts";
import type { MarketPort } from "../core/ports/market.ts";
import type { ModelCatalog } from "../core/ports/model.ts";
import type { TraceStore } from "../core/ports/traces.ts";
import type { Submitter } from "../core/ports/transactions.ts";
import { toWord } from "../core/words.ts";
import { createAssignerMetrics } from "../services/assigner/metrics.ts";
import { AssignerService } from "../services/assigner/service.ts";
import { createProverMetrics } from "../services/prover/metrics.ts";
import { ProverService } from "../services/prover/service.ts";
import { createRunnerMetrics } from "../services/runner/metrics.ts";
import { RunnerService } from "../services/runner/service.ts";
import {
  type KnownJob,
  refreshJob,
  type StepHandler,
  trackedJob,
} from "../services/scheduler/tracked-job.ts";
import { createSettlerMetrics } from "../services/settler/metrics.ts";
import { SettlerService } from "../services/settler/service.ts";
import { NodeError } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";
import { openCatalog } from "./models.ts";

export interface RunJobOptions {
  readonly connection: ChainConnection;
  readonly submitter: Submitter;
  readonly artifacts: ArtifactStore;
  readonly traces: TraceStore;
  readonly buildDir: string;
  /** Results and proofs made so far, so that an interrupted run goes on. */
  readonly stateDir: string;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

type OwnStep = Extract<Step, "assign" | "accept" | "execute" | "prove" | "settle">;

function stepHandlers(
  { connection, submitter, artifacts, traces, stateDir, emit, logger }: RunJobOptions,
  market: MarketPort,
  catalog: ModelCatalog,
): Readonly<Record<OwnStep, StepHandler>> {
  const progress = new DirectoryProgressStore({ directory: join(stateDir, "jobs") }, { logger });
  const limits = { concurrency: 1, capacity: 1 };
  const common = { market, submitter, artifacts, traces, catalog, progress, emit, logger };
  const assigner = new AssignerService(
    { graceMs: 0 },
    { ...common, metrics: createAssignerMetrics() },
  );
  const runner = new RunnerService(limits, {
    ...common,
    // A person who runs one job sees that its input is missing.
    demander: { obtain: async () => ({ kind: "none" }) },
    metrics: createRunnerMetrics(),
  });
  const proofs = new FileProofQueueStore({ file: join(stateDir, "proofs.json") }, { logger });
  const prover = new ProverService(limits, { ...common, proofs, metrics: createProverMetrics() });
  const escrow = escrowAdapter(connection);
  const disputes = disputesAdapter(connection);
  const settler = new SettlerService({
    market,
    escrow,
    submitter,
    isHeld: (id) => disputes.isHeld(disputes.jobMarket, toWord(id)),
    metrics: createSettlerMetrics(),
  });
  const { assign, accept } = assigner;
  return { assign, accept, execute: runner.execute, prove: prover.prove, settle: settler.settle };
}

function cannotGoOn(jobId: JobId, self: string, { job, order }: KnownJob): NodeError {
  const state = stateName(job.state);
  const whose =
    order.mode === AssignmentMode.Direct && order.provider !== self
      ? `it names the provider ${order.provider}`
      : `its provider is ${job.provider}, its deadline ${job.deadline}`;
  return new NodeError(
    "JOB_NOT_RUNNABLE",
    `job ${jobText(jobId)} is ${state} and ${self} cannot move it on: ${whose}; see job:show --id ${jobText(jobId)}`,
    { jobId, state, self },
  );
}

/** Its result is there, and only time settles it. */
function isBonded({ job }: KnownJob, self: string): boolean {
  return job.state === JobState.Challengeable && job.provider === self;
}

/** What this account can do about the job now; a draw counts only when it would choose this account. */
async function ownStep(
  { jobId, job, order }: KnownJob,
  market: MarketPort,
  clock: ChainClock,
  self: string,
): Promise<OwnStep | "wait" | "forget"> {
  const drawn = job.state === JobState.Posted && order.mode === AssignmentMode.Draw;
  const seedReady = drawn && (await market.expectedProvider(jobId, job, order)) === self;
  const now = clock.now();
  const step = nextStep({
    job,
    order,
    self,
    now,
    served: true,
    seedReady,
    reap: "none",
    hopeless: false,
  });
  if (step === "timeOut" || step === "refund" || step === "decline") return "wait";
  return step;
}

/**
 * Takes one job from where it stands to settlement with this machine's runner and prover: draws or
 * accepts it, runs the model, commits, proves and settles. A bonded result settles only after its
 * window: until then that is for a provider's process, or another run, to do.
 * @returns The steps taken; none when the job had ended before, or waits for its window.
 * @throws NodeError JOB_NOT_RUNNABLE when the job is someone else's or out of time.
 */
export async function runJob(jobId: JobId, options: RunJobOptions): Promise<readonly OwnStep[]> {
  const { connection, submitter, signal } = options;
  const self = submitter.address;
  const market = marketAdapter(connection);
  const clock = new ChainClock(Date.now);
  const tracked = trackedJob({ jobId, order: await market.order(jobId) });
  const look = async () => {
    clock.observe(await chainReader(connection).head());
    refreshJob(tracked, await market.job(jobId), Date.now());
    const step = await ownStep(tracked as KnownJob, market, clock, self);
    if (step === "wait" && isBonded(tracked as KnownJob, self)) return "forget";
    if (step === "wait") throw cannotGoOn(jobId, self, tracked as KnownJob);
    return step;
  };
  const taken: OwnStep[] = [];
  let step = await look();
  // Building a circuit takes a while: only for a job that there is something to do about.
  if (step === "forget") return taken;
  await withModel(tracked.order.modelVersion, options, async (catalog) => {
    const handlers = stepHandlers(options, market, catalog);
    for (; step !== "forget"; step = await look()) {
      await handlers[step](tracked as KnownJob, signal);
      taken.push(step);
    }
  });
  return taken;
}

async function withModel(
  modelVersion: string,
  { connection, artifacts, buildDir, emit, logger, signal }: RunJobOptions,
  action: (catalog: ModelCatalog) => Promise<void>,
): Promise<void> {
  const sinks = { emit, logger, signal };
  const catalog = await openCatalog([modelVersion], buildDir, { connection, artifacts }, sinks);
  try {
    await action(catalog);
  } finally {
    await catalog.close();
  }
}

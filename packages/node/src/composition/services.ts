import { join } from "node:path";
import { beaconAdapter } from "../adapters/chain/beacon.ts";
import { chainReader } from "../adapters/chain/chain-reader.ts";
import { disputesAdapter } from "../adapters/chain/disputes.ts";
import { escrowAdapter } from "../adapters/chain/escrow.ts";
import { marketAdapter } from "../adapters/chain/market.ts";
import { httpDrand } from "../adapters/drand/http.ts";
import { FileCursorStore } from "../adapters/state-fs/cursor-store.ts";
import { DirectoryProgressStore } from "../adapters/state-fs/progress-store.ts";
import { FileProofQueueStore } from "../adapters/state-fs/proof-queue-store.ts";
import { FileQuestionStore } from "../adapters/state-fs/question-store.ts";
import { ChainClock } from "../core/chain-clock.ts";
import type { EventSink } from "../core/events.ts";
import type { JobProgress } from "../core/job.ts";
import { Tier } from "../core/order.ts";
import type { ChainPort } from "../core/ports/chain.ts";
import type { ChainEvent } from "../core/ports/market.ts";
import type { ModelCatalog } from "../core/ports/model.ts";
import { toWord } from "../core/words.ts";
import { createAssignerMetrics } from "../services/assigner/metrics.ts";
import { AssignerService } from "../services/assigner/service.ts";
import { createBeaconMetrics } from "../services/beacon/metrics.ts";
import { BeaconService } from "../services/beacon/service.ts";
import { createProverMetrics } from "../services/prover/metrics.ts";
import { ProverService } from "../services/prover/service.ts";
import { createReaperMetrics } from "../services/reaper/metrics.ts";
import { ReaperService } from "../services/reaper/service.ts";
import { ReporterService } from "../services/reporter/service.ts";
import { createResponderMetrics } from "../services/responder/metrics.ts";
import { ResponderService } from "../services/responder/service.ts";
import { InputDemander } from "../services/runner/input-demander.ts";
import { createRunnerMetrics } from "../services/runner/metrics.ts";
import { RunnerService } from "../services/runner/service.ts";
import { createSchedulerMetrics } from "../services/scheduler/metrics.ts";
import { SchedulerService } from "../services/scheduler/service.ts";
import { createSettlerMetrics } from "../services/settler/metrics.ts";
import { SettlerService } from "../services/settler/service.ts";
import { createWatcherMetrics } from "../services/watcher/metrics.ts";
import { DEFAULT_WATCHER_OPTIONS, WatcherService } from "../services/watcher/service.ts";
import type { ProviderConfig } from "../shared/config.ts";
import type { Logger } from "../shared/logger.ts";
import { retry } from "../shared/retry.ts";
import { systemClock } from "../shared/time.ts";
import { dispatch } from "./dispatch.ts";
import type { Foundation } from "./foundation.ts";

interface Inputs {
  readonly config: ProviderConfig;
  readonly foundation: Foundation;
  readonly catalog: ModelCatalog;
  readonly emit: EventSink;
  readonly logger: Logger;
}

const QUEUE_CAPACITY = 32;
const REREAD_MS = 30_000;
const RECEIPT_RETRY = { attempts: 5, baseMs: 200, maxMs: 2_000 };

/** The counters of every service, by name. */
function createMetrics({ submitterMetrics }: Foundation) {
  return {
    watcher: createWatcherMetrics(),
    scheduler: createSchedulerMetrics(),
    beacon: createBeaconMetrics(),
    assigner: createAssignerMetrics(),
    runner: createRunnerMetrics(),
    prover: createProverMetrics(),
    settler: createSettlerMetrics(),
    reaper: createReaperMetrics(),
    responder: createResponderMetrics(),
    submitter: submitterMetrics,
  };
}

type Metrics = ReturnType<typeof createMetrics>;
export type Services = ReturnType<typeof composeServices>;

interface Shared extends Inputs {
  readonly metrics: Metrics;
  readonly clock: ChainClock;
  readonly self: string;
}

/** Services that take steps of jobs. */
function createWorkers(shared: Shared) {
  const { config, foundation, catalog, emit, logger, metrics, clock, self } = shared;
  const { connection, submitter, artifacts, traces, stateDir } = foundation;
  const market = marketAdapter(connection);
  const disputes = disputesAdapter(connection);
  const progress = new DirectoryProgressStore({ directory: join(stateDir, "jobs") }, { logger });
  const proofs = new FileProofQueueStore({ file: join(stateDir, "proofs.json") }, { logger });
  const limits = { concurrency: 1, capacity: QUEUE_CAPACITY };
  const common = { market, disputes, submitter, artifacts, traces, catalog, progress, emit };
  const as = (service: keyof Metrics) => ({ ...common, logger: logger.child({ service }) });
  return {
    market,
    disputes,
    progress,
    assigner: new AssignerService(
      { graceMs: config.graceMs },
      { ...as("assigner"), metrics: metrics.assigner },
    ),
    runner: new RunnerService(limits, {
      ...as("runner"),
      demander: new InputDemander(
        { afterSeconds: config.demandInputAfter },
        { disputes, submitter, now: () => clock.now(), emit, metrics: metrics.runner },
      ),
      metrics: metrics.runner,
    }),
    prover: new ProverService(limits, { ...as("prover"), proofs, metrics: metrics.prover }),
    settler: new SettlerService({
      market,
      escrow: escrowAdapter(connection),
      submitter,
      isHeld: (jobId) => disputes.isHeld(disputes.jobMarket, toWord(jobId)),
      metrics: metrics.settler,
    }),
    responder: new ResponderService(
      { self, tickMs: config.pollMs },
      {
        ...as("responder"),
        questions: new FileQuestionStore({ file: join(stateDir, "questions.json") }, { logger }),
        now: () => clock.now(),
        metrics: metrics.responder,
      },
    ),
    reaper: new ReaperService({ market, submitter, metrics: metrics.reaper }),
  };
}

type Workers = ReturnType<typeof createWorkers>;

function createBeacon({ config, foundation, emit, logger, metrics, clock, self }: Shared) {
  const { connection, signer, submitter } = foundation;
  return new BeaconService(
    { self, tickMs: config.pollMs, reportWithholding: config.reportWithholding },
    {
      beacon: beaconAdapter(connection),
      drand: config.drandUrl === undefined ? undefined : httpDrand(config.drandUrl),
      signer,
      submitter,
      clock,
      emit,
      logger: logger.child({ service: "beacon" }),
      metrics: metrics.beacon,
    },
  );
}

function createScheduler(
  { config, catalog, emit, logger, metrics, clock, self }: Shared,
  { market, progress, assigner, runner, prover, settler, reaper }: Workers,
  beacon: BeaconService,
  isReady: () => boolean,
  onForgotten: (progress: JobProgress) => Promise<void>,
) {
  return new SchedulerService(
    { self, reap: config.reap, tickMs: config.pollMs, rereadMs: REREAD_MS },
    {
      market,
      clock,
      progress,
      steps: {
        assign: assigner.assign,
        accept: assigner.accept,
        execute: runner.execute,
        prove: prover.prove,
        settle: settler.settle,
        decline: runner.decline,
        timeOut: reaper.timeOut,
        refund: reaper.refund,
      },
      isServed: ({ modelVersion, tier }) => catalog.get(modelVersion)?.tiers.has(tier) ?? false,
      isSeedReady: beacon.isSeedReady,
      isReady,
      placeOf: prover.placeOf,
      onForgotten,
      emit,
      logger: logger.child({ service: "scheduler" }),
      metrics: metrics.scheduler,
    },
  );
}

function createWatcher(
  { config, foundation, logger, metrics, clock }: Shared,
  chain: ChainPort,
  onEvent: (event: ChainEvent) => Promise<void>,
) {
  return new WatcherService(
    {
      ...DEFAULT_WATCHER_OPTIONS,
      fromBlock: foundation.connection.lattice.addresses.fromBlock,
      pollMs: config.pollMs,
      confirmations: config.confirmations,
    },
    {
      chain,
      clock,
      cursors: new FileCursorStore({ file: join(foundation.stateDir, "cursor.json") }),
      logger: logger.child({ service: "watcher" }),
      metrics: metrics.watcher,
      onEvent,
    },
  );
}

/** Wires every service of a provider that works on jobs; nothing runs yet. */
export function composeServices(inputs: Inputs) {
  const { config, foundation, catalog, emit } = inputs;
  const self = foundation.submitter.address;
  const metrics = createMetrics(foundation);
  const clock = new ChainClock(systemClock.now);
  const shared: Shared = { ...inputs, metrics, clock, self };
  const workers = createWorkers(shared);
  const beacon = createBeacon(shared);
  const chain = chainReader(foundation.connection);
  const reporter = new ReporterService(
    { self, market: workers.disputes.jobMarket },
    {
      // Nodes behind one address may lag behind each other.
      gasUsed: (transaction) => retry(() => chain.gasUsed(transaction), RECEIPT_RETRY),
      takeTimes: (jobId) => workers.prover.takeTimes(jobId),
      emit,
    },
  );
  const watcher: WatcherService = createWatcher(shared, chain, (event) =>
    dispatch(event, { config, catalog, beacon, scheduler, reporter, responder: workers.responder }),
  );
  const scheduler: SchedulerService = createScheduler(
    shared,
    workers,
    beacon,
    () => watcher.synced,
    async ({ jobId, order, result }) => {
      await workers.prover.forget(jobId);
      // The market settles nothing that is in question: a job that is over owes no answer any more.
      if (order.tier !== Tier.Optimistic || !result) return;
      if (scheduler.isOwed(result.outputCommitment)) return;
      await foundation.traces.remove(result.outputCommitment);
    },
  );
  const { runner, prover, responder } = workers;
  return { metrics, clock, beacon, scheduler, watcher, runner, prover, responder };
}

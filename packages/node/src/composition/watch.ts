import { join } from "node:path";
import { loadAddressBook } from "@lattice/sdk/node";
import { Wallet } from "ethers";
import {
  DEFAULT_MAX_ARTIFACT_BYTES,
  DirectoryArtifactStore,
} from "../adapters/artifacts-fs/store.ts";
import { chainReader } from "../adapters/chain/chain-reader.ts";
import { connectChain } from "../adapters/chain/connection.ts";
import { disputesAdapter } from "../adapters/chain/disputes.ts";
import { marketAdapter } from "../adapters/chain/market.ts";
import { WalletTransactions } from "../adapters/chain/transactions.ts";
import { type Environment, loadAccount } from "../adapters/keys/account.ts";
import { OpenedModels } from "../adapters/models/open-traced-model.ts";
import { openTraceStore } from "../adapters/models/trace-files.ts";
import { DirectoryCaseStore, lotterySecret } from "../adapters/state-fs/case-store.ts";
import { FileCursorStore } from "../adapters/state-fs/cursor-store.ts";
import { lockData } from "../adapters/state-fs/data-lock.ts";
import { memoryCases, memoryCursor } from "../adapters/state-fs/memory.ts";
import { ChainClock } from "../core/chain-clock.ts";
import { Tier } from "../core/order.ts";
import type { DisputePort } from "../core/ports/disputes.ts";
import type { ChainEvent, MarketPort } from "../core/ports/market.ts";
import type { WatchSink } from "../core/watch-events.ts";
import { createChallengerMetrics } from "../services/challenger/metrics.ts";
import { ChallengerService } from "../services/challenger/service.ts";
import { createSubmitterMetrics } from "../services/submitter/metrics.ts";
import { DEFAULT_SUBMITTER_OPTIONS, SubmitterService } from "../services/submitter/service.ts";
import { createWatcherMetrics } from "../services/watcher/metrics.ts";
import { DEFAULT_WATCHER_OPTIONS, WatcherService } from "../services/watcher/service.ts";
import { NodeError } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";
import { Supervisor } from "../shared/supervisor.ts";
import { systemClock } from "../shared/time.ts";
import type { WatchConfig } from "../shared/watch-config.ts";
import { stateName } from "./foundation.ts";
import { statusWriter } from "./status.ts";

export interface WatchDependencies {
  readonly env: Environment;
  readonly emit: WatchSink;
  readonly logger: Logger;
}

/** A challenger that has not begun, or is at work. */
export interface Watch {
  readonly address: string;
  /** Works until closed. */
  start(): Promise<void>;
  /** Does all that can be done now. @throws NodeError CASES_FAILED when something could not be. */
  once(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 4_000;

type Stage = Awaited<ReturnType<typeof openStage>>;

/** Connection, keys and directories of a challenger. */
async function openStage(config: WatchConfig, env: Environment, logger: Logger) {
  const wallet = config.key
    ? await loadAccount(config.key, env)
    : // A dry run only estimates: any account does.
      new Wallet(Wallet.createRandom().privateKey);
  const connection = await connectChain(config.rpc, await loadAddressBook(config.addresses));
  try {
    const unlock = config.dryRun ? async () => undefined : await lockData(config.data);
    const port = new WalletTransactions(connection, wallet);
    const submitterMetrics = createSubmitterMetrics();
    const submitter = new SubmitterService(
      { ...DEFAULT_SUBMITTER_OPTIONS, pollMs: Math.min(config.pollMs, 1_000) },
      { port, logger: logger.child({ service: "submitter" }), metrics: submitterMetrics },
    );
    const stateDir = join(config.data, stateName(connection));
    const close = async () => {
      connection.close();
      await unlock();
    };
    return { connection, port, submitter, submitterMetrics, stateDir, close };
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function createServices(
  config: WatchConfig,
  { connection, port, submitter, stateDir }: Stage,
  { emit, logger }: WatchDependencies,
) {
  const artifacts = new DirectoryArtifactStore({
    directory: config.artifacts,
    maxBytes: DEFAULT_MAX_ARTIFACT_BYTES,
  });
  const disputes = disputesAdapter(connection);
  const clock = new ChainClock(systemClock.now);
  const metrics = { challenger: createChallengerMetrics(), watcher: createWatcherMetrics() };
  const { sample, latPrice, dryRun, pollMs, confirmations } = config;
  const secret = dryRun ? new Uint8Array(32) : await lotterySecret(join(stateDir, "lottery"));
  const models = new OpenedModels({ connection, artifacts });
  const challenger = new ChallengerService(
    { tickMs: pollMs, sample, secret, latPrice, dryRun },
    {
      self: submitter.address,
      disputes,
      submitter,
      costs: port,
      cases: dryRun
        ? memoryCases()
        : new DirectoryCaseStore({ directory: join(stateDir, "cases") }, { logger }),
      artifacts,
      models,
      traces: openTraceStore(config.artifacts),
      now: () => clock.now(),
      isReady: () => watcher.synced,
      emit,
      logger: logger.child({ service: "challenger" }),
      metrics: metrics.challenger,
    },
  );
  const market = marketAdapter(connection);
  const watcher: WatcherService = new WatcherService(
    {
      ...DEFAULT_WATCHER_OPTIONS,
      fromBlock: connection.lattice.addresses.fromBlock,
      pollMs,
      confirmations,
    },
    {
      chain: chainReader(connection),
      clock,
      cursors: dryRun
        ? memoryCursor()
        : new FileCursorStore({ file: join(stateDir, "cursor.json") }),
      logger: logger.child({ service: "watcher" }),
      metrics: metrics.watcher,
      onEvent: (event) => dispatch(event, { market, disputes, challenger, logger }),
    },
  );
  return { challenger, watcher, models, metrics };
}

interface Receivers {
  readonly market: MarketPort;
  readonly disputes: DisputePort;
  readonly challenger: ChallengerService;
  readonly logger: Logger;
}

/** Hands bonded results to the challenger. */
async function dispatch(
  event: ChainEvent,
  { market, disputes, challenger, logger }: Receivers,
): Promise<void> {
  if (event.kind === "committed") {
    const order = await market.order(event.jobId);
    if (order.tier !== Tier.Optimistic) return;
    await challenger.track(disputes.resultOfJob(order, event));
  } else if (event.kind === "batchClaimed") {
    const results = await disputes.resultsOfBatch(event);
    if (results.length === 0) {
      const { transaction, batchId } = event;
      logger.warn({ transaction, batchId }, "a batch whose results its transaction does not state");
    }
    for (const result of results) await challenger.track(result);
  }
}

/**
 * Opens a challenger: checks key, chain and directories. Nothing is checked or sent yet.
 * @throws NodeError or SdkError saying what is wrong and what to do; nothing is left open.
 */
export async function openWatch(
  config: WatchConfig,
  dependencies: WatchDependencies,
): Promise<Watch> {
  const { emit, logger } = dependencies;
  const stage = await openStage(config, dependencies.env, logger);
  const supervisor = new Supervisor({ closeTimeoutMs: CLOSE_TIMEOUT_MS }, { logger });
  await supervisor.start({ name: "foundation", close: stage.close });
  const services = await createServices(config, stage, dependencies);
  const { challenger, watcher, models, metrics } = services;
  await supervisor.start({ name: "models", close: () => models.close() });
  const { address } = stage.submitter;
  const { chainId } = stage.connection.lattice.addresses;
  const status = () => ({
    ...{ address, chainId, pid: process.pid, writtenAt: new Date().toISOString() },
    handled: watcher.position,
    open: challenger.open,
    metrics: {
      challenger: metrics.challenger.snapshot(),
      watcher: metrics.watcher.snapshot(),
      submitter: stage.submitterMetrics.snapshot(),
    },
  });
  emit({ event: "watching", address, chainId });
  return {
    address,
    start: async () => {
      await supervisor.start(statusWriter(config.data, status, logger));
      await supervisor.start(challenger);
      await supervisor.start(watcher);
    },
    once: async (signal) => {
      await challenger.load();
      await watcher.load();
      await watcher.poll(signal);
      while ((await challenger.tick(signal)) > 0) signal.throwIfAborted();
      const { failures } = metrics.challenger.snapshot();
      if (failures === 0) return;
      throw new NodeError("CASES_FAILED", `${failures} result(s) could not be dealt with`, {
        failures,
      });
    },
    close: () => supervisor.close(),
  };
}

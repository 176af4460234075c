import { totalmem } from "node:os";
import { countsFrom, registryAdapter } from "./adapters/chain/registry.ts";
import type { Environment } from "./adapters/keys/account.ts";
import { type Foundation, openFoundation } from "./composition/foundation.ts";
import { openCatalog } from "./composition/models.ts";
import { composeServices } from "./composition/services.ts";
import { type ProviderStatus, statusReader, statusWriter } from "./composition/status.ts";
import type { EventSink } from "./core/events.ts";
import { Tier } from "./core/order.ts";
import type { Capabilities } from "./core/ports/registry.ts";
import { RegistrarService } from "./services/registrar/service.ts";
import type { ProviderConfig } from "./shared/config.ts";
import type { Logger } from "./shared/logger.ts";
import { type Service, Supervisor } from "./shared/supervisor.ts";

export interface ProviderDependencies {
  readonly env: Environment;
  readonly emit: EventSink;
  readonly logger: Logger;
  /** Gives up an unfinished start. */
  readonly signal: AbortSignal;
}

/** A provider that is at work. */
export interface ProviderNode {
  readonly address: string;
  status(): ProviderStatus;
  /** Starts nothing new, abandons what is unfinished (the next start resumes it) and frees all. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 4_000;
const CPU = 1;
const MAX_TENSOR_BYTES = 64n * 1024n * 1024n;

function capabilities({ maxCollateral }: ProviderConfig): Capabilities {
  return {
    accelerator: CPU,
    memoryMiB: Math.floor(totalmem() / 2 ** 20),
    maxTensorBytes: MAX_TENSOR_BYTES,
    tiers: (1 << Tier.Zk) | (1 << Tier.Optimistic),
    maxCollateral,
  };
}

function createRegistrar(
  config: ProviderConfig,
  { connection, signer, submitter }: Foundation,
  { emit, logger }: ProviderDependencies,
): RegistrarService {
  const { stake, endpoint, payout } = config;
  return new RegistrarService(
    { stake, endpoint, payout, capabilities: capabilities(config) },
    {
      registry: registryAdapter(connection),
      signer,
      submitter,
      countsFrom: () => countsFrom(connection),
      emit,
      logger: logger.child({ service: "registrar" }),
    },
  );
}

/**
 * Starts a provider: checks key, chain and stake, makes its models ready, takes part in the beacon,
 * registers, offers its models, and works on jobs until closed.
 * @throws NodeError, SdkError or ZkmlError saying what is wrong and what to do; nothing is left open.
 */
export async function startProvider(
  config: ProviderConfig,
  dependencies: ProviderDependencies,
): Promise<ProviderNode> {
  const { env, emit, logger, signal } = dependencies;
  const supervisor = new Supervisor({ closeTimeoutMs: CLOSE_TIMEOUT_MS }, { logger });
  const started = async <S extends Service>(service: S): Promise<S> => {
    signal.throwIfAborted();
    await supervisor.start(service);
    return service;
  };
  try {
    const foundation = await openFoundation(config, env, logger);
    await started({ name: "foundation", close: foundation.close });
    const { submitter, connection } = foundation;
    const { address } = submitter;
    emit({ event: "started", address, chainId: connection.lattice.addresses.chainId });
    const registrar = createRegistrar(config, foundation, dependencies);
    await registrar.check();
    const models = config.models.map(({ modelVersion }) => modelVersion);
    const catalog = await openCatalog(
      models,
      config.buildDir,
      foundation,
      dependencies,
      config.prover,
    );
    await started({ name: "models", close: catalog.close });

    const services = composeServices({ config, foundation, catalog, emit, logger });
    const { watcher, scheduler, beacon, runner, prover, responder } = services;
    const status = statusReader(foundation, services);
    await started(statusWriter(config.data, status, logger));
    for (const service of [runner, prover, beacon, responder, scheduler, watcher]) {
      await started(service);
    }
    const stake = await registrar.join();
    await registrar.offer(config.models);
    if (config.drainOnExit) await started({ name: "drain", close: () => registrar.drain() });
    emit({ event: "ready", address, stake, models });
    return { address, status, close: () => supervisor.close() };
  } catch (error) {
    await supervisor.close();
    throw error;
  }
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadAddressBook } from "@lattice/sdk/node";
import {
  DEFAULT_MAX_ARTIFACT_BYTES,
  DirectoryArtifactStore,
} from "../adapters/artifacts-fs/store.ts";
import { type ChainConnection, connectChain } from "../adapters/chain/connection.ts";
import { WalletTransactions } from "../adapters/chain/transactions.ts";
import { type Environment, loadAccount } from "../adapters/keys/account.ts";
import { ensureBeaconSeed, loadBeaconSigner } from "../adapters/keys/beacon-signer.ts";
import { openTraceStore } from "../adapters/models/trace-files.ts";
import { lockData } from "../adapters/state-fs/data-lock.ts";
import type { ArtifactStore } from "../core/ports/artifacts.ts";
import type { BeaconSigner } from "../core/ports/beacon.ts";
import type { TraceStore } from "../core/ports/traces.ts";
import type { Submitter } from "../core/ports/transactions.ts";
import { createSubmitterMetrics, type SubmitterMetrics } from "../services/submitter/metrics.ts";
import { DEFAULT_SUBMITTER_OPTIONS, SubmitterService } from "../services/submitter/service.ts";
import type { ProviderConfig } from "../shared/config.ts";
import { NodeError } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";

/** What every service of a provider stands on. */
export interface Foundation {
  readonly connection: ChainConnection;
  readonly signer: BeaconSigner;
  readonly artifacts: ArtifactStore;
  readonly traces: TraceStore;
  readonly submitter: Submitter;
  readonly submitterMetrics: SubmitterMetrics;
  /** Progress on this very chain and deployment: another one never sees it. */
  readonly stateDir: string;
  close(): Promise<void>;
}

async function beaconSigner(
  { blsSeed, data }: ProviderConfig,
  env: Environment,
  logger: Logger,
): Promise<BeaconSigner> {
  if (blsSeed) return await loadBeaconSigner(blsSeed, env);
  const file = join(data, "beacon-seed");
  if ((await ensureBeaconSeed(file)) === "created") {
    logger.warn({ file }, "made a beacon key; back its seed up, a registered key can never change");
  }
  return await loadBeaconSigner({ file }, env);
}

/** Puts model files into the store, so that a provider without the publisher's store finds them. */
async function storeModelFiles(files: readonly string[], artifacts: ArtifactStore): Promise<void> {
  for (const file of files) {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new NodeError(
        "MODEL_FILE_MISSING",
        `cannot read the model file ${file} (${code ?? "unknown"}); check the path`,
        { file },
      );
    }
    await artifacts.put(bytes);
  }
}

/**
 * Opens keys, data directory, chain and artifact store, checking each.
 * @throws NodeError as each of them does; nothing stays open then.
 */
export async function openFoundation(
  config: ProviderConfig,
  env: Environment,
  logger: Logger,
): Promise<Foundation> {
  const wallet = await loadAccount(config.key, env);
  const addresses = await loadAddressBook(config.addresses);
  const artifacts = new DirectoryArtifactStore({
    directory: config.artifacts,
    maxBytes: DEFAULT_MAX_ARTIFACT_BYTES,
  });
  await storeModelFiles(config.modelFiles, artifacts);
  const connection = await connectChain(config.rpc, addresses);
  try {
    const unlock = await lockData(config.data);
    const close = async () => {
      connection.close();
      await unlock();
    };
    try {
      const submitterMetrics = createSubmitterMetrics();
      const submitter = new SubmitterService(
        { ...DEFAULT_SUBMITTER_OPTIONS, pollMs: Math.min(config.pollMs, 1_000) },
        {
          port: new WalletTransactions(connection, wallet),
          logger: logger.child({ service: "submitter" }),
          metrics: submitterMetrics,
        },
      );
      const signer = await beaconSigner(config, env, logger);
      const stateDir = join(config.data, stateName(connection));
      const traces = openTraceStore(config.artifacts);
      return {
        connection,
        signer,
        artifacts,
        traces,
        submitter,
        submitterMetrics,
        stateDir,
        close,
      };
    } catch (error) {
      await unlock();
      throw error;
    }
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Name of a directory for what is known of one deployment on one chain. */
export function stateName({ genesis, lattice }: ChainConnection): string {
  const { chainId, contracts } = lattice.addresses;
  return `chain-${chainId}-${genesis.slice(2, 12)}-${contracts.JobMarket.slice(2, 12).toLowerCase()}`;
}

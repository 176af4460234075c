import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_MAX_ARTIFACT_BYTES, DirectoryArtifactStore } from "@lattice/node";
import hre from "hardhat";
import { castAccounts } from "./accounts.ts";
import { startChain } from "./chain.ts";
import { orderInferences } from "./jobs.ts";
import {
  connectAs,
  deployLocally,
  describeProviders,
  openProvider,
  type Places,
  shareTokens,
  startProviders,
  untilDrawable,
} from "./market.ts";
import { loadDigits, prepareKeys, publishModel } from "./model.ts";
import type { StartOptions } from "./options.ts";
import type { ProviderProcess } from "./providers.ts";
import type { StartReport } from "./report.ts";
import { fundRequester, MAX_PRICE } from "./requester.ts";
import { showSummary } from "./summary.ts";
import type { View } from "./view.ts";

/** A running marketplace: what happened in it, and how to end it. */
export interface Run {
  readonly report: StartReport;
  readonly url: string;
  readonly places: Places;
  /** Rejects when a part ends by itself. */
  readonly failed: Promise<never>;
}

/** What must be closed, in the order in which it was opened. */
export type Cleanup = (() => Promise<void>)[];

/** Runs the main job up to its summary. Everything opened is pushed to `cleanup`. */
export async function runMarketplace(
  options: StartOptions,
  view: View,
  signal: AbortSignal,
  cleanup: Cleanup,
): Promise<Run> {
  const places = await freshPlaces();
  const artifacts = new DirectoryArtifactStore({
    directory: places.artifactsDir,
    maxBytes: DEFAULT_MAX_ARTIFACT_BYTES,
  });

  view.heading("Setting up");
  const build = await view.step("contracts", () =>
    hre.tasks.getTask("build").run({ quiet: true, noTests: true }),
  );
  const model = await loadDigits();
  const keys = await view.step(
    "circuit and development key of the digit classifier",
    ({ detail }) => prepareKeys(model, places.buildDir, signal, detail),
  );
  const chain = await view.step("local chain", () => startChain(options.port, signal));
  cleanup.push(chain.value.close);
  const deploy = await view.step("protocol deployed, roles handed to the timelock", () =>
    deployLocally(chain.value.url, places.addressesFile),
  );

  const provider = openProvider(chain.value.url);
  cleanup.push(async () => provider.destroy());
  const cast = castAccounts(options.providers);
  const requester = connectAs(deploy.value, cast.requester, provider);
  const opened = await view.step("model published, requester and providers funded", async () => {
    await shareTokens(
      connectAs(deploy.value, cast.deployer, provider),
      cast,
      MAX_PRICE * BigInt(options.jobs),
    );
    await fundRequester(requester, cast.requester.address, options.jobs);
    return publishModel(requester, cast.publisher, provider, model, artifacts);
  });
  const modelVersion = opened.value;
  const processes = startProviders(cast, chain.value.url, modelVersion, places);
  for (const process of processes) cleanup.push(() => process.close());
  const failed = firstFailure(processes);
  await view.step(`${options.providers} providers staked, registered and offering`, () =>
    Promise.race([
      failed,
      Promise.all(processes.map((process) => process.waitFor("ready", signal))),
    ]),
  );
  await view.step("beacon begun; offers count two epochs after they are made", () =>
    Promise.race([failed, untilDrawable(requester, modelVersion, options.providers, signal)]),
  );

  const names = new Map(processes.map(({ address, name }) => [address, name]));
  const nameOf = (address: string) => names.get(address) ?? address;
  const orders = {
    count: options.jobs,
    lattice: requester,
    requester: cast.requester.address,
    ...{ modelVersion, model, artifacts, processes, nameOf },
  };
  const jobs = await Promise.race([failed, orderInferences(orders, view, signal)]);
  const report: StartReport = {
    chainId: deploy.value.chainId,
    contracts: deploy.value.contracts,
    verifiers: deploy.value.verifiers,
    providers: await describeProviders(requester, cast),
    jobs: jobs.reports,
    seconds: {
      build: build.seconds,
      keys: keys.seconds,
      deploy: deploy.seconds,
      jobs: jobs.seconds,
    },
  };
  showSummary(view, report, nameOf);
  return { report, url: chain.value.url, places, failed };
}

/** Each run has a chain of its own, so nothing of an earlier run's state applies; built keys are kept. */
async function freshPlaces(): Promise<Places> {
  const root = join(hre.config.paths.root, ".lattice", "local");
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  return {
    addressesFile: join(hre.config.paths.root, "deployments", "localhost", "addresses.json"),
    artifactsDir: join(root, "artifacts"),
    dataDir: join(root, "providers"),
    buildDir: join(hre.config.paths.root, "build", "circuits"),
  };
}

function firstFailure(processes: readonly ProviderProcess[]): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    for (const process of processes) process.once("exit", (reason) => reject(new Error(reason)));
  });
  // Whoever waits learns of it; without a waiter it must not end the process.
  failed.catch(() => undefined);
  return failed;
}

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_MAX_ARTIFACT_BYTES, DirectoryArtifactStore } from "@lattice/node";
import type { Lattice } from "@lattice/sdk";
import type { LoadedModel } from "@lattice/zkml";
import hre from "hardhat";
import { castAccounts } from "./accounts.ts";
import { type LocalChain, startChain } from "./chain.ts";
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
import { reportJob, type StartReport } from "./report.ts";
import { fundRequester, MAX_PRICE, type PostedJob, postDigit } from "./requester.ts";
import { showJob, showSummary } from "./summary.ts";
import { JobTracker } from "./tracker.ts";
import { OutputChecker } from "./verify.ts";
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
  const keys = await view.step("circuit and development key of the digit classifier", (update) =>
    prepareKeys(model, places.buildDir, signal, update),
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
  const market = {
    requester,
    modelVersion,
    model,
    artifacts,
    processes,
    nameOf,
    chain: chain.value,
  };
  const jobs = await Promise.race([failed, orderInferences(options, view, signal, market)]);
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

interface Market {
  readonly requester: Lattice;
  readonly modelVersion: string;
  readonly model: LoadedModel;
  readonly artifacts: DirectoryArtifactStore;
  readonly processes: readonly ProviderProcess[];
  readonly nameOf: (address: string) => string;
  readonly chain: LocalChain;
}

async function orderInferences(
  options: StartOptions,
  view: View,
  signal: AbortSignal,
  market: Market,
) {
  const { requester, modelVersion, model, artifacts, processes, nameOf } = market;
  const owner = requester.runner;
  const provider = owner.provider;
  if (!provider) throw new Error("The requester has no connection to the chain.");
  const proveSeconds = new Map<string, number>();
  for (const process of processes) {
    process.on("event", ({ event, jobId, proveSeconds: seconds }) => {
      if (event === "proved") proveSeconds.set(String(jobId), Number(seconds));
    });
  }
  const checker = await OutputChecker.create(model, artifacts);
  const posted: PostedJob[] = [];
  view.heading(`Ordering ${options.jobs} inference${options.jobs === 1 ? "" : "s"}`);
  try {
    const { value: tracker, seconds } = await view.step("jobs", async (update) => {
      const done = { drawn: 0, committed: 0, proved: 0, settled: 0 };
      const fromBlock = (await provider.getBlockNumber()) + 1;
      const follow = new JobTracker(requester, fromBlock, (jobId, step, track) => {
        if (step === "assigned") done.drawn += 1;
        else if (step in done) done[step as keyof typeof done] += 1;
        const counts = Object.entries(done).map(([name, count]) => `${count} ${name}`);
        const who = track.provider ? ` (${nameOf(track.provider)})` : "";
        update(`job ${jobId} ${step}${who}; ${counts.join(", ")} of ${options.jobs}`);
      });
      const address = await requesterAddress(requester);
      for (let index = 0; index < options.jobs; index += 1) {
        const job = await postDigit(requester, address, modelVersion, artifacts, index);
        posted.push(job);
        follow.follow(job.id);
      }
      await follow.untilEnded(signal);
      return follow;
    });
    view.print();
    const reports = [];
    for (const job of posted) {
      const track = tracker.jobs.get(job.id);
      if (!track) throw new Error(`Job ${job.id} was posted but not followed.`);
      const checked = track.outputDigest
        ? await checker.check(job.input, track.outputDigest, signal)
        : undefined;
      const report = reportJob({
        ...job,
        track,
        checked,
        proveSeconds: proveSeconds.get(String(job.id)),
      });
      showJob(view, report, job.pixels, nameOf);
      reports.push(report);
    }
    return { reports, seconds };
  } finally {
    await checker.close();
  }
}

async function requesterAddress({ runner }: Lattice): Promise<string> {
  if (!("getAddress" in runner) || typeof runner.getAddress !== "function") {
    throw new Error("The requester's client needs a signer.");
  }
  return runner.getAddress();
}

import type { DirectoryArtifactStore } from "@lattice/node";
import { formatJobId, type Lattice } from "@lattice/sdk";
import type { LoadedModel } from "@lattice/zkml";
import type { ProviderProcess } from "./providers.ts";
import { type JobReport, reportJob } from "./report.ts";
import { type PostedJob, postDigit } from "./requester.ts";
import { lat, showJob } from "./summary.ts";
import { type JobTrack, JobTracker, type TrackedStep } from "./tracker.ts";
import { OutputChecker } from "./verify.ts";
import type { Progress, View } from "./view.ts";

/** What is needed to order inferences and to check what comes back. */
export interface Orders {
  readonly count: number;
  /** Connected to the requester's signer. */
  readonly lattice: Lattice;
  readonly requester: string;
  readonly modelVersion: string;
  readonly model: LoadedModel;
  readonly artifacts: DirectoryArtifactStore;
  readonly processes: readonly ProviderProcess[];
  readonly nameOf: (address: string) => string;
}

/** Orders inferences of held-out digits, follows them to their end, and checks every result. */
export async function orderInferences(
  orders: Orders,
  view: View,
  signal: AbortSignal,
): Promise<{ reports: JobReport[]; seconds: number }> {
  const proveSeconds = listenForProofs(orders.processes);
  view.heading(`Ordering ${orders.count} inference${orders.count === 1 ? "" : "s"}`);
  const { value: followed, seconds } = await view.step("jobs", (progress) =>
    followJobs(orders, progress, proveSeconds, signal),
  );
  view.print();
  const checker = await OutputChecker.create(orders.model, orders.artifacts);
  try {
    const reports: JobReport[] = [];
    for (const [job, track] of followed) {
      const checked = track.outputDigest
        ? await checker.check(job.input, track.outputDigest, signal)
        : undefined;
      const report = reportJob({ ...job, track, checked, proveSeconds: proveSeconds.get(job.id) });
      showJob(view, reports.length + 1, report, job.pixels, orders.nameOf);
      reports.push(report);
    }
    return { reports, seconds };
  } finally {
    await checker.close();
  }
}

/** Seconds of each proof, as the providers report them; filled as events come. */
function listenForProofs(processes: readonly ProviderProcess[]): ReadonlyMap<bigint, number> {
  const seconds = new Map<bigint, number>();
  for (const process of processes) {
    process.on("event", ({ event, jobId, proveSeconds }) => {
      if (event === "proved") seconds.set(BigInt(String(jobId)), Number(proveSeconds));
    });
  }
  return seconds;
}

async function followJobs(
  { count, lattice, requester, modelVersion, artifacts, nameOf }: Orders,
  progress: Progress,
  proveSeconds: ReadonlyMap<bigint, number>,
  signal: AbortSignal,
): Promise<[PostedJob, JobTrack][]> {
  const { provider } = lattice.runner;
  if (!provider) throw new Error("The requester has no connection to the chain.");
  const ended = { settled: 0 };
  // Ids are hashes; people count.
  const numbers = new Map<bigint, number>();
  const numberOf = (jobId: bigint) => numbers.get(jobId) ?? formatJobId(jobId);
  const tracker = new JobTracker(
    lattice,
    requester,
    (await provider.getBlockNumber()) + 1,
    (jobId, step, track) => {
      progress.line(
        `job ${numberOf(jobId)}  ${describeStep(step, track, nameOf, proveSeconds.get(jobId))}`,
      );
      if (step === "settled") ended.settled += 1;
      progress.detail(`${ended.settled} of ${count} settled`);
    },
  );
  const posted: [PostedJob, JobTrack][] = [];
  const following = tracker.untilEnded(count, signal);
  // Should posting fail, that is the error to show.
  following.catch(() => undefined);
  for (let index = 0; index < count; index += 1) {
    const job = await postDigit(lattice, requester, modelVersion, artifacts, index);
    numbers.set(job.id, index + 1);
    progress.line(`job ${index + 1}  posted: a drawn ${job.label}`);
    posted.push([job, tracker.track(job.id)]);
  }
  await following;
  return posted;
}

function describeStep(
  step: TrackedStep,
  track: JobTrack,
  nameOf: (address: string) => string,
  proveSeconds: number | undefined,
): string {
  const who = nameOf(track.provider ?? "nobody");
  switch (step) {
    case "assigned":
      return `drawn: ${who}, for ${lat(track.price ?? 0n)} (seed of epoch ${track.draw?.epoch})`;
    case "committed":
      return `${who} ran the model and committed the result`;
    case "proved":
      return `proof verified on-chain${proveSeconds === undefined ? "" : `, made in ${proveSeconds.toFixed(2)} s`}`;
    case "settled":
      return `paid: ${who} earns ${lat(track.legs?.provider ?? 0n)}`;
    case "reassigned":
      return `${who} was late and slashed; the job is drawn again`;
    case "refunded":
      return "refunded";
  }
}

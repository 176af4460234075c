import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DirectoryProgressStore } from "../../src/adapters/state-fs/progress-store.ts";
import { FileProofQueueStore } from "../../src/adapters/state-fs/proof-queue-store.ts";
import { ChainClock } from "../../src/core/chain-clock.ts";
import { JobState } from "../../src/core/job.ts";
import { createProverMetrics } from "../../src/services/prover/metrics.ts";
import { ProverService } from "../../src/services/prover/service.ts";
import { createSchedulerMetrics } from "../../src/services/scheduler/metrics.ts";
import { SchedulerService } from "../../src/services/scheduler/service.ts";
import { SELF, word } from "../helpers/jobs.ts";
import { argumentsOf, LANDED } from "../helpers/market.ts";
import { PROOF } from "../helpers/model.ts";
import { until } from "../helpers/until.ts";
import { matching, setup } from "../helpers/workers.ts";

// A provider's scheduler and prover over real files, with a chain that is a file too. It kills
// itself, as `kill -9` would, when it comes to the moment that its second argument names.
const [directory = "", deadly = ""] = process.argv.slice(2);
// In this order they are asked for; stored jobs are loaded by id.
const JOBS = [3n, 1n, 2n];
const chainFile = join(directory, "chain.json");

interface Chain {
  readonly settled: string[];
  readonly submissions: string[];
  readonly made: string[];
}

const readChain = (): Chain =>
  existsSync(chainFile)
    ? JSON.parse(readFileSync(chainFile, "utf8"))
    : { settled: [], submissions: [], made: [] };

function changeChain(change: (chain: Chain) => void): void {
  const chain = readChain();
  change(chain);
  writeFileSync(chainFile, JSON.stringify(chain));
}

/** Dies at `moment` of a job when this run was told to. */
function pass(moment: string, jobId: bigint | string): void {
  if (deadly === `${moment}:${jobId}`) process.kill(process.pid, "SIGKILL");
}

const world = setup();
const { market, submitter, model, common } = world;
const { logger } = common;
const committed = { state: JobState.Committed, provider: SELF, outputCommitment: word(14) };
const orders = JOBS.map((jobId) => matching({ nonce: jobId }));
const progress = new DirectoryProgressStore({ directory: join(directory, "jobs") }, { logger });
const file = new FileProofQueueStore({ file: join(directory, "proofs.json") }, { logger });
const saveProgress = progress.save.bind(progress);
progress.save = async (of) => {
  await saveProgress(of);
  if (of.proof) pass("stored", of.jobId);
};
const proofs = {
  load: () => file.load(),
  save: async (list: Parameters<typeof file.save>[0]) => {
    await file.save(list);
    for (const { jobId, running } of list) pass(running ? "started" : "queued", jobId);
  },
};
for (const [i, jobId] of JOBS.entries()) {
  const order = orders[i] as (typeof orders)[number];
  market.put(jobId, order, committed);
  if (readChain().settled.includes(`${jobId}`)) market.change(jobId, { state: JobState.Settled });
}
model.prove = async (_input, context) => {
  const jobId = `${context / 1_000n - 1n}`;
  changeChain(({ made }) => made.push(jobId));
  pass("proving", jobId);
  const times = { witnessSeconds: 0, proveSeconds: 0, peakMemoryBytes: 0 };
  return { proof: PROOF, publicSignals: [context, 7n, 14n], ...times };
};
submitter.onSubmit = async (call) => {
  const [{ nonce }] = argumentsOf(call) as [{ nonce: string }];
  pass("submitting", nonce);
  changeChain((chain) => {
    chain.submissions.push(nonce);
    chain.settled.push(nonce);
  });
  pass("submitted", nonce);
  market.change(BigInt(nonce), { state: JobState.Settled });
  return LANDED;
};

const metrics = createProverMetrics();
const deps = { ...common, progress, proofs, metrics };
const prover = new ProverService({ concurrency: 1, capacity: 8 }, deps);
const none = async () => undefined;
const scheduler = new SchedulerService(
  { self: SELF, reap: "none", tickMs: 5, rereadMs: 10 },
  {
    ...{ market, progress, logger, emit: () => undefined },
    // Before the deadline of every job.
    clock: new ChainClock(() => 0),
    steps: {
      prove: prover.prove,
      ...{ assign: none, accept: none, execute: none, settle: none },
      ...{ decline: none, timeOut: none, refund: none },
    },
    isServed: () => true,
    isSeedReady: async () => false,
    isReady: () => true,
    placeOf: prover.placeOf,
    onForgotten: ({ jobId }) => prover.forget(jobId),
    metrics: createSchedulerMetrics(),
  },
);
await prover.start();
await scheduler.start();
for (const [i, jobId] of JOBS.entries()) {
  if (readChain().settled.includes(`${jobId}`)) continue;
  await scheduler.track(jobId, orders[i] as (typeof orders)[number]);
}
await until(() => scheduler.counts.open === 0, 20_000);
await scheduler.close();
prover.close();
process.stdout.write(JSON.stringify({ queue: await file.load(), metrics: metrics.snapshot() }));

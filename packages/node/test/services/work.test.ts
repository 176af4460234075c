import { expect } from "chai";
import type { NodeEvent } from "../../src/core/events.ts";
import { type Job, JobState } from "../../src/core/job.ts";
import { AssignmentMode, type Order } from "../../src/core/order.ts";
import { createAssignerMetrics } from "../../src/services/assigner/metrics.ts";
import { AssignerService } from "../../src/services/assigner/service.ts";
import { createProverMetrics } from "../../src/services/prover/metrics.ts";
import { ProverService } from "../../src/services/prover/service.ts";
import { createReaperMetrics } from "../../src/services/reaper/metrics.ts";
import { ReaperService } from "../../src/services/reaper/service.ts";
import { createRunnerMetrics } from "../../src/services/runner/metrics.ts";
import { RunnerService } from "../../src/services/runner/service.ts";
import { type KnownJob, trackedJob } from "../../src/services/scheduler/tracked-job.ts";
import { createSettlerMetrics } from "../../src/services/settler/metrics.ts";
import { SettlerService } from "../../src/services/settler/service.ts";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";
import { MODEL, OTHER, order, SELF, word } from "../helpers/jobs.ts";
import { memoryLogger } from "../helpers/logger.ts";
import {
  argumentsOf,
  FakeMarket,
  FakeSubmitter,
  LANDED,
  MemoryProgress,
} from "../helpers/market.ts";
import { FakeModel, MemoryArtifacts, PROOF } from "../helpers/model.ts";
import { reverted } from "../helpers/transactions.ts";

const INPUT = word(8);
const signal = new AbortController().signal;

/** A provider's parts around one model and one job, with everything outside of it played. */
function setup() {
  const market = new FakeMarket();
  const submitter = new FakeSubmitter();
  const artifacts = new MemoryArtifacts();
  const model = new FakeModel();
  const progress = new MemoryProgress();
  const events: NodeEvent[] = [];
  const clock = { ms: 0 };
  const common = {
    market,
    submitter,
    artifacts,
    progress,
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
  return { market, submitter, artifacts, model, progress, events, clock, common, track };
}

const matching = (changes: Partial<Order> = {}) => order({ inputCommitment: word(7), ...changes });

describe("RunnerService", () => {
  const runnerOf = ({ common }: ReturnType<typeof setup>) => {
    const metrics = createRunnerMetrics();
    return {
      metrics,
      runner: new RunnerService({ concurrency: 1, capacity: 4 }, { ...common, metrics }),
    };
  };
  const assigned = { state: JobState.Assigned, provider: SELF };

  it("runs the input, stores the output, and commits it", async () => {
    const world = setup();
    const tracked = world.track(matching(), assigned);
    await runnerOf(world).runner.execute(tracked, signal);
    const [submitted] = world.submitter.submitted;
    if (!submitted) throw new Error("nothing was submitted");
    expect(submitted.label).to.equal("commit");
    expect(argumentsOf(submitted).slice(2)).to.deep.equal([word(14), word(1_014)]);
    expect(world.artifacts.held.get(word(1_014))).to.deep.equal(Uint8Array.of(6, 8));
    expect(world.progress.saved.get(1n)?.result).to.deep.equal({
      outputCommitment: word(14),
      outputDigest: word(1_014),
    });
    expect(world.events.map(({ event }) => event)).to.deep.equal(["inference"]);
  });

  it("gives a job back", async () => {
    const world = setup();
    const tracked = world.track(matching(), assigned);
    const { runner, metrics } = runnerOf(world);
    await runner.decline(tracked, signal);
    expect(world.submitter.labels).to.deep.equal(["decline"]);
    expect(metrics.snapshot().declined).to.equal(1);
  });

  it("commits the stored result of an earlier run without running again", async () => {
    const world = setup();
    const tracked = world.track(matching(), assigned);
    const { runner, metrics } = runnerOf(world);
    await runner.execute(tracked, signal);
    await runner.execute(tracked, signal);
    expect(world.model.runs).to.equal(1);
    expect(world.submitter.labels).to.deep.equal(["commit", "commit"]);
    expect(metrics.snapshot().resumed).to.equal(1);
  });

  it("runs again when the output of the earlier run is gone", async () => {
    const world = setup();
    const tracked = world.track(matching(), assigned);
    const { runner } = runnerOf(world);
    await runner.execute(tracked, signal);
    world.artifacts.held.delete(word(1_014));
    await runner.execute(tracked, signal);
    expect(world.model.runs).to.equal(2);
  });

  it("commits nothing when the two executions disagree", async () => {
    const world = setup();
    world.model.replay = async () => Uint8Array.of(6, 9);
    const { runner, metrics } = runnerOf(world);
    const work = runner.execute(world.track(matching(), assigned), signal);
    const error = await nodeFailureOf("OUTPUT_MISMATCH", work);
    expect(error.metadata).to.deep.equal({ modelVersion: MODEL, index: 1 });
    expect(world.submitter.submitted).to.have.lengthOf(0);
    expect(metrics.snapshot()).to.include({ disagreements: 1, runs: 0 });
  });

  it("refuses an input that is not what the order commits to", async () => {
    const world = setup();
    const tracked = world.track(order({ inputCommitment: word(99) }), assigned);
    const error = await nodeFailureOf(
      "INPUT_MISMATCH",
      runnerOf(world).runner.execute(tracked, signal),
    );
    expect(error.metadata).to.deep.equal({
      digest: INPUT,
      committed: word(99),
      computed: word(7),
    });
    expect(world.model.runs).to.equal(0);
  });

  it("says that a missing input may come", async () => {
    const world = setup();
    world.artifacts.held.clear();
    const work = runnerOf(world).runner.execute(world.track(matching(), assigned), signal);
    expect((await nodeFailureOf("ARTIFACT_NOT_FOUND", work)).retryable).to.equal(true);
  });

  it("knows its own commitment from another's when asked whether it landed", async () => {
    const world = setup();
    const tracked = world.track(matching(), assigned);
    const answers: (boolean | undefined)[] = [];
    world.submitter.onSubmit = async (_call, { isDone }) => {
      answers.push(await isDone?.());
      world.market.change(1n, { state: JobState.Committed, outputCommitment: word(15) });
      answers.push(await isDone?.());
      world.market.change(1n, { state: JobState.Proved, outputCommitment: word(14) });
      answers.push(await isDone?.());
      return { outcome: "alreadyDone" };
    };
    await runnerOf(world).runner.execute(tracked, signal);
    expect(answers).to.deep.equal([false, false, true]);
  });
});

describe("ProverService", () => {
  const proverOf = ({ common }: ReturnType<typeof setup>) => {
    const metrics = createProverMetrics();
    return {
      metrics,
      prover: new ProverService({ concurrency: 1, capacity: 4 }, { ...common, metrics }),
    };
  };
  const committed = { state: JobState.Committed, provider: SELF, outputCommitment: word(14) };

  it("proves the committed result for this job and provider, and submits", async () => {
    const world = setup();
    const { prover } = proverOf(world);
    await prover.prove(world.track(matching(), committed), signal);
    const [submitted] = world.submitter.submitted;
    if (!submitted) throw new Error("nothing was submitted");
    expect(submitted.label).to.equal("prove");
    expect(argumentsOf(submitted)[2]).to.deep.equal(PROOF.map(String));
    expect(world.events.map(({ event }) => event)).to.deep.equal(["proving"]);
    expect(prover.takeTimes(1n)).to.deep.equal({ witnessSeconds: 1, proveSeconds: 2 });
    expect(prover.takeTimes(1n)).to.equal(undefined);
  });

  it("submits the stored proof after a restart", async () => {
    const world = setup();
    const first = world.track(matching(), committed);
    await proverOf(world).prover.prove(first, signal);
    const again = world.track(matching(), committed);
    again.progress = world.progress.saved.get(1n) ?? again.progress;
    const { prover, metrics } = proverOf(world);
    await prover.prove(again, signal);
    expect(world.model.proofs).to.equal(1);
    expect(metrics.snapshot()).to.include({ resumed: 1, proofs: 0 });
  });

  it("makes a new proof when the market refused the stored one", async () => {
    const world = setup();
    const tracked = world.track(matching(), committed);
    tracked.progress = { ...tracked.progress, proof: PROOF };
    const { prover } = proverOf(world);
    world.submitter.onSubmit = () => Promise.reject(reverted("JobMarketInvalidProof"));
    await nodeFailureOf("CALL_REVERTED", prover.prove(tracked, signal));
    world.submitter.onSubmit = async () => LANDED;
    await prover.prove(tracked, signal);
    expect(world.model.proofs).to.equal(1);
  });

  for (const [index, signals, name] of [
    [0, [1n, 7n, 14n], "context"],
    [1, [1_042n, 8n, 14n], "input commitment"],
    [2, [1_042n, 7n, 15n], "output commitment"],
  ] as const) {
    it(`keeps back a proof of another ${name}`, async () => {
      const world = setup();
      world.model.publicSignals = signals;
      const { prover, metrics } = proverOf(world);
      const work = prover.prove(world.track(matching(), committed), signal);
      const error = await nodeFailureOf("OUTPUT_MISMATCH", work);
      expect(error.metadata, String(index)).to.deep.equal({ signal: name });
      expect(world.submitter.submitted).to.have.lengthOf(0);
      expect(metrics.snapshot().rejected).to.equal(1);
    });
  }

  it("hands the abort of a shutdown to the prover, and keeps nothing", async () => {
    const world = setup();
    const abort = new AbortController();
    world.model.beforeProof = async (given) => {
      abort.abort();
      given.throwIfAborted();
    };
    const { prover } = proverOf(world);
    const work = prover.prove(world.track(matching(), committed), abort.signal);
    expect((await failureOf(work)).name).to.equal("AbortError");
    expect(world.progress.saved.get(1n)?.proof).to.equal(undefined);
  });
});

describe("AssignerService", () => {
  const assignerOf = ({ common }: ReturnType<typeof setup>) => {
    const metrics = createAssignerMetrics();
    return { metrics, assigner: new AssignerService({ graceMs: 1_000 }, { ...common, metrics }) };
  };

  it("draws at once when the draw will choose this provider", async () => {
    const world = setup();
    const { assigner, metrics } = assignerOf(world);
    await assigner.assign(world.track(matching(), {}), signal);
    expect(world.submitter.labels).to.deep.equal(["assign"]);
    expect(metrics.snapshot().draws).to.equal(1);
  });

  it("gives another provider time, then draws for it", async () => {
    const world = setup();
    world.market.expected = OTHER;
    const { assigner } = assignerOf(world);
    const tracked = world.track(matching(), {});
    await assigner.assign(tracked, signal);
    world.clock.ms = 999;
    await assigner.assign(tracked, signal);
    expect(world.submitter.labels).to.deep.equal([]);
    world.clock.ms = 1_000;
    await assigner.assign(tracked, signal);
    expect(world.submitter.labels).to.deep.equal(["assign"]);
  });

  it("takes a lost race for done", async () => {
    const world = setup();
    world.submitter.onSubmit = async (_call, { isDone }) => {
      expect(await isDone?.()).to.equal(false);
      world.market.change(1n, { state: JobState.Assigned, provider: OTHER });
      expect(await isDone?.()).to.equal(true);
      return { outcome: "alreadyDone" };
    };
    const { assigner, metrics } = assignerOf(world);
    await assigner.assign(world.track(matching(), {}), signal);
    expect(metrics.snapshot()).to.include({ draws: 0, drawnByOthers: 1 });
  });

  it("looks at the draw again after a reassignment", async () => {
    const world = setup();
    world.market.expected = OTHER;
    const { assigner } = assignerOf(world);
    const tracked = world.track(matching(), {});
    await assigner.assign(tracked, signal);
    world.market.expected = SELF;
    const reassigned = Object.assign(tracked, { job: { ...tracked.job, attempt: 1 } });
    await assigner.assign(reassigned, signal);
    expect(world.submitter.labels).to.deep.equal(["assign"]);
  });

  describe("for direct orders", () => {
    const direct = (changes: Partial<Order> = {}) =>
      matching({ mode: AssignmentMode.Direct, provider: SELF, ...changes });

    it("accepts when the input is here and fits", async () => {
      const world = setup();
      await assignerOf(world).assigner.accept(world.track(direct(), {}), signal);
      expect(world.submitter.labels).to.deep.equal(["accept"]);
    });

    it("accepts nothing whose input is missing or wrong", async () => {
      const world = setup();
      const { assigner, metrics } = assignerOf(world);
      const wrong = world.track(direct({ inputCommitment: word(99) }), {});
      await nodeFailureOf("INPUT_MISMATCH", assigner.accept(wrong, signal));
      world.artifacts.held.clear();
      const missing = world.track(direct(), {});
      await nodeFailureOf("ARTIFACT_NOT_FOUND", assigner.accept(missing, signal));
      expect(world.submitter.labels).to.deep.equal([]);
      expect(metrics.snapshot().declined).to.equal(2);
    });
  });
});

describe("ReaperService", () => {
  const reaperOf = ({ common }: ReturnType<typeof setup>) => {
    const metrics = createReaperMetrics();
    return { metrics, reaper: new ReaperService({ ...common, metrics }) };
  };
  const late = { state: JobState.Assigned, provider: OTHER };

  it("reports a late provider", async () => {
    const world = setup();
    const { reaper, metrics } = reaperOf(world);
    await reaper.timeOut(world.track(matching(), late), signal);
    expect(world.submitter.labels).to.deep.equal(["timeOut"]);
    expect(metrics.snapshot()).to.include({ timeOuts: 1, late: 0 });
  });

  it("counts a report that came after another's", async () => {
    const world = setup();
    world.submitter.onSubmit = async () => ({ outcome: "alreadyDone" });
    const { reaper, metrics } = reaperOf(world);
    await reaper.refund(world.track(matching(), {}), signal);
    expect(metrics.snapshot()).to.include({ refunds: 0, late: 1 });
  });

  it("takes a deadline that the chain has not reached for no failure, anything else for one", async () => {
    const world = setup();
    const { reaper } = reaperOf(world);
    world.submitter.onSubmit = () => Promise.reject(reverted("JobMarketDeadlineNotPassed"));
    await reaper.timeOut(world.track(matching(), late), signal);
    world.submitter.onSubmit = () => Promise.reject(reverted("JobMarketWrongState"));
    await nodeFailureOf("CALL_REVERTED", reaper.timeOut(world.track(matching(), late), signal));
  });
});

describe("SettlerService", () => {
  const settlerOf = ({ common }: ReturnType<typeof setup>, earnings: bigint) => {
    const escrow = {
      earnings: async () => earnings,
      calls: {
        withdrawEarnings: (token: string, to: string, amount: bigint) => ({
          to: token,
          data: `${to}/${amount}`,
          label: "withdrawEarnings",
        }),
      },
    };
    return new SettlerService({ ...common, escrow, metrics: createSettlerMetrics() });
  };

  it("settles", async () => {
    const world = setup();
    const proved = world.track(matching(), { state: JobState.Proved, provider: SELF });
    await settlerOf(world, 0n).settle(proved, signal);
    expect(world.submitter.labels).to.deep.equal(["settle"]);
  });

  it("withdraws all earnings, and sends nothing when there are none", async () => {
    const world = setup();
    const done = await settlerOf(world, 5n).withdraw("0xtoken", OTHER);
    expect(done?.amount).to.equal(5n);
    expect(world.submitter.submitted).to.deep.equal([
      { to: "0xtoken", data: `${OTHER}/5`, label: "withdrawEarnings" },
    ]);
    expect(await settlerOf(world, 0n).withdraw("0xtoken", OTHER)).to.equal(undefined);
    expect(world.submitter.submitted).to.have.lengthOf(1);
  });
});

import { expect } from "chai";
import { ChainClock } from "../../src/core/chain-clock.ts";
import type { NodeEvent } from "../../src/core/events.ts";
import { JobState } from "../../src/core/job.ts";
import { Tier } from "../../src/core/order.ts";
import { createSchedulerMetrics } from "../../src/services/scheduler/metrics.ts";
import { type ActiveStep, SchedulerService } from "../../src/services/scheduler/service.ts";
import type { KnownJob, StepHandler } from "../../src/services/scheduler/tracked-job.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { MODEL, OTHER, order, SELF } from "../helpers/jobs.ts";
import { memoryLogger } from "../helpers/logger.ts";
import { FakeMarket, MemoryProgress } from "../helpers/market.ts";
import { until } from "../helpers/until.ts";

const mine = (state: JobState) => ({ state, provider: SELF, deadline: 2_000 });

function setup() {
  const market = new FakeMarket();
  const progress = new MemoryProgress();
  const events: NodeEvent[] = [];
  const taken: string[] = [];
  const clock = { ms: 1_000_000 };
  const handlers = new Map<ActiveStep, StepHandler>();
  const step = (name: ActiveStep): StepHandler => {
    return async (tracked, signal) => {
      taken.push(`${name} ${tracked.jobId}`);
      await handlers.get(name)?.(tracked, signal);
    };
  };
  const ready = { seed: true, synced: true };
  const metrics = createSchedulerMetrics();
  const scheduler = new SchedulerService(
    { self: SELF, reap: "bounty", tickMs: 60_000, rereadMs: 30_000 },
    {
      market,
      clock: new ChainClock(() => clock.ms),
      progress,
      steps: {
        assign: step("assign"),
        accept: step("accept"),
        execute: step("execute"),
        prove: step("prove"),
        settle: step("settle"),
        decline: step("decline"),
        timeOut: step("timeOut"),
        refund: step("refund"),
      },
      isServed: ({ modelVersion, tier }) => modelVersion === MODEL && tier === Tier.Zk,
      isSeedReady: async () => ready.seed,
      isReady: () => ready.synced,
      emit: (event) => {
        events.push(event);
      },
      logger: memoryLogger().logger,
      metrics,
      wall: { now: () => clock.ms },
    },
  );
  /** Ticks, and lets the steps that began run as far as they get. */
  const tick = async () => {
    await scheduler.tick();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { market, progress, events, taken, clock, handlers, ready, metrics, scheduler, tick };
}

describe("SchedulerService", () => {
  it("takes a job from step to step as the chain moves on", async () => {
    const { market, taken, scheduler, handlers, progress, tick } = setup();
    market.put(1n, order());
    const moves: [ActiveStep, JobState][] = [
      ["assign", JobState.Assigned],
      ["execute", JobState.Committed],
      ["prove", JobState.Settled],
    ];
    for (const [step, state] of moves) {
      handlers.set(step, async () => market.change(1n, mine(state)));
    }
    await scheduler.track(1n, order());
    for (let i = 0; i < 6; i++) await tick();
    expect(taken).to.deep.equal(["assign 1", "execute 1", "prove 1"]);
    expect(progress.saved.size).to.equal(0);
    expect(scheduler.counts).to.deep.equal({ open: 0, own: 0 });
  });

  it("runs the next job while a proof takes its time", async () => {
    const { market, taken, handlers, scheduler, tick } = setup();
    let finishProof = () => {};
    handlers.set(
      "prove",
      () =>
        new Promise((resolve) => {
          finishProof = resolve;
        }),
    );
    const [first, second] = [order(), order({ maxPrice: 2n })];
    market.put(1n, first, mine(JobState.Committed));
    market.put(2n, second, mine(JobState.Assigned));
    await scheduler.track(1n, first);
    await scheduler.track(2n, second);
    await tick();
    await tick();
    expect(taken).to.deep.equal(["prove 1", "execute 2", "execute 2"]);
    finishProof();
    await tick();
    await tick();
    expect(taken.filter((entry) => entry === "prove 1")).to.have.lengthOf(2);
  });

  it("resumes stored jobs after a restart", async () => {
    const { market, progress, taken, scheduler, tick } = setup();
    market.put(1n, order(), mine(JobState.Committed));
    await progress.save({ jobId: 1n, order: order() });
    await scheduler.start();
    await until(() => taken.length > 0);
    await tick();
    await scheduler.close();
    expect(taken[0]).to.equal("prove 1");
  });

  it("waits until the watcher has caught up", async () => {
    const { market, taken, ready, scheduler, tick } = setup();
    market.put(1n, order(), mine(JobState.Assigned));
    await scheduler.track(1n, order());
    ready.synced = false;
    await tick();
    expect(taken).to.deep.equal([]);
    ready.synced = true;
    await tick();
    expect(taken).to.deep.equal(["execute 1"]);
  });

  it("reads a job again only when something happened, or after a while", async () => {
    const { market, clock, scheduler, tick } = setup();
    market.put(1n, order(), { state: JobState.Assigned, provider: OTHER });
    await scheduler.track(1n, order());
    await tick();
    await tick();
    expect(market.reads).to.equal(1);
    scheduler.touch(1n);
    await tick();
    expect(market.reads).to.equal(2);
    clock.ms += 30_000;
    await tick();
    expect(market.reads).to.equal(3);
  });

  it("times a job of another provider out once its deadline has passed", async () => {
    const { market, clock, taken, scheduler, tick } = setup();
    market.put(1n, order(), { state: JobState.Assigned, provider: OTHER, deadline: 1_010 });
    await scheduler.track(1n, order());
    await tick();
    expect(taken).to.deep.equal([]);
    clock.ms = 1_010_000;
    await tick();
    expect(taken).to.deep.equal(["timeOut 1"]);
  });

  it("repeats a failed step after a pause, and reports the first failure alone", async () => {
    const { market, clock, taken, events, handlers, metrics, scheduler, tick } = setup();
    handlers.set("execute", async () => {
      throw new NodeError("ARTIFACT_NOT_FOUND", "not here yet");
    });
    market.put(1n, order(), mine(JobState.Assigned));
    await scheduler.track(1n, order());
    await tick();
    await tick();
    expect(taken).to.have.lengthOf(1);
    clock.ms += 1_000;
    await tick();
    expect(taken).to.have.lengthOf(2);
    expect(events).to.deep.equal([
      {
        event: "failed",
        jobId: 1n,
        step: "execute",
        code: "ARTIFACT_NOT_FOUND",
        message: "not here yet",
      },
    ]);
    expect(metrics.snapshot()).to.include({ stepFailures: 2, abandoned: 0 });
  });

  it("declines a hopeless job, once, until the chain changes it", async () => {
    const { market, clock, taken, handlers, scheduler, tick } = setup();
    handlers.set("execute", async () => {
      throw new NodeError("INPUT_MISMATCH", "another input");
    });
    handlers.set("decline", async () => {
      market.change(1n, { state: JobState.Posted, provider: OTHER, attempt: 1, deadline: 3_000 });
    });
    market.put(1n, order(), mine(JobState.Assigned));
    await scheduler.track(1n, order());
    await tick();
    clock.ms += 60_000;
    await tick();
    await tick();
    expect(taken).to.deep.equal(["execute 1", "decline 1", "assign 1"]);
  });

  it("declines what keeps failing before its time runs out", async () => {
    const { market, clock, taken, handlers, scheduler, tick } = setup();
    const { commitSeconds } = order();
    handlers.set("execute", async () => {
      throw new NodeError("ARTIFACT_NOT_FOUND", "not here yet");
    });
    market.put(1n, order(), mine(JobState.Assigned));
    await scheduler.track(1n, order());
    await tick();
    clock.ms = (2_000 - Math.ceil(commitSeconds / 4) - 1) * 1_000;
    await tick();
    clock.ms = (2_000 - Math.floor(commitSeconds / 4)) * 1_000 + 5_000;
    await tick();
    expect(taken).to.deep.equal(["execute 1", "execute 1", "decline 1"]);
  });

  it("follows a job once, however often it hears of it", async () => {
    const { market, taken, scheduler, tick } = setup();
    await scheduler.track(1n, order());
    market.put(1n, order(), mine(JobState.Assigned));
    await scheduler.track(1n, order());
    await tick();
    expect(taken).to.deep.equal(["execute 1"]);
  });

  it("aborts steps under way when it closes, and reports no failure of theirs", async () => {
    const { market, events, handlers, scheduler, tick } = setup();
    let aborted = false;
    handlers.set("prove", (_tracked: KnownJob, signal) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    });
    market.put(1n, order(), mine(JobState.Committed));
    await scheduler.track(1n, order());
    await tick();
    await scheduler.close();
    expect(aborted).to.equal(true);
    expect(events).to.deep.equal([]);
  });
});

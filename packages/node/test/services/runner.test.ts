import { expect } from "chai";
import { JobState } from "../../src/core/job.ts";
import { createRunnerMetrics } from "../../src/services/runner/metrics.ts";
import { RunnerService } from "../../src/services/runner/service.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { MODEL, order, SELF, word } from "../helpers/jobs.ts";
import { argumentsOf } from "../helpers/market.ts";
import { INPUT, matching, NO_DEMANDER, setup, signal } from "../helpers/workers.ts";

describe("RunnerService", () => {
  const runnerOf = ({ common }: ReturnType<typeof setup>) => {
    const metrics = createRunnerMetrics();
    return {
      metrics,
      runner: new RunnerService(
        { concurrency: 1, capacity: 4 },
        { ...common, demander: NO_DEMANDER, metrics },
      ),
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
    expect(argumentsOf(submitted).slice(1)).to.deep.equal([word(14), word(1_014)]);
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
    expect([...world.artifacts.held.keys()], "nothing is stored").to.deep.equal([INPUT]);
    expect(world.progress.saved.get(1n)?.result).to.equal(undefined);
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
      world.market.change(1n, { state: JobState.Settled, outputCommitment: word(14) });
      answers.push(await isDone?.());
      return { outcome: "alreadyDone" };
    };
    await runnerOf(world).runner.execute(tracked, signal);
    expect(answers).to.deep.equal([false, false, true]);
  });
});

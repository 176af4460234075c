import { expect } from "chai";
import { JobState } from "../../src/core/job.ts";
import { Tier } from "../../src/core/order.ts";
import { createRunnerMetrics } from "../../src/services/runner/metrics.ts";
import { RunnerService } from "../../src/services/runner/service.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { MODEL, SELF, word } from "../helpers/jobs.ts";
import { argumentsOf } from "../helpers/market.ts";
import { FakeTracedModel, rootOf } from "../helpers/traces.ts";
import { INPUT, matching, NO_DEMANDER, setup, signal } from "../helpers/workers.ts";

const assigned = { state: JobState.Assigned, provider: SELF };
/** The input 3, 4 by its tensor root. */
const bonded = (inputCommitment = word(507)) =>
  matching({ tier: Tier.Optimistic, inputCommitment });

function optimistic() {
  const world = setup();
  const traced = new FakeTracedModel();
  world.model.traced = traced;
  const runner = new RunnerService(
    { concurrency: 1, capacity: 4 },
    { ...world.common, demander: NO_DEMANDER, metrics: createRunnerMetrics() },
  );
  return { ...world, traced, runner };
}

describe("RunnerService in tier Optimistic", () => {
  it("stores output and trace before it commits to the trace root", async () => {
    const { runner, submitter, artifacts, traces, track, model } = optimistic();
    let stored: unknown;
    submitter.onSubmit = async () => {
      stored = [await traces.has(rootOf(6, 8)), artifacts.held.get(word(1_014))];
      return { outcome: "alreadyDone" };
    };
    await runner.execute(track(bonded(), assigned), signal);
    const [commit] = submitter.submitted;
    expect(argumentsOf(commit as never).slice(1)).to.deep.equal([rootOf(6, 8), word(1_014)]);
    expect(stored).to.deep.equal([true, Uint8Array.of(6, 8)]);
    expect(model.runs, "runs without a trace").to.equal(0);
  });

  it("checks the input against its tensor root, not the Poseidon commitment", async () => {
    const { runner, track, traced } = optimistic();
    const work = runner.execute(track(bonded(word(7)), assigned), signal);
    const error = await nodeFailureOf("INPUT_MISMATCH", work);
    expect(error.metadata).to.deep.equal({
      digest: INPUT,
      committed: word(7),
      computed: word(507),
    });
    expect(traced.runs).to.equal(0);
  });

  it("commits nothing when the interpreter gets another output", async () => {
    const { runner, track, model, submitter, traces } = optimistic();
    model.replay = async () => Uint8Array.of(6, 9);
    await nodeFailureOf("OUTPUT_MISMATCH", runner.execute(track(bonded(), assigned), signal));
    expect(submitter.submitted).to.deep.equal([]);
    expect([...traces.held.keys()]).to.deep.equal([]);
  });

  it("runs again when the trace of an earlier run is gone, and not otherwise", async () => {
    const { runner, track, traced, traces } = optimistic();
    const tracked = track(bonded(), assigned);
    await runner.execute(tracked, signal);
    await runner.execute(tracked, signal);
    expect(traced.runs).to.equal(1);
    traces.held.clear();
    await runner.execute(tracked, signal);
    expect(traced.runs).to.equal(2);
    expect(await traces.has(rootOf(6, 8))).to.equal(true);
  });

  it("does not run a model that is not served in this tier", async () => {
    const { runner, track, model } = optimistic();
    model.traced = undefined;
    const work = runner.execute(track(bonded(), assigned), signal);
    const error = await nodeFailureOf("MODEL_UNKNOWN", work);
    expect(error.metadata).to.deep.equal({ modelVersion: MODEL });
  });
});

import { expect } from "chai";
import { JobState } from "../../src/core/job.ts";
import { Tier } from "../../src/core/order.ts";
import { InputDemander } from "../../src/services/runner/input-demander.ts";
import { createRunnerMetrics } from "../../src/services/runner/metrics.ts";
import { RunnerService } from "../../src/services/runner/service.ts";
import { FakeDisputes } from "../helpers/disputes.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { SELF, word } from "../helpers/jobs.ts";
import { argumentsOf } from "../helpers/market.ts";
import { FakeTracedModel, rootOf } from "../helpers/traces.ts";
import { matching, setup, signal } from "../helpers/workers.ts";

/** The job was assigned at second 1,940 and is due at 2,000; its input, 3 and 4, is in no store. */
function withoutInput(afterSeconds: number | undefined, tier: Tier = Tier.Optimistic) {
  const world = setup();
  const disputes = new FakeDisputes();
  disputes.now = 1_950;
  world.artifacts.held.clear();
  world.model.traced = new FakeTracedModel();
  world.submitter.onSubmit = async (call) => disputes.apply(call);
  const metrics = createRunnerMetrics();
  const demander = new InputDemander(
    { afterSeconds },
    { ...world.common, disputes, now: () => disputes.now, metrics },
  );
  const runner = new RunnerService(
    { concurrency: 1, capacity: 4 },
    { ...world.common, demander, metrics },
  );
  const order = matching({ tier, inputCommitment: word(507) });
  const tracked = world.track(order, { state: JobState.Assigned, provider: SELF, deadline: 2_000 });
  return { ...world, disputes, runner, tracked, metrics };
}

describe("InputDemander", () => {
  it("demands nothing unless it was told to, or before its time, or in tier Zk", async () => {
    for (const world of [withoutInput(undefined), withoutInput(11), withoutInput(0, Tier.Zk)]) {
      await nodeFailureOf("ARTIFACT_NOT_FOUND", world.runner.execute(world.tracked, signal));
      expect(world.submitter.labels).to.deep.equal([]);
    }
  });

  it("demands all chunks for a bond, once, and runs what was published", async () => {
    const { runner, tracked, submitter, disputes, metrics, artifacts, events } = withoutInput(10);
    await runner.execute(tracked, signal);
    await runner.execute(tracked, signal);
    expect(submitter.labels).to.deep.equal(["approve", "demandInput"]);
    expect(argumentsOf(submitter.submitted[0] as never)).to.deep.equal(["10"]);
    expect(argumentsOf(submitter.submitted[1] as never).slice(1)).to.deep.equal([0, 2]);
    disputes.input = { deadline: 0, published: [Uint8Array.of(3), Uint8Array.of(4)] };
    await runner.execute(tracked, signal);
    expect(submitter.labels.slice(2)).to.deep.equal(["commit"]);
    expect(argumentsOf(submitter.submitted[2] as never)[1]).to.equal(rootOf(6, 8));
    expect([...artifacts.held.values()]).to.deep.include(Uint8Array.of(3, 4));
    expect(metrics.snapshot()).to.include({ inputsDemanded: 1, inputsWithheld: 0, runs: 1 });
    expect(events.map(({ event }) => event)).to.deep.equal(["inputDemanded", "inference"]);
  });

  it("goes on with the chunks behind those that were published", async () => {
    const { runner, tracked, submitter, disputes } = withoutInput(0);
    disputes.input = { deadline: 0, published: [Uint8Array.of(3)] };
    await runner.execute(tracked, signal);
    expect(argumentsOf(submitter.submitted[1] as never).slice(1)).to.deep.equal([1, 1]);
  });

  it("is paid when nobody publishes the input, from the deadline on", async () => {
    const { runner, tracked, submitter, disputes, metrics, events } = withoutInput(0);
    await runner.execute(tracked, signal);
    disputes.now = disputes.input.deadline - 1;
    await runner.execute(tracked, signal);
    expect(submitter.labels).to.deep.equal(["approve", "demandInput"]);
    disputes.now++;
    await runner.execute(tracked, signal);
    expect(submitter.labels.slice(2)).to.deep.equal(["claimUnanswered"]);
    expect(metrics.snapshot().inputsWithheld).to.equal(1);
    expect(events.at(-1)).to.include({ event: "inputWithheld", jobId: 1n });
  });

  it("says so when it holds too little LAT for the bond", async () => {
    const { runner, tracked, disputes } = withoutInput(0);
    disputes.funds = 9n;
    const error = await nodeFailureOf("BOND_UNFUNDED", runner.execute(tracked, signal));
    expect(error.metadata).to.deep.equal({ address: SELF, balance: 9n, bond: 10n });
  });
});

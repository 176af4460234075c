import { expect } from "chai";
import { JobState } from "../../src/core/job.ts";
import { AssignmentMode, type Order } from "../../src/core/order.ts";
import { createAssignerMetrics } from "../../src/services/assigner/metrics.ts";
import { AssignerService } from "../../src/services/assigner/service.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { OTHER, SELF, word } from "../helpers/jobs.ts";
import { matching, setup, signal } from "../helpers/workers.ts";

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

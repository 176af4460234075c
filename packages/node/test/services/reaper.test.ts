import { expect } from "chai";
import { JobState } from "../../src/core/job.ts";
import { createReaperMetrics } from "../../src/services/reaper/metrics.ts";
import { ReaperService } from "../../src/services/reaper/service.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { OTHER } from "../helpers/jobs.ts";
import { reverted } from "../helpers/transactions.ts";
import { matching, setup, signal } from "../helpers/workers.ts";

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

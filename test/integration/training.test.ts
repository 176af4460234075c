import { expect } from "chai";
import { expectFailure } from "./support/expectations.ts";
import { records, runTask, runtimeOn } from "./support/task-chain.ts";

/** What a step prints that this test looks at. */
interface StepRecord {
  readonly step: number;
  readonly constraints: number;
  readonly lossBefore: number;
  readonly lossAfter: number;
  readonly state: string;
}

const SMALL = { circuit: "training-8-4-3", batches: "4" };

describe("training:simulate", function () {
  // The circuit and its key are built on first use.
  this.timeout(600_000);

  it("TRN-1: orders, proves, settles and chains five steps, and the loss falls at each", async () => {
    const environment = await runtimeOn("default");
    const options = { ...SMALL, steps: "5", seed: "1", json: true };
    const outcome = await runTask(environment, "training:simulate", options);
    const steps = records(outcome) as unknown as StepRecord[];
    expect(steps.map(({ step }) => step)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(new Set(steps.map(({ state }) => state)).size).to.equal(5);
    for (const [i, { lossBefore, lossAfter, constraints }] of steps.entries()) {
      expect(constraints).to.equal(5166);
      expect(lossAfter, `step ${i}`).to.be.lessThan(lossBefore);
    }
  });

  it("says what is wrong with its options", async () => {
    const environment = await runtimeOn("default");
    const simulate = (options: Record<string, string>) =>
      runTask(environment, "training:simulate", { ...SMALL, ...options });
    expectFailure(await simulate({ circuit: "none" }), 2, "there is no training circuit none");
    expectFailure(await simulate({ steps: "0" }), 2, "--steps needs at least 1");
    expectFailure(await simulate({ batches: "5" }), 2, "circuit training-8-4-3 are 1 to 4");
  });
});

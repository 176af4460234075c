import { expect } from "chai";
import { type Job, JobState, type JobStateName } from "../../src/core/job.ts";
import { type JobView, nextStep, type ReapPolicy, type Step } from "../../src/core/lifecycle.ts";
import { AssignmentMode, type Order } from "../../src/core/order.ts";
import { job, OTHER, order, SELF } from "../helpers/jobs.ts";

const DEADLINE = 2_000;
const BEFORE = DEADLINE - 1;

interface Circumstances {
  readonly now?: number;
  readonly served?: boolean;
  readonly seedReady?: boolean;
  readonly reap?: ReapPolicy;
  readonly hopeless?: boolean;
  readonly order?: Partial<Order>;
}

function step(state: JobStateName, changes: Partial<Job>, circumstances: Circumstances = {}): Step {
  const { now = BEFORE, served = true, seedReady = true, reap = "bounty" } = circumstances;
  const { hopeless = false } = circumstances;
  const view: JobView = {
    job: job({ state: JobState[state], deadline: DEADLINE, ...changes }),
    order: order(circumstances.order),
    self: SELF,
    now,
    served,
    seedReady,
    reap,
    hopeless,
  };
  return nextStep(view);
}

describe("nextStep", () => {
  describe("of a job that cannot be run here", () => {
    it("gives it back while that is not late, and only its own", () => {
      const assigned = (now: number, provider = SELF) =>
        step("Assigned", { provider }, { hopeless: true, now });
      expect(assigned(BEFORE)).to.equal("decline");
      expect(assigned(DEADLINE)).to.equal("wait");
      expect(assigned(BEFORE, OTHER)).to.equal("wait");
    });

    it("still proves what was committed", () => {
      expect(step("Committed", { provider: SELF }, { hopeless: true })).to.equal("prove");
    });
  });

  describe("of a posted job", () => {
    it("draws once a seed exists", () => {
      expect(step("Posted", {}, { seedReady: false })).to.equal("wait");
      expect(step("Posted", {})).to.equal("assign");
    });

    it("leaves models that are not served alone", () => {
      expect(step("Posted", {}, { served: false })).to.equal("wait");
    });

    it("accepts direct orders to itself, and no others", () => {
      const mode = AssignmentMode.Direct;
      const to = (provider: string) => step("Posted", {}, { order: { mode, provider } });
      expect(to(SELF)).to.equal("accept");
      expect(to(OTHER)).to.equal("wait");
    });

    it("is refundable from its deadline on, which pays nothing, so only when asked for", () => {
      for (const [reap, expected] of [
        ["none", "wait"],
        ["bounty", "wait"],
        ["all", "refund"],
      ] as const) {
        expect(step("Posted", {}, { now: DEADLINE, reap }), reap).to.equal(expected);
      }
    });
  });

  for (const [state, own] of [
    ["Assigned", "execute"],
    ["Committed", "prove"],
  ] as const) {
    describe(`of a job in state ${state}`, () => {
      it(`is ${own} for its provider until the deadline`, () => {
        expect(step(state, { provider: SELF })).to.equal(own);
        expect(step(state, { provider: SELF }, { now: DEADLINE })).to.equal("wait");
      });

      it("waits when its provider no longer serves the model", () => {
        expect(step(state, { provider: SELF }, { served: false })).to.equal("wait");
      });

      it("times others out from the deadline on, and never itself", () => {
        expect(step(state, { provider: OTHER })).to.equal("wait");
        expect(step(state, { provider: OTHER }, { now: DEADLINE })).to.equal("timeOut");
        expect(step(state, { provider: OTHER }, { now: DEADLINE, served: false })).to.equal(
          "timeOut",
        );
        expect(step(state, { provider: OTHER }, { now: DEADLINE, reap: "none" })).to.equal("wait");
        expect(step(state, { provider: SELF }, { now: DEADLINE, reap: "all" })).to.equal("wait");
      });
    });
  }

  it("settles its own bonded results once their challenge window passed", () => {
    const late = { now: DEADLINE };
    expect(step("Challengeable", { provider: SELF }, late)).to.equal("settle");
    expect(step("Challengeable", { provider: OTHER }, late)).to.equal("wait");
    expect(step("Challengeable", { provider: SELF })).to.equal("wait");
  });

  for (const state of ["None", "Settled", "Refunded"] as const) {
    it(`forgets a job in state ${state}`, () => {
      expect(step(state, { provider: SELF, deadline: 0 })).to.equal("forget");
    });
  }
});

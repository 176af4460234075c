import { JobState } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { assignedCase, COLLATERAL, RESPONSE_SECONDS, timeOf } from "../../helpers/dispute-cases.ts";
import { LONG_INPUT, publishInput } from "../../helpers/dispute-demands.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const COMMIT_SECONDS = 120;
/** What the provider lets pass before each of its demands. */
const IDLE_SECONDS = 17;

async function assigned() {
  const base = await assignedCase(chain, { inputCommitment: LONG_INPUT.root });
  return { ...base, challengeableUntil: 0 };
}

describe("DisputeGame", () => {
  describe("demands for an input, one chunk at a time", () => {
    it("SLA-4: stop the provider's time, and add none: what runs between them is what it had", async () => {
      const base = await networkHelpers.loadFixture(assigned);
      const { disputes, market, claim, jobId, provider, rival, order } = base;
      const due = Number((await market.jobOf(jobId)).deadline);
      let paused = 0;
      for (let chunk = 0; chunk < 5; chunk++) {
        await networkHelpers.time.increase(IDLE_SECONDS);
        const demand = disputes.connect(provider).demandInput(market, claim, chunk, 1);
        const from = await timeOf(chain, await demand);
        await networkHelpers.time.increase(RESPONSE_SECONDS - 10);
        const until = await timeOf(chain, await publishInput(base, rival, chunk, 1));
        paused += until - from;
        const { deadline } = await market.jobOf(jobId);
        expect(deadline, `after chunk ${chunk}`).to.equal(due + paused);
      }
      // It was stopped for longer than the provider had.
      expect(paused).to.be.greaterThan(COMMIT_SECONDS);
      await networkHelpers.time.increaseTo(due + paused);
      await expect(disputes.connect(provider).demandInput(market, claim, 5, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlinePassed")
        .withArgs(due + paused);
      await expect(market.connect(rival).timeOut(order))
        .to.emit(market, "ProviderTimedOut")
        .withArgs(jobId, provider.address, rival.address, JobState.Assigned, COLLATERAL);
    });
  });
});

import { JobState, jobClaim } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  assignedCase,
  bondedCase,
  type Case,
  COLLATERAL,
  OPENING_BOND,
  RESPONSE_SECONDS,
  TRACE,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import { LONG_INPUT, openingOf, publishInput } from "../../helpers/dispute-demands.ts";
import { bondedOrder, drawOrder, OUTPUT_DIGEST, postAssigned } from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const COMMIT_SECONDS = 120;
const assigned = async () => ({
  ...(await assignedCase(chain, { inputCommitment: LONG_INPUT.root })),
  challengeableUntil: 0,
});

/** Ada demands chunks from `first` on. */
function demand({ disputes, market, claim, provider }: Case, first: number, count: number) {
  return disputes.connect(provider).demandInput(market, claim, first, count);
}

/** Seconds to commit that were left when Ada demanded. */
async function leftOf({ disputes, market, subject, jobId }: Case): Promise<number> {
  const { madeAt } = await disputes.demandOf(market, subject, true);
  return Number((await market.jobOf(jobId)).deadline - madeAt);
}

/** Ada has demanded the first chunk, a while after it took the job. */
async function demanded() {
  const base = await assigned();
  await networkHelpers.time.increase(10);
  await demand(base, 0, 1);
  return base;
}

describe("DisputeGame", () => {
  describe("demandInput", () => {
    it("DIS-2: takes a bond for each chunk, and asks whoever has them", async () => {
      const base = await networkHelpers.loadFixture(assigned);
      const { disputes, market, subject, provider, system } = base;
      const act = demand(base, 0, 16);
      const deadline = (await timeOf(chain, await act)) + RESPONSE_SECONDS;
      await expect(act)
        .to.emit(disputes, "ChunksDemanded")
        .withArgs(
          ...[market.target, subject, provider.address, true],
          ...[0n, 16n, 16n * OPENING_BOND, deadline],
        );
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [provider, disputes],
        [-16n * OPENING_BOND, 16n * OPENING_BOND],
      );
      const found = await disputes.demandOf(market, subject, true);
      expect([...found]).to.deep.equal([
        ...[provider.address, BigInt(deadline - RESPONSE_SECONDS), BigInt(deadline)],
        ...[16n * OPENING_BOND, 0n, 16n],
      ]);
    });

    it("is the provider's, before its result is due", async () => {
      const base = await networkHelpers.loadFixture(assigned);
      const { disputes, market, claim, subject, rival, jobId } = base;
      await expect(disputes.connect(rival).demandInput(market, claim, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotParty")
        .withArgs(market.target, subject, rival.address);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(demand(base, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlinePassed")
        .withArgs(deadline);
    });

    it("is for bonded jobs that wait for their provider", async () => {
      const base = await bondedCase(chain);
      const { system, disputes, market, claim, jobId, provider } = base;
      const reader = system.readers.jobs;
      await expect(disputes.connect(provider).demandInput(market, claim, 0, 1))
        .to.be.revertedWithCustomError(reader, "JobClaimsWrongState")
        .withArgs(jobId, JobState.Challengeable);
      const proven = await bondedOrder(system, provider, {
        ...{ tier: 0, proveSeconds: 300, challengeSeconds: 0 },
        inputCommitment: (await drawOrder(system)).inputCommitment,
      });
      const other = await postAssigned(system, proven);
      await expect(disputes.connect(provider).demandInput(market, jobClaim(proven).claim, 0, 1))
        .to.be.revertedWithCustomError(reader, "JobClaimsWrongState")
        .withArgs(other.jobId, JobState.Assigned);
    });

    it("LIV-3: takes one demand at a time, of 1 to 16 chunks, in their order", async () => {
      const base = await networkHelpers.loadFixture(assigned);
      const { disputes, market, subject, rival } = base;
      const refused = (first: number, count: number) =>
        expect(demand(base, first, count))
          .to.be.revertedWithCustomError(disputes, "DisputeGameInvalidDemand")
          .withArgs(market.target, subject, first, count);
      await refused(0, 0);
      await refused(0, 17);
      await refused(1, 1);
      await demand(base, 0, 2);
      await refused(0, 1);
      await refused(2, 1);
      await publishInput(base, rival, 0, 2);
      await refused(0, 1);
      await refused(3, 1);
      await demand(base, 2, 16);
    });
  });

  describe("publishInput", () => {
    it("pays whoever publishes, and the provider goes on with the time that was left", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, subject, rival, system, jobId, provider } = base;
      const left = await leftOf(base);
      expect(left).to.be.within(1, COMMIT_SECONDS - 10);
      await networkHelpers.time.increase(30);
      const act = publishInput(base, rival, 0, 1);
      const at = await timeOf(chain, await act);
      await expect(act)
        .to.emit(disputes, "ChunksPublished")
        .withArgs(market.target, subject, rival.address, true, 0n, LONG_INPUT.chunks[0]);
      await expect(act)
        .to.emit(market, "InputPublished")
        .withArgs(jobId, provider.address, at + left);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, rival],
        [-OPENING_BOND, OPENING_BOND],
      );
      expect((await market.jobOf(jobId)).deadline).to.equal(at + left);
      expect(await disputes.isHeld(market, subject)).to.equal(false);
      await market.connect(provider).commit(base.order, TRACE.root, OUTPUT_DIGEST);
    });

    it("needs a demand, in time, and just the chunks", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, claim, subject, rival, system } = base;
      await expect(publishInput(base, rival, 1, 1))
        .to.be.revertedWithCustomError(system.referee, "SteeredRefereeOtherChunks")
        .withArgs(LONG_INPUT.root, 0n, 1n);
      const other = openingOf({ ...LONG_INPUT, root: TRACE.root }, 0, 1);
      await expect(disputes.connect(rival).publishInput(market, claim, other))
        .to.be.revertedWithCustomError(system.referee, "SteeredRefereeOtherChunks")
        .withArgs(LONG_INPUT.root, 0n, 1n);
      const { deadline } = await disputes.demandOf(market, subject, true);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(publishInput(base, rival, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlinePassed")
        .withArgs(deadline);
      await snapshot.restore();
      await publishInput(base, rival, 0, 1);
      await expect(publishInput(base, rival, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNoDemand")
        .withArgs(market.target, subject, true);
    });

    it("SLA-4: opens what there is of a demand beyond the last chunk, and nothing can be demanded after", async () => {
      const base = await networkHelpers.loadFixture(assigned);
      const { disputes, market, subject, rival } = base;
      await demand(base, 0, 16);
      await publishInput(base, rival, 0, 16);
      await demand(base, 16, 16);
      await publishInput(base, rival, 16, 4);
      for (const first of [20, 32, 2 ** 32 - 1]) {
        await expect(demand(base, first, 1))
          .to.be.revertedWithCustomError(disputes, "DisputeGameInvalidDemand")
          .withArgs(market.target, subject, first, 1);
      }
    });
  });

  describe("claimUnanswered, of an input", () => {
    it("pays the provider as if it had delivered, and returns the bond", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, claim, subject, provider, rival, system, jobId, order } = base;
      const { deadline } = await disputes.demandOf(market, subject, true);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(disputes.claimUnanswered(market, claim, true))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlineNotPassed")
        .withArgs(deadline);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      const act = disputes.connect(rival).claimUnanswered(market, claim, true);
      await expect(act)
        .to.emit(disputes, "DemandUnanswered")
        .withArgs(market.target, subject, provider.address, true);
      await expect(act).to.emit(market, "InputWithheld").withArgs(jobId, provider.address);
      await expect(act).to.emit(market, "JobSettled");
      await expect(act)
        .to.emit(system.vault, "StakeUnlocked")
        .withArgs(provider.address, system.registry.target, market.target, COLLATERAL);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, provider],
        [-OPENING_BOND, OPENING_BOND],
      );
      const earned = await system.escrow.accountOf(system.actors.adaPayout, order.paymentToken);
      const fee = (order.maxPrice * 50_000n + 999_999n) / 1_000_000n;
      expect(earned.earnings).to.be.greaterThan(order.maxPrice - 2n * fee);
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Settled);
      expect(await disputes.isHeld(market, subject)).to.equal(false);
      await expect(disputes.claimUnanswered(market, claim, true))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNoDemand")
        .withArgs(market.target, subject, true);
    });
  });

  describe("a job whose input is demanded", () => {
    it("DIS-3, SLA-4: is neither timed out, nor declined, nor committed", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { market, subject, order, jobId, provider } = base;
      const ada = market.connect(provider);
      for (const act of [
        () => ada.commit(order, TRACE.root, OUTPUT_DIGEST),
        () => ada.decline(order),
      ]) {
        await expect(act())
          .to.be.revertedWithCustomError(market, "DisputedLaneHeld")
          .withArgs(subject);
      }
      await networkHelpers.time.increaseTo((await market.jobOf(jobId)).deadline);
      await expect(market.timeOut(order))
        .to.be.revertedWithCustomError(market, "DisputedLaneHeld")
        .withArgs(subject);
    });

    it("is timed out as ever when the input was published and the time is over", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { market, order, rival, jobId, provider } = base;
      await publishInput(base, rival, 0, 1);
      await networkHelpers.time.increase(COMMIT_SECONDS);
      await expect(market.connect(rival).timeOut(order))
        .to.emit(market, "ProviderTimedOut")
        .withArgs(jobId, provider.address, rival.address, JobState.Assigned, COLLATERAL);
    });
  });
});

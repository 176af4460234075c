import { JobState } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { bondedCase, convict, passPriority } from "../../helpers/dispute-cases.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const bonded = () => bondedCase(chain);

/** Convicted by the challenger, and due. */
async function due() {
  const base = await bondedCase(chain);
  await convict(base, base.challenger);
  await passPriority(base);
  return base;
}

describe("DisputeGame", () => {
  describe("markets", () => {
    it("punish, and conclude inputs, at the word of the game alone", async () => {
      const { market, order, rival } = await networkHelpers.loadFixture(due);
      for (const act of [
        () => market.connect(rival).punish(order, rival),
        () => market.connect(rival).concludeInput(order, false, 1),
      ]) {
        await expect(act())
          .to.be.revertedWithCustomError(market, "DisputedLaneNotGame")
          .withArgs(rival.address);
      }
    });

    it("name the game that they obey", async () => {
      const { market, disputes } = await networkHelpers.loadFixture(due);
      expect(await market.DISPUTES()).to.equal(disputes.target);
    });

    it("SM-1: punish only a result that is not final", async () => {
      const { market, order, jobId, disputes, claim, challenger } =
        await networkHelpers.loadFixture(due);
      await disputes.execute(market, claim);
      const game = await ethers.getImpersonatedSigner(disputes.target as string);
      await networkHelpers.setBalance(game.address, 10n ** 18n);
      await expect(market.connect(game).punish(order, challenger))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobId, BigInt(JobState.Refunded));
      await expect(market.connect(game).concludeInput(order, true, 1))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobId, BigInt(JobState.Refunded));
    });
  });

  describe("setLane", () => {
    it("GOV-1: is the timelock's, and says who reads a market", async () => {
      const { disputes, market, system, rival } = await networkHelpers.loadFixture(bonded);
      const reader = system.readers.batches;
      await expect(disputes.connect(rival).setLane(market, reader))
        .to.be.revertedWithCustomError(disputes, "AccessManagedUnauthorized")
        .withArgs(rival.address);
      expect(await disputes.readerOf(market)).to.equal(system.readers.jobs.target);
      const governed = disputes.connect(system.actors.governance);
      await expect(governed.setLane(market, reader))
        .to.emit(disputes, "LaneSet")
        .withArgs(market.target, reader.target);
      expect(await disputes.readerOf(market)).to.equal(reader.target);
      await governed.setLane(market, ZeroAddress);
      expect(await disputes.readerOf(market)).to.equal(ZeroAddress);
    });

    it("takes nothing new of a market that was taken off, or never listed", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, system, rival } = base;
      await disputes.connect(system.actors.governance).setLane(market, ZeroAddress);
      const game = disputes.connect(rival);
      for (const act of [
        () => convict(base, rival),
        () => game.inquire(market, claim),
        () => game.demandInput(market, claim, 0, 1),
        () => game.demandOutput(market, claim, 0, 1),
      ]) {
        await expect(act())
          .to.be.revertedWithCustomError(disputes, "DisputeGameUnknownMarket")
          .withArgs(market.target);
      }
      for (const act of [
        () => game.execute(rival, claim),
        () => game.challengeTrace(rival, claim, "0x", ZeroHash),
        () => game.resultOf(rival, claim),
      ]) {
        await expect(act())
          .to.be.revertedWithCustomError(disputes, "DisputeGameUnknownMarket")
          .withArgs(rival.address);
      }
    });
  });
});

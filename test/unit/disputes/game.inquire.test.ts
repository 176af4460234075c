import { expect } from "chai";
import type { Result } from "ethers";
import { network } from "hardhat";
import {
  BOND,
  bondedCase,
  convict,
  Place,
  RESPONSE_SECONDS,
  TRACE,
  Turn,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import { answeredCase, inquiredCase } from "../../helpers/dispute-inquiries.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const bonded = () => bondedCase(chain);
const inquired = () => inquiredCase(chain);
const answered = () => answeredCase(chain);

describe("DisputeGame", () => {
  describe("inquire", () => {
    it("DIS-2, DIS-3: takes the bond, asks for the trace root, and holds the result", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, challenger, provider, system, order } = base;
      const act = disputes.connect(challenger).inquire(market, claim);
      const at = await timeOf(chain, await act);
      await expect(act)
        .to.emit(disputes, "InquiryOpened")
        .withArgs(
          ...[market.target, subject, challenger.address, provider.address],
          ...[BOND, at + RESPONSE_SECONDS],
        );
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, disputes],
        [-BOND, BOND],
      );
      const inquiry = await disputes.inquiryOf(market, subject, challenger);
      expect((inquiry as unknown as Result).toObject()).to.deep.equal({
        uncoveredAt: 0n,
        deadline: BigInt(at + RESPONSE_SECONDS),
        turn: Turn.Provider,
        place: Place.Trace,
        height: 0n,
        moveSeconds: BigInt(RESPONSE_SECONDS),
        leaves: 0n,
        index: 0n,
        target: TRACE.root,
        bond: BOND,
      });
      expect((await disputes.verdictOf(market, subject)).openInquiries).to.equal(1n);
      await networkHelpers.time.increaseTo(base.challengeableUntil);
      await expect(market.settle(order))
        .to.be.revertedWithCustomError(market, "DisputedLaneHeld")
        .withArgs(subject);
    });

    it("is for each challenger once", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, claim, subject, challenger, rival, system } = base;
      const again = () => disputes.connect(challenger).inquire(market, claim);
      await expect(again())
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyInquired")
        .withArgs(market.target, subject, challenger.address);
      await disputes.connect(challenger).closeInquiry(market, subject, challenger);
      await expect(again())
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyInquired")
        .withArgs(market.target, subject, challenger.address);
      await expect(disputes.connect(rival).inquire(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes],
        [BOND],
      );
    });

    it("is too late when the window is over, or a verdict was found", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, challenger, rival, challengeableUntil } = base;
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(challengeableUntil);
      await expect(disputes.connect(rival).inquire(market, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotChallengeable")
        .withArgs(market.target, subject, challengeableUntil);
      await snapshot.restore();
      const at = await timeOf(chain, await convict(base, challenger));
      await expect(disputes.connect(rival).inquire(market, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, challenger.address, at);
    });

    it("needs the bond", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, system } = base;
      const poor = system.actors.cal;
      await expect(disputes.connect(poor).inquire(market, claim))
        .to.be.revertedWithCustomError(system.token, "ERC20InsufficientAllowance")
        .withArgs(disputes.target, 0n, BOND);
    });

    it("lets the inquirer challenge when the window is over", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, challenger, rival, challengeableUntil } = base;
      await networkHelpers.time.setNextBlockTimestamp(challengeableUntil - 1);
      await disputes.connect(challenger).inquire(market, claim);
      await networkHelpers.time.increase(5);
      await expect(convict(base, rival))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotChallengeable")
        .withArgs(market.target, subject, challengeableUntil);
      await expect(convict(base, challenger)).to.emit(disputes, "ResultConvicted");
    });

    it("lets a late inquirer challenge no more than anyone", async () => {
      const base = await networkHelpers.loadFixture(answered);
      const { disputes, market, subject, challenger, challengeableUntil } = base;
      const { deadline } = await disputes.inquiryOf(market, subject, challenger);
      expect(deadline).to.be.lessThan(challengeableUntil);
      await networkHelpers.time.increaseTo(challengeableUntil);
      await expect(convict(base, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotChallengeable")
        .withArgs(market.target, subject, challengeableUntil);
    });
  });
});

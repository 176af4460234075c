import { expect } from "chai";
import { network } from "hardhat";
import {
  BOND,
  BOUNTY,
  convict,
  Ground,
  PRIORITY_SECONDS,
  passPriority,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import {
  answeredCase,
  expectClosed,
  inquiredCase,
  passResponse,
} from "../../helpers/dispute-inquiries.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const inquired = () => inquiredCase(chain);
const answered = () => answeredCase(chain);

describe("DisputeGame", () => {
  describe("claimSilence", () => {
    it("convicts a provider that did not answer, for the inquirer, whose bond returns", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, claim, subject, provider, challenger, rival, system } = base;
      const deadline = Number(await passResponse(base));
      const act = disputes.connect(rival).claimSilence(market, claim, challenger);
      const at = await timeOf(chain, await act);
      expect(at).to.be.greaterThanOrEqual(deadline);
      await expect(act)
        .to.emit(disputes, "ResultConvicted")
        .withArgs(
          ...[market.target, subject, provider.address, challenger.address],
          ...[Ground.Silence, deadline, at + PRIORITY_SECONDS],
        );
      await expect(act)
        .to.emit(disputes, "InquiryClosed")
        .withArgs(market.target, subject, challenger.address, challenger.address, BOND, 0n);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, disputes],
        [BOND, -BOND],
      );
      await expectClosed(base);
      await passPriority(base);
      await expect(disputes.execute(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, rival],
        [BOUNTY, 0n],
      );
    });

    it("DIS-1: waits for the answer to the second", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, claim, subject, challenger } = base;
      const { deadline } = await disputes.inquiryOf(market, subject, challenger);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(disputes.claimSilence(market, claim, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlineNotPassed")
        .withArgs(deadline);
    });

    it("DIS-1: is not for a provider that answered, or whom nobody asked", async () => {
      const base = await networkHelpers.loadFixture(answered);
      const { disputes, market, claim, subject, challenger, rival } = base;
      await passResponse(base);
      for (const inquirer of [challenger, rival]) {
        await expect(disputes.claimSilence(market, claim, inquirer))
          .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
          .withArgs(market.target, subject, inquirer.address);
      }
    });
  });

  describe("closeInquiry", () => {
    it("DIS-4: ends one whose inquirer let its time pass; half the bond is the provider's, half burns", async () => {
      const base = await networkHelpers.loadFixture(answered);
      const { disputes, market, subject, challenger, rival, provider, system, order } = base;
      const { deadline } = await disputes.inquiryOf(market, subject, challenger);
      const close = () => disputes.connect(rival).closeInquiry(market, subject, challenger);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(close())
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlineNotPassed")
        .withArgs(deadline);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      const act = close();
      await expect(act)
        .to.emit(disputes, "InquiryClosed")
        .withArgs(
          market.target,
          subject,
          challenger.address,
          provider.address,
          BOND / 2n,
          BOND / 2n,
        );
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, provider, challenger],
        [-BOND, BOND / 2n, 0n],
      );
      await expectClosed(base);
      await networkHelpers.time.increaseTo(base.challengeableUntil);
      await expect(market.settle(order)).to.emit(market, "JobSettled");
    });

    it("is given up by its inquirer before the provider's time is over; half the bond is the provider's", async () => {
      for (const fixture of [inquired, answered]) {
        const base = await networkHelpers.loadFixture(fixture);
        const { disputes, market, subject, challenger, provider, system } = base;
        await expect(
          disputes.connect(challenger).closeInquiry(market, subject, challenger),
        ).to.changeTokenBalances(ethers, system.token, [disputes, provider], [-BOND, BOND / 2n]);
        await expectClosed(base);
      }
    });

    it("is nobody else's while the provider owes an answer, nor when there is none", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, subject, challenger, rival } = base;
      await passResponse(base);
      for (const inquirer of [challenger, rival]) {
        await expect(disputes.connect(rival).closeInquiry(market, subject, inquirer))
          .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
          .withArgs(market.target, subject, inquirer.address);
      }
    });

    it("is over once", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, subject, challenger } = base;
      const close = () => disputes.connect(challenger).closeInquiry(market, subject, challenger);
      await close();
      await expect(close())
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
        .withArgs(market.target, subject, challenger.address);
    });

    it("DIS-6: is given up to the provider's last second, and its silence never", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, claim, subject, challenger, rival, challengeableUntil } = base;
      const { deadline } = await disputes.inquiryOf(market, subject, challenger);
      const close = () => disputes.connect(challenger).closeInquiry(market, subject, challenger);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(close()).to.emit(disputes, "InquiryClosed");
      await snapshot.restore();
      // A provider that has a second address inquire, and keeps its silence ready, is convicted by anyone.
      for (const at of [deadline, BigInt(challengeableUntil)]) {
        await networkHelpers.time.setNextBlockTimestamp(at);
        await expect(close())
          .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
          .withArgs(market.target, subject, challenger.address);
      }
      await expect(market.settle(base.order))
        .to.be.revertedWithCustomError(market, "DisputedLaneHeld")
        .withArgs(subject);
      await expect(disputes.connect(rival).claimSilence(market, claim, challenger)).to.emit(
        disputes,
        "ResultConvicted",
      );
    });

    it("returns the bond when anyone convicted: to its inquirer at once, by others when the slash is due", async () => {
      const base = await networkHelpers.loadFixture(answered);
      const { disputes, market, subject, challenger, rival, system } = base;
      await convict(base, rival);
      const { executableAt } = await disputes.verdictOf(market, subject);
      const snapshot = await networkHelpers.takeSnapshot();
      await expect(
        disputes.connect(challenger).closeInquiry(market, subject, challenger),
      ).to.changeTokenBalances(ethers, system.token, [disputes, challenger], [-BOND, BOND]);
      await snapshot.restore();
      const close = () => disputes.connect(rival).closeInquiry(market, subject, challenger);
      await networkHelpers.time.setNextBlockTimestamp(executableAt - 1n);
      await expect(close())
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotExecutable")
        .withArgs(market.target, subject, executableAt);
      await networkHelpers.time.setNextBlockTimestamp(executableAt);
      await expect(close()).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, challenger],
        [-BOND, BOND],
      );
    });

    it("of several challengers: one convicts, all bonds return, the result is held until all are over", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, claim, subject, challenger, rival, system } = base;
      await disputes.connect(rival).inquire(market, claim);
      await convict(base, challenger);
      await passPriority(base);
      await disputes.execute(market, claim);
      expect(await disputes.isHeld(market, subject)).to.equal(true);
      expect((await disputes.verdictOf(market, subject)).openInquiries).to.equal(2n);
      for (const inquirer of [challenger, rival]) {
        await expect(disputes.closeInquiry(market, subject, inquirer)).to.changeTokenBalances(
          ethers,
          system.token,
          [disputes, inquirer],
          [-BOND, BOND],
        );
      }
      expect(await disputes.isHeld(market, subject)).to.equal(false);
      await expectClosed(base);
    });
  });
});

import { expect } from "chai";
import { network } from "hardhat";
import {
  BOND,
  BOUNTY,
  commitTo,
  convict,
  evidenceOf,
  passPriority,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import {
  answer,
  caseAfter,
  inquiryOf,
  MOVES,
  passResponse,
} from "../../helpers/dispute-inquiries.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

/** The challenger has asked for a chunk, which the provider owes. */
const covered = () => caseAfter(chain, MOVES.length - 1);

/** The provider has answered with it. */
async function uncovered() {
  const base = await covered();
  const answered = await answer(base, MOVES.at(-1) ?? {});
  return { ...base, uncoveredAt: await timeOf(chain, answered) };
}

describe("DisputeGame", () => {
  describe("what an inquiry uncovers", () => {
    it("counts from a second before the answer: a thief that copies it gets nothing", async () => {
      const base = await networkHelpers.loadFixture(uncovered);
      const { disputes, market, claim, subject, challenger, rival, system, uncoveredAt } = base;
      const theft = await commitTo(base, base, rival, evidenceOf(base.roots));
      await convict(base, rival, theft.salt);
      await expect(convict(base, challenger))
        .to.emit(disputes, "ReporterReplaced")
        .withArgs(market.target, subject, challenger.address, rival.address, uncoveredAt - 1);
      await passPriority(base);
      await expect(disputes.execute(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, rival],
        [BOUNTY, 0n],
      );
    });

    it("is a chunk: before one was answered, an inquiry counts for nothing", async () => {
      const base = await networkHelpers.loadFixture(covered);
      const { disputes, market, subject, challenger, rival } = base;
      expect((await inquiryOf(base)).uncoveredAt).to.equal(0n);
      const at = await timeOf(chain, await convict(base, rival));
      await expect(convict(base, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, rival.address, at);
    });

    it("counts for nothing once its inquirer is late, though nobody closed the inquiry", async () => {
      const base = await networkHelpers.loadFixture(uncovered);
      const { disputes, market, subject, challenger, rival } = base;
      const snapshot = await networkHelpers.takeSnapshot();
      const { deadline } = await inquiryOf(base);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await convict(base, challenger);
      const inTime = await disputes.verdictOf(market, subject);
      expect(inTime.foundAt).to.equal(base.uncoveredAt - 1);
      await snapshot.restore();
      const at = await timeOf(chain, await convict(base, rival));
      await passResponse(base);
      await expect(convict(base, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, rival.address, at);
    });

    it("gives a late inquirer no right to challenge after the window", async () => {
      const base = await networkHelpers.loadFixture(uncovered);
      const { disputes, market, subject, challenger, challengeableUntil } = base;
      await networkHelpers.time.increaseTo(challengeableUntil);
      expect((await inquiryOf(base)).deadline).to.be.at.most(challengeableUntil);
      await expect(convict(base, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotChallengeable")
        .withArgs(market.target, subject, challengeableUntil);
    });

    it("counts for nothing when the inquiry was closed", async () => {
      const base = await networkHelpers.loadFixture(uncovered);
      const { disputes, market, subject, challenger, rival } = base;
      await disputes.connect(challenger).closeInquiry(market, subject, challenger);
      const at = await timeOf(chain, await convict(base, rival));
      await expect(convict(base, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, rival.address, at);
    });

    it("does not make a commitment from before count later", async () => {
      const base = await networkHelpers.loadFixture(covered);
      const { disputes, market, subject, challenger } = base;
      const made = await commitTo(base, base, challenger, evidenceOf(base.roots));
      await networkHelpers.time.increase(5);
      await answer(base, MOVES.at(-1) ?? {});
      await convict(base, challenger, made.salt);
      const { foundAt } = await disputes.verdictOf(market, subject);
      expect(foundAt).to.equal(await timeOf(chain, made.transaction));
    });

    it("counts earlier than a commitment that was made after", async () => {
      const base = await networkHelpers.loadFixture(uncovered);
      const { disputes, market, subject, challenger, system, uncoveredAt } = base;
      const made = await commitTo(base, base, challenger, evidenceOf(base.roots));
      await expect(convict(base, challenger, made.salt)).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger],
        [BOND],
      );
      const { foundAt } = await disputes.verdictOf(market, subject);
      expect(foundAt).to.equal(uncoveredAt - 1);
    });
  });

  describe("a provider that inquires into itself", () => {
    it("loses half the bond, whoever ends it: that half burns", async () => {
      for (const byItself of [true, false]) {
        const base = await networkHelpers.loadFixture(covered);
        const { disputes, market, claim, subject, provider, rival, system, jobId } = base;
        const supply = await system.token.totalSupply();
        const before = await system.token.balanceOf(provider);
        await disputes.connect(provider).inquire(market, claim);
        const [first] = MOVES;
        await disputes
          .connect(provider)
          .answer(market, subject, provider, first?.nodes ?? [], first?.data ?? "0x");
        const { deadline } = await disputes.inquiryOf(market, subject, provider);
        if (!byItself) await networkHelpers.time.increaseTo(deadline);
        const closer = byItself ? provider : rival;
        await expect(disputes.connect(closer).closeInquiry(market, subject, provider))
          .to.emit(disputes, "InquiryClosed")
          .withArgs(
            ...[market.target, subject, provider.address, provider.address],
            ...[BOND / 2n, BOND / 2n],
          );
        expect(await system.token.balanceOf(provider)).to.equal(before - BOND / 2n);
        expect(await system.token.totalSupply()).to.equal(supply - BOND / 2n);
        expect((await market.jobOf(jobId)).provider).to.equal(provider.address);
      }
    });
  });
});

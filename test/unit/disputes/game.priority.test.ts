import { expect } from "chai";
import { id, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  BOUNTY,
  bondedCase,
  commitTo,
  convict,
  evidenceOf,
  Ground,
  passPriority,
  timeOf,
  variantOf,
} from "../../helpers/dispute-cases.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

/** The challenger has committed to its evidence; the rival has not. */
async function committed() {
  const base = await bondedCase(chain);
  const evidence = evidenceOf(base.roots);
  const made = await commitTo(base, base, base.challenger, evidence);
  return { ...base, evidence, salt: made.salt, foundAt: await timeOf(chain, made.transaction) };
}

/** The same, and the rival copied the evidence out of the mempool and convicted first. */
async function copied() {
  const base = await committed();
  await networkHelpers.time.increase(10);
  const theft = await convict(base, base.rival);
  return { ...base, stolenAt: await timeOf(chain, theft) };
}

describe("DisputeGame", () => {
  describe("priority", () => {
    it("a commitment counts from when it was made", async () => {
      const base = await networkHelpers.loadFixture(committed);
      await convict(base, base.challenger, base.salt);
      const { foundAt, reporter } = await base.disputes.verdictOf(base.market, base.subject);
      expect([foundAt, reporter]).to.deep.equal([BigInt(base.foundAt), base.challenger.address]);
    });

    it("without a commitment, evidence counts from when it is shown", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const at = await timeOf(chain, await convict(base, base.challenger, ZeroHash));
      expect((await base.disputes.verdictOf(base.market, base.subject)).foundAt).to.equal(at);
    });

    it("a thief that copies evidence is replaced by who committed to it, who gets the bounty", async () => {
      const base = await networkHelpers.loadFixture(copied);
      const { disputes, market, subject, claim, challenger, rival, salt, system } = base;
      const { executableAt } = await disputes.verdictOf(market, subject);
      await expect(convict(base, challenger, salt))
        .to.emit(disputes, "ReporterReplaced")
        .withArgs(market.target, subject, challenger.address, rival.address, base.foundAt);
      const verdict = await disputes.verdictOf(market, subject);
      expect(verdict.reporter).to.equal(challenger.address);
      expect(verdict.executableAt, "the window does not begin anew").to.equal(executableAt);
      await passPriority(base);
      await expect(disputes.execute(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, rival],
        [BOUNTY, 0n],
      );
      expect(await disputes.isHeld(market, subject)).to.equal(false);
    });

    it("a thief that committed later does not replace its victim", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, market, subject, challenger, rival, evidence, salt } = base;
      await commitTo(base, base, rival, evidence, salt);
      await convict(base, challenger, salt);
      await expect(convict(base, rival, salt)).not.to.emit(disputes, "ReporterReplaced");
      const { reporter, foundAt } = await disputes.verdictOf(market, subject);
      expect([reporter, foundAt]).to.deep.equal([challenger.address, BigInt(base.foundAt)]);
    });

    it("a commitment is worth nothing to another, with another salt, or of other evidence", async () => {
      const base = await networkHelpers.loadFixture(copied);
      const { disputes, market, subject, challenger, rival, salt, evidence, stolenAt } = base;
      const third = base.requester;
      for (const act of [
        () => convict(base, third, salt),
        () => convict(base, challenger, id("another")),
        () => convict(base, challenger, salt, variantOf(evidence, "other")),
      ]) {
        await expect(act())
          .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
          .withArgs(market.target, subject, rival.address, stolenAt);
      }
      const of = (who: string) =>
        disputes.commitmentOf(who, market, subject, keccak256(evidence), salt);
      expect(await of(challenger.address)).not.to.equal(await of(third.address));
    });

    it("only strictly earlier evidence replaces", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, market, subject, challenger, salt } = base;
      await convict(base, challenger, salt);
      await expect(convict(base, challenger, salt))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, challenger.address, base.foundAt);
    });

    it("an earlier finder may come when the window of the result is over, or its lane", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, market, challenger, rival, salt, challengeableUntil, system } = base;
      await networkHelpers.time.setNextBlockTimestamp(challengeableUntil - 1);
      await convict(base, rival);
      await networkHelpers.time.increaseTo(challengeableUntil + 60);
      await disputes.connect(system.actors.governance).setLane(market, ZeroAddress);
      await expect(convict(base, challenger, salt)).to.emit(disputes, "ReporterReplaced");
    });

    it("an earlier finder comes in the last second, and not when the slash is due", async () => {
      const base = await bondedCase(chain);
      const { disputes, market, subject, claim, challenger, rival } = base;
      await disputes.connect(challenger).inquire(market, claim);
      const { deadline } = await disputes.inquiryOf(market, subject, challenger);
      await networkHelpers.time.increaseTo(deadline + 5n);
      const stolenAt = await timeOf(chain, await convict(base, rival));
      const { executableAt } = await disputes.verdictOf(market, subject);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(executableAt - 1n);
      await expect(disputes.claimSilence(market, claim, challenger))
        .to.emit(disputes, "ReporterReplaced")
        .withArgs(market.target, subject, challenger.address, rival.address, deadline);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(executableAt);
      await expect(disputes.claimSilence(market, claim, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, rival.address, stolenAt);
    });

    it("another ground may replace, and is the verdict's from then on", async () => {
      const base = await networkHelpers.loadFixture(copied);
      const { disputes, market, subject, claim, challenger, salt, evidence } = base;
      await disputes.connect(challenger).challengeTrace(market, claim, evidence, salt);
      const { ground, reporter } = await disputes.verdictOf(market, subject);
      expect([ground, reporter]).to.deep.equal([Ground.WrongTrace, challenger.address]);
    });
  });
});

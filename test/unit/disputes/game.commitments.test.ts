import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  BOND,
  BOUNTY,
  bondedCase,
  commitTo,
  convict,
  evidenceOf,
  passPriority,
  timeOf,
} from "../../helpers/dispute-cases.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const COMMITMENT_SECONDS = 1_800;

/** A result that can be challenged for longer than a commitment counts. */
const bonded = () => bondedCase(chain, { challengeSeconds: 2 * COMMITMENT_SECONDS });

/** The challenger has committed to its evidence. */
async function committed() {
  const base = await bonded();
  const made = await commitTo(base, base, base.challenger, evidenceOf(base.roots));
  const madeAt = await timeOf(chain, made.transaction);
  return { ...base, ...made, madeAt, endsAt: madeAt + COMMITMENT_SECONDS };
}

describe("DisputeGame", () => {
  describe("a commitment's bond", () => {
    it("DIS-6: returns with the conviction, to the last second of its time", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, challenger, commitment, salt, system } = base;
      await networkHelpers.time.setNextBlockTimestamp(base.endsAt - 1);
      const act = convict(base, challenger, salt);
      await expect(act)
        .to.emit(disputes, "CommitmentRedeemed")
        .withArgs(challenger.address, commitment, BOND);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, disputes],
        [BOND, -BOND],
      );
      const { foundAt } = await disputes.verdictOf(base.market, base.subject);
      expect(foundAt).to.equal(base.madeAt);
    });

    it("DIS-6: returns no more, nor does the commitment count, from its end on", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, challenger, salt, system } = base;
      await networkHelpers.time.setNextBlockTimestamp(base.endsAt);
      const act = convict(base, challenger, salt);
      await expect(act).not.to.emit(disputes, "CommitmentRedeemed");
      await expect(act).to.changeTokenBalances(ethers, system.token, [challenger], [0n]);
      const { foundAt } = await disputes.verdictOf(base.market, base.subject);
      expect(foundAt).to.equal(base.endsAt);
    });

    it("returns to who shows its evidence in time, though another's counts earlier", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, market, subject, challenger, rival, salt, system } = base;
      const later = await commitTo(base, base, rival, evidenceOf(base.roots));
      await convict(base, challenger, salt);
      const act = convict(base, rival, later.salt);
      await expect(act)
        .to.emit(disputes, "CommitmentRedeemed")
        .withArgs(rival.address, later.commitment, BOND);
      await expect(act).not.to.emit(disputes, "ReporterReplaced");
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [rival, disputes],
        [BOND, -BOND],
      );
      expect((await disputes.verdictOf(market, subject)).reporter).to.equal(challenger.address);
      await expect(convict(base, rival, later.salt), "and returns once")
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, challenger.address, base.madeAt);
    });

    it("returns by no evidence that the referee finds right", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, subject, challenger, roots } = base;
      const evidence = evidenceOf(roots, false);
      const { salt } = await commitTo(base, base, challenger, evidence);
      await expect(convict(base, challenger, salt, evidence))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotWrong")
        .withArgs(market.target, subject);
    });

    it("is not looked for without a salt", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, challenger, roots } = base;
      await commitTo(base, base, challenger, evidenceOf(roots), ZeroHash);
      await networkHelpers.time.increase(5);
      const act = convict(base, challenger, ZeroHash);
      await expect(act).not.to.emit(disputes, "CommitmentRedeemed");
      const { foundAt } = await disputes.verdictOf(base.market, base.subject);
      expect(foundAt).to.equal(await timeOf(chain, await act));
    });
  });

  describe("burnCommitment", () => {
    it("DIS-6: burns the bond of evidence held back, once its time is over, for anyone", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, challenger, rival, commitment, system, endsAt } = base;
      const burn = () => disputes.connect(rival).burnCommitment(challenger, commitment);
      await networkHelpers.time.setNextBlockTimestamp(endsAt - 1);
      await expect(burn())
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlineNotPassed")
        .withArgs(endsAt);
      await networkHelpers.time.setNextBlockTimestamp(endsAt);
      const supply = await system.token.totalSupply();
      const act = burn();
      await expect(act)
        .to.emit(disputes, "CommitmentBurned")
        .withArgs(challenger.address, commitment, BOND);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, rival],
        [-BOND, 0n],
      );
      expect(await system.token.totalSupply()).to.equal(supply - BOND);
      await expect(burn())
        .to.be.revertedWithCustomError(disputes, "DisputeGameNoCommitment")
        .withArgs(challenger.address, commitment);
    });

    it("burns none that was never made, or that returned", async () => {
      const base = await networkHelpers.loadFixture(committed);
      const { disputes, challenger, rival, commitment, salt } = base;
      await convict(base, challenger, salt);
      await networkHelpers.time.increaseTo(base.endsAt);
      for (const who of [challenger, rival]) {
        await expect(disputes.burnCommitment(who, commitment))
          .to.be.revertedWithCustomError(disputes, "DisputeGameNoCommitment")
          .withArgs(who.address, commitment);
      }
    });
  });

  describe("who is guilty and keeps evidence against itself ready", () => {
    it("DIS-6: pays a bond for every half hour, and an honest challenger keeps the bounty", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, subject, claim, challenger, system } = base;
      // An address that the provider never declared its own.
      const sybil = base.rival;
      const evidence = evidenceOf(base.roots);
      const supply = await system.token.totalSupply();
      const first = await commitTo(base, base, sybil, evidence, id("first"));
      await networkHelpers.time.increase(COMMITMENT_SECONDS);
      const honest = await commitTo(base, base, challenger, evidence);
      const foundAt = await timeOf(chain, honest.transaction);
      // It sees the commitment and renews its own: too late.
      const second = await commitTo(base, base, sybil, evidence, id("second"));
      await convict(base, challenger, honest.salt);
      await expect(convict(base, sybil, first.salt))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, challenger.address, foundAt);
      await networkHelpers.time.increase(COMMITMENT_SECONDS);
      for (const { commitment } of [first, second]) {
        await disputes.burnCommitment(sybil, commitment);
      }
      expect(await system.token.totalSupply()).to.equal(supply - 2n * BOND);
      await passPriority(base);
      await expect(disputes.execute(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, sybil],
        [BOUNTY, 0n],
      );
    });
  });
});

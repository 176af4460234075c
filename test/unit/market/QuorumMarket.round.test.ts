import { answerCommitment, canReveal, QuorumState, readQuorumJob } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  assigned,
  COLLATERAL,
  commitAs,
  deployQuorum,
  hides,
  MAX_PRICE,
  passDeadline,
  placeOf,
  play,
  RIGHT,
  revealAs,
  saltOf,
  WRONG,
} from "../../helpers/quorum.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const { time } = networkHelpers;

/** A drawn job whose three members have done nothing yet. */
async function drawn() {
  const round = await assigned(await deployQuorum(chain));
  const [first, second, third] = round.members as [Signer, Signer, Signer];
  return { round, first, second, third, ...round };
}

describe("QuorumMarket", () => {
  describe("commit", () => {
    it("keeps a commitment that says nothing of the answer", async () => {
      const { round, first, system, jobId } = await networkHelpers.loadFixture(drawn);
      const { quorum } = system;
      const place = await placeOf(round, first);
      const commitment = answerCommitment(place, RIGHT, saltOf(first));
      expect(await quorum.answerCommitment(jobId, 0, first.address, RIGHT, saltOf(first))).to.equal(
        commitment,
      );
      await expect(commitAs(round, first, RIGHT))
        .to.emit(quorum, "AnswerCommitted")
        .withArgs(jobId, first.address, commitment);
      const { members, state } = await quorum.jobOf(jobId);
      expect(state).to.equal(QuorumState.Committing);
      expect(members[0]?.committed).to.equal(true);
      expect(members[0]?.answer).to.equal(commitment);
      expect(members[1]?.answer).to.equal(ZeroHash);
    });

    it("begins reveals at once when the last member answers", async () => {
      const { round, first, second, third, system, order, jobId } =
        await networkHelpers.loadFixture(drawn);
      await commitAs(round, first, RIGHT);
      await commitAs(round, second, RIGHT);
      await expect(revealAs(round, first, RIGHT))
        .to.be.revertedWithCustomError(system.quorum, "QuorumMarketWrongState")
        .withArgs(jobId, QuorumState.Committing);
      const last = commitAs(round, third, WRONG);
      await last;
      const revealBy = (await time.latest()) + order.proveSeconds;
      await expect(last).to.emit(system.quorum, "RevealStarted").withArgs(jobId, revealBy);
      const job = await readQuorumJob(system.quorum, jobId);
      expect([job.state, job.deadline]).to.deep.equal([QuorumState.Revealing, revealBy]);
      expect(canReveal(job, order, revealBy - 1)).to.equal(true);
      expect(canReveal(job, order, revealBy)).to.equal(false);
    });

    it("reverts for strangers, twice, empty and late", async () => {
      const { round, first, second, system, order, jobId } =
        await networkHelpers.loadFixture(drawn);
      const { quorum, actors } = system;
      await expect(quorum.connect(actors.stranger).commit(jobId, order, RIGHT))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketNotMember")
        .withArgs(jobId, actors.stranger.address);
      await expect(
        quorum.connect(first).commit(jobId, order, ZeroHash),
      ).to.be.revertedWithCustomError(quorum, "QuorumMarketZeroCommitment");
      await commitAs(round, first, RIGHT);
      await expect(commitAs(round, first, WRONG))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketAlreadyAnswered")
        .withArgs(jobId, first.address);
      const { deadline } = await quorum.jobOf(jobId);
      await time.setNextBlockTimestamp(deadline);
      await expect(quorum.connect(second).commit(jobId, order, RIGHT))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketWrongState")
        .withArgs(jobId, QuorumState.Revealing);
    });
  });

  describe("decline", () => {
    it("frees the member's collateral and leaves its place empty", async () => {
      const { first, system, order, jobId } = await networkHelpers.loadFixture(drawn);
      const { quorum, vault, registry } = system;
      const declining = quorum.connect(first).decline(jobId, order);
      await expect(declining).to.emit(quorum, "MemberDeclined").withArgs(jobId, first.address);
      await expect(declining)
        .to.emit(vault, "StakeUnlocked")
        .withArgs(first.address, registry.target, quorum.target, COLLATERAL);
      expect((await vault.provisionOf(first, registry)).exposure).to.equal(0);
      const { members, state } = await quorum.jobOf(jobId);
      expect(state).to.equal(QuorumState.Committing);
      expect(members.map((member) => member.declined)).to.deep.equal([true, false, false]);
      await expect(quorum.connect(first).decline(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketAlreadyAnswered")
        .withArgs(jobId, first.address);
    });

    it("begins reveals when the others have committed", async () => {
      const { round, system, jobId } = await networkHelpers.loadFixture(drawn);
      await play(round, [hides(RIGHT), hides(RIGHT), "declines"]);
      expect((await system.quorum.jobOf(jobId)).state).to.equal(QuorumState.Revealing);
    });

    it("SLA-4: ends the round without a slash when no majority is possible any more", async () => {
      const { round, first, second, third, system, order, jobId } =
        await networkHelpers.loadFixture(drawn);
      const { quorum, vault, registry, escrow, token, beacon } = system;
      await commitAs(round, first, RIGHT);
      await quorum.connect(second).decline(jobId, order);
      const declining = quorum.connect(third).decline(jobId, order);
      await declining;
      await expect(declining)
        .to.emit(quorum, "QuorumRedrawn")
        .withArgs(jobId, 1, (await beacon.nextDrawEpoch()) + 1n);
      await expect(declining).to.not.emit(vault, "StakeSlashed");
      for (const member of [first, second, third]) {
        expect((await vault.provisionOf(member, registry)).exposure).to.equal(0);
      }
      expect(await escrow.lockedBy(quorum, token)).to.equal(3n * MAX_PRICE);
      const job = await quorum.jobOf(jobId);
      expect([job.state, job.attempt, job.members.length]).to.deep.equal([
        BigInt(QuorumState.Posted),
        1n,
        0,
      ]);
    });

    it("reverts after a commitment, for strangers and late", async () => {
      const { round, first, second, system, order, jobId } =
        await networkHelpers.loadFixture(drawn);
      const { quorum, actors } = system;
      await commitAs(round, first, RIGHT);
      await expect(quorum.connect(first).decline(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketAlreadyAnswered")
        .withArgs(jobId, first.address);
      await expect(quorum.connect(actors.stranger).decline(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketNotMember")
        .withArgs(jobId, actors.stranger.address);
      await passDeadline(round);
      await expect(quorum.connect(second).decline(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketWrongState")
        .withArgs(jobId, QuorumState.Revealing);
    });
  });
});

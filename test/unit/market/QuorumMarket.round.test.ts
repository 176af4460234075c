import { answerCommitment, answerSalt, canReveal, QuorumState, readQuorumJob } from "@lattice/sdk";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  assigned,
  COLLATERAL,
  commitAs,
  deployQuorum,
  hides,
  MAX_PRICE,
  OUTPUT_DIGEST,
  passDeadline,
  passReveals,
  placeOf,
  play,
  RIGHT,
  revealAs,
  saltOf,
  tells,
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

  describe("reveal", () => {
    it("shows the committed answer", async () => {
      const { round, first, system, jobId } = await networkHelpers.loadFixture(drawn);
      await play(round, [hides(RIGHT), hides(RIGHT), hides(RIGHT)]);
      await expect(revealAs(round, first, RIGHT))
        .to.emit(system.quorum, "AnswerRevealed")
        .withArgs(jobId, first.address, RIGHT, OUTPUT_DIGEST);
      const { members, outputCommitment } = await system.quorum.jobOf(jobId);
      expect([members[0]?.revealed, members[0]?.answer]).to.deep.equal([true, RIGHT]);
      expect(outputCommitment).to.equal(ZeroHash);
    });

    it("opens with time when a majority committed, and needs nobody's call", async () => {
      const { round, first, system, order, jobId } = await networkHelpers.loadFixture(drawn);
      const { deadline } = await system.quorum.jobOf(jobId);
      await play(round, [hides(RIGHT), hides(RIGHT), null]);
      const revealBy = deadline + BigInt(order.proveSeconds);
      const waiting = await readQuorumJob(system.quorum, jobId);
      expect(canReveal(waiting, order, Number(deadline) - 1)).to.equal(false);
      expect(canReveal(waiting, order, Number(deadline))).to.equal(true);
      expect(canReveal(waiting, order, Number(revealBy))).to.equal(false);
      await time.setNextBlockTimestamp(revealBy - 1n);
      await revealAs(round, first, RIGHT);
      const job = await system.quorum.jobOf(jobId);
      expect([job.state, job.deadline]).to.deep.equal([BigInt(QuorumState.Revealing), revealBy]);
    });

    it("reverts late", async () => {
      const { round, first, system, order, jobId } = await networkHelpers.loadFixture(drawn);
      const { deadline } = await system.quorum.jobOf(jobId);
      await play(round, [hides(RIGHT), hides(RIGHT), null]);
      await passReveals(round);
      await expect(revealAs(round, first, RIGHT))
        .to.be.revertedWithCustomError(system.quorum, "QuorumMarketDeadlinePassed")
        .withArgs(jobId, deadline + BigInt(order.proveSeconds));
    });

    it("keeps answers secret in a round that can have no majority", async () => {
      const { round, first, system, jobId } = await networkHelpers.loadFixture(drawn);
      const { deadline } = await system.quorum.jobOf(jobId);
      await play(round, [hides(RIGHT), null, null]);
      await expect(revealAs(round, first, RIGHT))
        .to.be.revertedWithCustomError(system.quorum, "QuorumMarketDeadlinePassed")
        .withArgs(jobId, deadline);
    });

    it("a copied commitment cannot be opened by the one who copied it", async () => {
      const { round, first, second, third, system, order, jobId } =
        await networkHelpers.loadFixture(drawn);
      const { quorum } = system;
      await commitAs(round, first, RIGHT);
      const copied = (await quorum.jobOf(jobId)).members[0]?.answer ?? ZeroHash;
      await quorum.connect(second).commit(jobId, order, copied);
      await commitAs(round, third, RIGHT);
      await revealAs(round, first, RIGHT);
      // Now answer and salt are public, and still only the first member's.
      const asCopier = await placeOf(round, second);
      await expect(quorum.connect(second).reveal(jobId, order, RIGHT, OUTPUT_DIGEST, saltOf(first)))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketCommitmentMismatch")
        .withArgs(jobId, second.address, copied, answerCommitment(asCopier, RIGHT, saltOf(first)));
    });

    it("reverts for another answer or salt, zero, strangers, twice, and without a commitment", async () => {
      const { round, first, second, third, system, order, jobId } =
        await networkHelpers.loadFixture(drawn);
      const { quorum, actors } = system;
      const zero = answerCommitment(await placeOf(round, second), ZeroHash, saltOf(second));
      await commitAs(round, first, RIGHT);
      await quorum.connect(second).commit(jobId, order, zero);
      await quorum.connect(third).decline(jobId, order);
      const place = await placeOf(round, first);
      const committed = answerCommitment(place, RIGHT, saltOf(first));
      for (const [answer, salt] of [
        [WRONG, saltOf(first)],
        [RIGHT, id("another salt")],
      ] as const) {
        await expect(quorum.connect(first).reveal(jobId, order, answer, OUTPUT_DIGEST, salt))
          .to.be.revertedWithCustomError(quorum, "QuorumMarketCommitmentMismatch")
          .withArgs(jobId, first.address, committed, answerCommitment(place, answer, salt));
      }
      await expect(revealAs(round, second, ZeroHash)).to.be.revertedWithCustomError(
        quorum,
        "QuorumMarketZeroCommitment",
      );
      await expect(
        quorum.connect(actors.stranger).reveal(jobId, order, RIGHT, OUTPUT_DIGEST, ZeroHash),
      )
        .to.be.revertedWithCustomError(quorum, "QuorumMarketNotMember")
        .withArgs(jobId, actors.stranger.address);
      await revealAs(round, first, RIGHT);
      for (const member of [first, third]) {
        await expect(revealAs(round, member, RIGHT))
          .to.be.revertedWithCustomError(quorum, "QuorumMarketNothingToReveal")
          .withArgs(jobId, member.address);
      }
    });

    it("a salt made from a secret differs in every place and opens its commitment", async () => {
      const { round, first, second, third, system, order, jobId } =
        await networkHelpers.loadFixture(drawn);
      const secret = id("only the provider knows");
      const place = await placeOf(round, first);
      const salt = answerSalt(secret, place);
      expect(answerSalt(secret, { ...place, attempt: 1 })).to.not.equal(salt);
      expect(answerSalt(secret, await placeOf(round, second))).to.not.equal(salt);
      const commitment = answerCommitment(place, RIGHT, salt);
      await system.quorum.connect(first).commit(jobId, order, commitment);
      await commitAs(round, second, RIGHT);
      await commitAs(round, third, RIGHT);
      await expect(
        system.quorum.connect(first).reveal(jobId, order, RIGHT, OUTPUT_DIGEST, salt),
      ).to.emit(system.quorum, "AnswerRevealed");
    });

    it("tells unanimous answers apart from none", async () => {
      const { round, system, jobId } = await networkHelpers.loadFixture(drawn);
      await play(round, [tells(RIGHT), tells(RIGHT), tells(RIGHT)]);
      const { members } = await system.quorum.jobOf(jobId);
      expect(members.map(({ answer }) => answer)).to.deep.equal([RIGHT, RIGHT, RIGHT]);
    });
  });
});

import { answerCommitment, answerSalt, canReveal, QuorumState, readQuorumJob } from "@lattice/sdk";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  assigned,
  commitAs,
  deployQuorum,
  hides,
  OUTPUT_DIGEST,
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

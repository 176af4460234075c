import { parameterIndex, QuorumState } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  assigned,
  awaitSeed,
  deployQuorum,
  hides,
  MAX_PRICE,
  membersOf,
  ODD,
  play,
  RIGHT,
  type Round,
  revealAs,
  tells,
  WRONG,
} from "../../helpers/quorum.ts";
import { asksOf, booksOf, expectBooks } from "../../helpers/quorum-books.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const { time } = networkHelpers;
const LOCKED = 3n * MAX_PRICE;

const drawn = async () => assigned(await deployQuorum(chain));
const _drawnOfFive = async () => assigned(await deployQuorum(chain), { redundancy: 5 });
async function _drawnExact() {
  const system = await deployQuorum(chain);
  return assigned(system, { modelVersion: system.exactVersion });
}

const finalise = ({ system, jobId, order }: Round, caller: Signer = system.actors.reporter) =>
  system.quorum.connect(caller).finalise(jobId, order);

describe("QuorumMarket", () => {
  describe("finalise", () => {
    it("draws again, then refunds when the attempts are used up", async () => {
      const first = await networkHelpers.loadFixture(drawn);
      const { system, jobId, order } = first;
      const { quorum, escrow, token } = system;
      const { deposit } = await booksOf(first);
      for (let attempt = 0; attempt <= 2; attempt++) {
        const round = { ...first, members: await membersOf(system, jobId) };
        await play(round, [tells(RIGHT), tells(WRONG), tells(ODD)]);
        const ending = finalise(round);
        if (attempt < 2) {
          await expect(ending).to.emit(quorum, "QuorumRedrawn");
          expect((await quorum.jobOf(jobId)).attempt).to.equal(attempt + 1);
          await awaitSeed(system, jobId);
          await quorum.assign(jobId, order);
        } else {
          await expect(ending)
            .to.emit(quorum, "QuorumRefunded")
            .withArgs(jobId, order.requester, LOCKED);
        }
      }
      const job = await quorum.jobOf(jobId);
      expect([job.state, job.attempt, job.deadline]).to.deep.equal([
        BigInt(QuorumState.Refunded),
        2n,
        0n,
      ]);
      expect((await booksOf(first)).deposit - deposit).to.equal(LOCKED);
      expect(await escrow.lockedBy(quorum, token)).to.equal(0);
    });

    it("a redrawn round knows nothing of the earlier one's answers, and can settle", async () => {
      const first = await networkHelpers.loadFixture(drawn);
      const { system, jobId, order } = first;
      await play(first, [tells(RIGHT), tells(WRONG), tells(ODD)]);
      await finalise(first);
      await awaitSeed(system, jobId);
      await system.quorum.assign(jobId, order);
      const { members } = await system.quorum.jobOf(jobId);
      expect(members.map(({ committed, answer }) => [committed, answer])).to.deep.equal(
        members.map(() => [false, ZeroHash]),
      );
      const second = { ...first, members: await membersOf(system, jobId) };
      await play(second, [tells(RIGHT), tells(RIGHT), tells(RIGHT)]);
      await finalise(second);
      expect((await system.quorum.jobOf(jobId)).outputCommitment).to.equal(RIGHT);
    });

    it("refunds at once when governance allows no other draw", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      const { parameters, actors, quorum } = round.system;
      await parameters.connect(actors.governance).set(parameterIndex("MaxReassignments"), 0);
      await play(round, [tells(RIGHT), tells(WRONG), tells(ODD)]);
      await expect(finalise(round)).to.emit(quorum, "QuorumRefunded");
    });

    it("waits for reveals until they are over", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      const { system, jobId } = round;
      const [first] = round.members as [Signer];
      await play(round, [hides(RIGHT), tells(RIGHT), tells(RIGHT)]);
      const { deadline } = await system.quorum.jobOf(jobId);
      await time.setNextBlockTimestamp(deadline - 1n);
      await expect(finalise(round))
        .to.be.revertedWithCustomError(system.quorum, "QuorumMarketDeadlineNotPassed")
        .withArgs(jobId, deadline);
      const snapshot = await networkHelpers.takeSnapshot();
      await time.setNextBlockTimestamp(deadline);
      await expect(finalise(round)).to.emit(system.quorum, "MemberSlashed");
      await snapshot.restore();
      await time.setNextBlockTimestamp(deadline - 1n);
      await revealAs(round, first, RIGHT);
      await time.setNextBlockTimestamp(deadline - 1n);
      await expect(finalise(round)).to.not.emit(system.quorum, "MemberSlashed");
    });

    it("reverts while commitments are open, though nobody came", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      const { deadline } = await round.system.quorum.jobOf(round.jobId);
      await time.setNextBlockTimestamp(deadline - 1n);
      await expect(finalise(round))
        .to.be.revertedWithCustomError(round.system.quorum, "QuorumMarketWrongState")
        .withArgs(round.jobId, QuorumState.Committing);
    });

    it("LIV-2: works while new work is paused, and draws again", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      const { system, jobId, order } = round;
      await system.quorum.connect(system.actors.guardian).setNewWorkPaused(true);
      await play(round, [tells(RIGHT), tells(WRONG), null]);
      await expect(finalise(round)).to.emit(system.quorum, "QuorumRedrawn");
      await awaitSeed(system, jobId);
      await expect(system.quorum.assign(jobId, order)).to.emit(system.quorum, "QuorumAssigned");
    });

    it("LIV-1: slashes nobody when the market may no longer, and returns all that is locked", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      const { registry, quorum, vault, actors } = round.system;
      const asks = await asksOf(round);
      const before = await booksOf(round);
      await registry.connect(actors.governance).setStakeModule(quorum, false);
      await play(round, [tells(RIGHT), null, tells(RIGHT)]);
      await expect(finalise(round)).to.not.emit(vault, "StakeSlashed");
      await expectBooks(round, before, asks, { paid: [0, 2], slashed: [], locked: 0n });
    });

    it("SLA-3: an absent member that ends the round itself gets no bounty for its own fault", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      const { token } = round.system;
      const [, silent] = round.members as [Signer, Signer];
      await play(round, [tells(RIGHT), null, tells(RIGHT)]);
      await expect(finalise(round, silent)).to.changeTokenBalance(ethers, token, silent, 0n);
    });

    it("SLA-4: a member that meets every deadline is never slashed on a float model", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      const { vault, registry } = round.system;
      const [honest] = round.members as [Signer];
      const { tokens } = await vault.provisionOf(honest, registry);
      for (const others of [
        [tells(WRONG), tells(WRONG)],
        [tells(WRONG), null],
        [null, null],
      ] as const) {
        const snapshot = await networkHelpers.takeSnapshot();
        const hopeless = others.every((part) => part === null);
        await play(round, [hopeless ? hides(RIGHT) : tells(RIGHT), ...others]);
        await finalise(round);
        const after = await vault.provisionOf(honest, registry);
        expect([after.tokens, after.exposure]).to.deep.equal([tokens, 0n]);
        await snapshot.restore();
      }
    });

    it("SM-2: ends a job once", async () => {
      const round = await networkHelpers.loadFixture(drawn);
      await play(round, [tells(RIGHT), tells(RIGHT), tells(RIGHT)]);
      await finalise(round);
      await time.increase(86_400);
      await expect(finalise(round))
        .to.be.revertedWithCustomError(round.system.quorum, "QuorumMarketWrongState")
        .withArgs(round.jobId, QuorumState.Settled);
    });
  });
});

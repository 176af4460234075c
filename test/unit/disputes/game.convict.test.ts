import { jobClaim } from "@lattice/sdk";
import { expect } from "chai";
import { id, type Result, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  BOND,
  bondedCase,
  type Case,
  commitTo,
  convict,
  evidenceOf,
  Ground,
  PRIORITY_SECONDS,
  proofEvidenceOf,
  TRACE,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import { bondedOrder, postSettled } from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const bonded = () => bondedCase(chain);

async function verdictOf({ disputes, market, subject }: Case) {
  const { reporter, foundAt, executableAt, openInquiries, ground, executed } =
    await disputes.verdictOf(market, subject);
  return { reporter, foundAt, executableAt, openInquiries, ground, executed };
}

async function contextOf({ disputes, market, subject, order, challenger }: Case) {
  return disputes.proofContext(market, subject, challenger, order.modelVersion);
}

describe("DisputeGame", () => {
  describe("resultOf", () => {
    it("reads a committed bonded job", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, order, provider, challengeableUntil } = base;
      const result = await disputes.resultOf(market, claim);
      expect((result as unknown as Result).toObject()).to.deep.equal({
        subject,
        hold: subject,
        provider: provider.address,
        requester: order.requester,
        modelVersion: order.modelVersion,
        inputRoot: order.inputCommitment,
        outputRoot: ZeroHash,
        traceRoot: TRACE.root,
        challengeableUntil: BigInt(challengeableUntil),
      });
    });

    it("reverts for a job that has no bonded result", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, system } = base;
      const other = await bondedOrder(system, base.provider);
      const reader = system.readers.jobs;
      await expect(disputes.resultOf(market, jobClaim(other).claim))
        .to.be.revertedWithCustomError(reader, "JobClaimsWrongState")
        .withArgs(BigInt(jobClaim(other).subject), 0n);
    });

    it("reverts for what is no order", async () => {
      const { disputes, market, claim, system } = await networkHelpers.loadFixture(bonded);
      await expect(disputes.resultOf(market, `${claim}00`))
        .to.be.revertedWithCustomError(system.readers.jobs, "JobClaimsInvalidClaim")
        .withArgs(641n, 640n);
    });
  });

  describe("conviction", () => {
    for (const [call, ground] of [
      ["challengeStep", Ground.WrongStep],
      ["challengeTrace", Ground.WrongTrace],
    ] as const) {
      it(`${call}: convicts on evidence of the result's roots, which holds the result`, async () => {
        const base = await networkHelpers.loadFixture(bonded);
        const { disputes, market, claim, subject, provider, challenger, roots, order } = base;
        const act = disputes.connect(challenger)[call](market, claim, evidenceOf(roots), ZeroHash);
        const at = await timeOf(chain, await act);
        await expect(act)
          .to.emit(disputes, "ResultConvicted")
          .withArgs(
            ...[market.target, subject, provider.address, challenger.address],
            ...[ground, at, at + PRIORITY_SECONDS],
          );
        expect(await verdictOf(base)).to.deep.equal({
          reporter: challenger.address,
          foundAt: BigInt(at),
          executableAt: BigInt(at + PRIORITY_SECONDS),
          openInquiries: 0n,
          ground,
          executed: false,
        });
        expect(await disputes.isHeld(market, subject)).to.equal(true);
        await networkHelpers.time.increaseTo(base.challengeableUntil);
        await expect(market.settle(order))
          .to.be.revertedWithCustomError(market, "DisputedLaneHeld")
          .withArgs(subject);
      });

      it(`DIS-1: ${call} convicts nobody when the referee finds nothing wrong`, async () => {
        const base = await networkHelpers.loadFixture(bonded);
        const { disputes, market, claim, subject, challenger, roots, order } = base;
        await expect(
          disputes.connect(challenger)[call](market, claim, evidenceOf(roots, false), ZeroHash),
        )
          .to.be.revertedWithCustomError(disputes, "DisputeGameNotWrong")
          .withArgs(market.target, subject);
        expect(await disputes.isHeld(market, subject)).to.equal(false);
        await networkHelpers.time.increaseTo(base.challengeableUntil);
        await expect(market.settle(order)).to.emit(market, "JobSettled");
      });
    }

    it("challengeProof: asks the model's verifier about a proof bound to the challenger", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, provider, challenger, roots, system } = base;
      const evidence = proofEvidenceOf(roots, system.selector, await contextOf(base));
      await expect(
        disputes.connect(base.rival).challengeProof(market, claim, evidence),
      ).to.be.revertedWithCustomError(system.referee, "SteeredRefereeOtherRoots");
      const act = disputes.connect(challenger).challengeProof(market, claim, evidence);
      const at = await timeOf(chain, await act);
      await expect(act)
        .to.emit(disputes, "ResultConvicted")
        .withArgs(
          ...[market.target, subject, provider.address, challenger.address],
          ...[Ground.ContradictingProof, at, at + PRIORITY_SECONDS],
        );
    });

    it("DIS-1: challengeProof convicts nobody by a proof of the same output", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, challenger, roots, system } = base;
      const evidence = proofEvidenceOf(roots, system.selector, await contextOf(base), false);
      await expect(disputes.connect(challenger).challengeProof(market, claim, evidence))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotWrong")
        .withArgs(market.target, subject);
    });

    it("PRF-1: the context of a proof binds market, result, challenger and model, and no market's", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, subject, order, challenger, rival } = base;
      const version = order.modelVersion;
      const contexts = await Promise.all([
        disputes.proofContext(market, subject, challenger, version),
        disputes.proofContext(disputes, subject, challenger, version),
        disputes.proofContext(market, id("other"), challenger, version),
        disputes.proofContext(market, subject, rival, version),
        disputes.proofContext(market, subject, challenger, id("other")),
        market.proofContext(subject, challenger, version),
      ]);
      expect(new Set(contexts).size).to.equal(contexts.length);
    });
  });

  describe("the window", () => {
    it("takes a challenge in its last second", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      await networkHelpers.time.setNextBlockTimestamp(base.challengeableUntil - 1);
      await expect(convict(base, base.challenger)).to.emit(base.disputes, "ResultConvicted");
    });

    it("takes none a second later", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, subject, challengeableUntil } = base;
      await networkHelpers.time.setNextBlockTimestamp(challengeableUntil);
      await expect(convict(base, base.challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotChallengeable")
        .withArgs(market.target, subject, challengeableUntil);
    });

    it("is over with the job", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      await networkHelpers.time.increaseTo(base.challengeableUntil);
      await base.market.settle(base.order);
      await expect(convict(base, base.challenger))
        .to.be.revertedWithCustomError(base.system.readers.jobs, "JobClaimsWrongState")
        .withArgs(base.jobId, 5n);
    });

    it("is not there for a proven job", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const order = await bondedOrder(base.system, base.provider, {
        tier: 0,
        proveSeconds: 300,
        challengeSeconds: 0,
        inputCommitment: `0x${"00".repeat(31)}09`,
      });
      const { jobId } = await postSettled(base.system, order);
      await expect(base.disputes.resultOf(base.market, jobClaim(order).claim))
        .to.be.revertedWithCustomError(base.system.readers.jobs, "JobClaimsWrongState")
        .withArgs(jobId, 5n);
    });
  });

  describe("commit", () => {
    it("DIS-2: takes a bond and notes when a challenger committed, once", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, challenger, rival, roots, system } = base;
      const made = await commitTo(base, base, challenger, evidenceOf(roots));
      const { transaction, commitment } = made;
      await expect(transaction)
        .to.emit(disputes, "EvidenceCommitted")
        .withArgs(challenger.address, commitment, BOND);
      await expect(transaction).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, disputes],
        [-BOND, BOND],
      );
      const at = await timeOf(chain, transaction);
      expect(await disputes.committedAt(challenger, commitment)).to.equal(at);
      expect(await disputes.committedAt(rival, commitment)).to.equal(0n);
      await expect(disputes.connect(challenger).commit(commitment))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyCommitted")
        .withArgs(challenger.address, commitment);
    });
  });
});

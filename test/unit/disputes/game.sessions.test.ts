import { sessionClaim, sessionJobOf, sessionWork } from "@lattice/sdk";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { BOND, PRIORITY_SECONDS, RESPONSE_SECONDS } from "../../helpers/dispute-cases.ts";
import {
  convictSessionJob,
  OUTPUTS,
  REDEEMED,
  type SessionCase,
  sessionCase,
  sessionClaimAt,
} from "../../helpers/dispute-sessions.ts";
import {
  COLLATERAL,
  DEPOSIT,
  depositOf,
  exposureOf,
  redeem,
  redeemAmount,
  signed,
  voucherFor,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const redeemed = () => sessionCase(chain);
const CLOSED = 3n;

/** The second job is convicted, and due. */
async function due() {
  const base = await sessionCase(chain);
  await convictSessionJob(base, 1);
  await networkHelpers.time.increase(PRIORITY_SECONDS);
  return base;
}

/** Executes against the second job, and checks all that moved. */
async function expectPunished(base: SessionCase, refund: bigint) {
  const { disputes, vouchers, voucher, session, lat, vault, provider, challenger } = base;
  const before = await depositOf(base, base.requester);
  const act = disputes.execute(vouchers, sessionClaimAt(voucher, 1).claim);
  await expect(act)
    .to.emit(vouchers, "SessionPunished")
    .withArgs(session, provider.address, challenger.address, COLLATERAL);
  await expect(act).to.changeTokenBalances(
    ethers,
    lat,
    [vault, base.requester, challenger, provider],
    [-COLLATERAL, COLLATERAL / 2n, COLLATERAL / 10n, 0n],
  );
  expect((await depositOf(base, base.requester)) - before).to.equal(refund);
  expect(await exposureOf(base), "EXP-1").to.equal(0n);
  const { state, backed, redeemed: paid } = await vouchers.sessionOf(session);
  expect([state, backed, paid]).to.deep.equal([CLOSED, false, REDEEMED]);
  return act;
}

describe("DisputeGame", () => {
  describe("sessions", () => {
    it("are read job by job, from the last voucher", async () => {
      const base = await networkHelpers.loadFixture(redeemed);
      const { disputes, vouchers, voucher, session, provider, requester, modelVersion } = base;
      for (const [index, output] of OUTPUTS.entries()) {
        const { claim, subject } = sessionClaimAt(voucher, index);
        const result = await disputes.resultOf(vouchers, claim);
        expect([...result]).to.deep.equal([
          ...[subject, session, provider.address, requester.address, modelVersion],
          ...[ZeroHash, ZeroHash, output, BigInt(base.challengeableUntil)],
        ]);
        expect(subject).to.equal(await vouchers.jobSubject(session, index));
      }
    });

    it("have no other job, and none of a voucher before the last", async () => {
      const base = await networkHelpers.loadFixture(redeemed);
      const { disputes, vouchers, voucher, session, readers, lane } = base;
      const job = sessionJobOf(voucher, OUTPUTS, 1);
      const unknown = async (other: typeof job) =>
        expect(disputes.resultOf(vouchers, sessionClaim(other).claim))
          .to.be.revertedWithCustomError(readers.sessions, "SessionClaimsUnknownJob")
          .withArgs(session, other.index);
      await unknown({ ...job, outputCommitment: id("another") });
      await unknown({ ...job, index: 2n });
      await unknown({ ...job, index: 3n });
      await unknown({ ...job, proof: [] });
      const more = [...OUTPUTS, id("trace d")];
      const later = voucherFor(session, REDEEMED + 100n, sessionWork(session, more));
      await redeem(lane, [await signed(lane, later)]);
      await unknown(job);
      const result = await disputes.resultOf(vouchers, sessionClaimAt(later, 1, more).claim);
      expect(result.traceRoot).to.equal(OUTPUTS[1]);
    });

    it("a convicted job takes the collateral, ends the session and returns what was not redeemed", async () => {
      const base = await networkHelpers.loadFixture(due);
      const act = await expectPunished(base, DEPOSIT - REDEEMED);
      await expect(act)
        .to.emit(base.vouchers, "SessionClosed")
        .withArgs(base.session, base.requester.address, REDEEMED, DEPOSIT - REDEEMED);
    });

    it("one that was closed before is slashed all the same, and refunds nothing again", async () => {
      const base = await networkHelpers.loadFixture(due);
      await base.vouchers.connect(base.provider).close(base.session);
      const act = await expectPunished(base, 0n);
      await expect(act).not.to.emit(base.vouchers, "SessionClosed");
    });

    it("DIS-3: keep their collateral locked while a job is in question, or convicted", async () => {
      const base = await networkHelpers.loadFixture(redeemed);
      const { disputes, vouchers, voucher, session, provider, rival } = base;
      const { claim, subject } = sessionClaimAt(voucher, 0);
      await networkHelpers.time.setNextBlockTimestamp(base.challengeableUntil - 1);
      await disputes.connect(rival).inquire(vouchers, claim);
      await networkHelpers.time.increaseTo(base.challengeableUntil);
      await expect(vouchers.connect(provider).releaseCollateral(session))
        .to.be.revertedWithCustomError(vouchers, "DisputedLaneHeld")
        .withArgs(session);
      await disputes.connect(rival).closeInquiry(vouchers, subject, rival);
      await expect(vouchers.connect(provider).releaseCollateral(session))
        .to.emit(vouchers, "CollateralReleased")
        .withArgs(session, provider.address, COLLATERAL);
    });

    it("two convicted jobs: the collateral is taken once, and both verdicts are carried out", async () => {
      const base = await networkHelpers.loadFixture(redeemed);
      const { disputes, vouchers, voucher, session, lat, vault } = base;
      await convictSessionJob(base, 1);
      await convictSessionJob(base, 2);
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      await expectPunished(base, DEPOSIT - REDEEMED);
      const { claim, subject } = sessionClaimAt(voucher, 2);
      expect(await disputes.isHeld(vouchers, session)).to.equal(true);
      const act = disputes.execute(vouchers, claim);
      await expect(act).to.emit(disputes, "VerdictExecuted");
      await expect(act).to.changeTokenBalances(ethers, lat, [vault], [0n]);
      expect((await disputes.verdictOf(vouchers, subject)).executed).to.equal(true);
      expect(await disputes.isHeld(vouchers, session)).to.equal(false);
    });

    it("an inquirer into another job of a session that ended still convicts, and has its bond back", async () => {
      const base = await networkHelpers.loadFixture(redeemed);
      const { disputes, vouchers, voucher, rival, lat, challenger } = base;
      const { claim, subject } = sessionClaimAt(voucher, 2);
      await disputes.connect(rival).inquire(vouchers, claim);
      await convictSessionJob(base, 1);
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      await expectPunished(base, DEPOSIT - REDEEMED);
      await expect(convictSessionJob(base, 2, challenger))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotChallengeable")
        .withArgs(vouchers.target, subject, 0n);
      await convictSessionJob(base, 2, rival);
      await expect(
        disputes.connect(rival).closeInquiry(vouchers, subject, rival),
      ).to.changeTokenBalances(ethers, lat, [disputes, rival], [-BOND, BOND]);
    });

    it("LIV-1: a verdict is carried out, and silence claimed, when the voucher was replaced by one without the job", async () => {
      const base = await networkHelpers.loadFixture(redeemed);
      const { disputes, vouchers, voucher, session, lane, rival } = base;
      await disputes.connect(rival).inquire(vouchers, sessionClaimAt(voucher, 0).claim);
      await convictSessionJob(base, 1);
      await redeemAmount(lane, session, REDEEMED + 1n);
      await networkHelpers.time.increase(RESPONSE_SECONDS);
      await disputes.claimSilence(vouchers, sessionClaimAt(voucher, 0).claim, rival);
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      for (const index of [1, 0]) {
        await expect(disputes.execute(vouchers, sessionClaimAt(voucher, index).claim)).to.emit(
          disputes,
          "VerdictExecuted",
        );
      }
      expect(await disputes.isHeld(vouchers, session)).to.equal(false);
    });

    it("have no input to demand", async () => {
      const { disputes, vouchers, voucher, provider, readers } =
        await networkHelpers.loadFixture(redeemed);
      const { claim } = sessionClaimAt(voucher, 1);
      await expect(
        disputes.connect(provider).demandInput(vouchers, claim, 0, 1),
      ).to.be.revertedWithCustomError(readers.sessions, "SessionClaimsNoInput");
      await expect(
        readers.sessions.inputOutcome(vouchers, claim, true, 1),
      ).to.be.revertedWithCustomError(readers.sessions, "SessionClaimsNoInput");
    });
  });

  describe("VoucherSettlement", () => {
    it("punishes at the word of the game alone, and once", async () => {
      const base = await networkHelpers.loadFixture(due);
      const { vouchers, disputes, session, rival } = base;
      await expect(vouchers.connect(rival).punish(session, rival))
        .to.be.revertedWithCustomError(vouchers, "DisputedLaneNotGame")
        .withArgs(rival.address);
      await expectPunished(base, DEPOSIT - REDEEMED);
      const game = await ethers.getImpersonatedSigner(disputes.target as string);
      await networkHelpers.setBalance(game.address, 10n ** 18n);
      await expect(vouchers.connect(game).punish(session, rival))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementNotBacked")
        .withArgs(session);
    });
  });
});

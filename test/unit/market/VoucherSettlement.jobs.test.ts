import { jobLeaves, jobProof, jobSubject, jobsRoot } from "@lattice/sdk";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import {
  CHALLENGE_SECONDS,
  COLLATERAL,
  deploySessions,
  exposureOf,
  openSession,
  redeem,
  redeemAmount,
  signed,
  voucherFor,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { networkHelpers } = chain;

/** A lane with one open session. */
async function opened() {
  const lane = await deploySessions(chain);
  return { lane, session: await openSession(lane) };
}

describe("VoucherSettlement", () => {
  describe("isRedeemedJob", () => {
    for (const count of [1, 2, 3, 5, 8, 13]) {
      it(`proves each of ${count} jobs of the last voucher, and no other`, async () => {
        const { lane, session } = await networkHelpers.loadFixture(opened);
        const { vouchers } = lane;
        const outputs = Array.from({ length: count }, (_, i) => id(`output ${i}`));
        const leaves = jobLeaves(session, outputs);
        const jobs = { jobs: BigInt(count), jobsRoot: jobsRoot(leaves) };
        const voucher = voucherFor(session, 10n, jobs);
        expect(
          await vouchers.isRedeemedJob(voucher, 0, id("output 0"), jobProof(leaves, 0)),
        ).to.equal(false);
        await redeem(lane, [await signed(lane, voucher)]);
        for (const [index, output] of outputs.entries()) {
          const proof = jobProof(leaves, index);
          const holds = (at: number, result: string, siblings: string[]) =>
            vouchers.isRedeemedJob(voucher, at, result, siblings);
          expect(await vouchers.jobSubject(session, index)).to.equal(
            jobSubject(session, BigInt(index)),
          );
          expect(await holds(index, output, proof)).to.equal(true);
          expect(await holds(index, id("another"), proof)).to.equal(false);
          expect(await holds((index + 1) % (count + 1), output, proof)).to.equal(false);
          expect(await holds(index, output, [...proof, id("more")])).to.equal(false);
          if (proof.length > 0) expect(await holds(index, output, proof.slice(1))).to.equal(false);
        }
        const forged = { ...voucher, amount: 11n };
        expect(
          await vouchers.isRedeemedJob(forged, 0, id("output 0"), jobProof(leaves, 0)),
        ).to.equal(false);
        expect(() => jobProof(leaves, count)).to.throw(RangeError);
      });
    }

    it("forgets a voucher when a later one is redeemed", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const root = (outputs: string[]) => jobsRoot(jobLeaves(session, outputs));
      const first = voucherFor(session, 10n, { jobs: 1n, jobsRoot: root([id("a")]) });
      const both = [id("a"), id("b")];
      const later = voucherFor(session, 20n, { jobs: 2n, jobsRoot: root(both) });
      await redeem(lane, [await signed(lane, first), await signed(lane, later)]);
      expect(await lane.vouchers.isRedeemedJob(first, 0, id("a"), [])).to.equal(false);
      const proof = jobProof(jobLeaves(session, both), 0);
      expect(await lane.vouchers.isRedeemedJob(later, 0, id("a"), proof)).to.equal(true);
    });
  });

  describe("releaseCollateral", () => {
    it("EXP-1: frees the collateral one challenge window after the last redemption", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, vault, provider, stranger, registry } = lane;
      await expect(vouchers.releaseCollateral(session))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementNotBacked")
        .withArgs(session);
      await redeemAmount(lane, session, 10n);
      await networkHelpers.time.increase(100);
      await redeemAmount(lane, session, 20n);
      const until = (await networkHelpers.time.latest()) + CHALLENGE_SECONDS;
      await vouchers.connect(provider).close(session);
      await networkHelpers.time.setNextBlockTimestamp(until - 1);
      await expect(vouchers.connect(stranger).releaseCollateral(session))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementStillChallengeable")
        .withArgs(session, until);
      await networkHelpers.time.setNextBlockTimestamp(until);
      const releasing = vouchers.connect(stranger).releaseCollateral(session);
      await expect(releasing)
        .to.emit(vouchers, "CollateralReleased")
        .withArgs(session, provider.address, COLLATERAL);
      await expect(releasing)
        .to.emit(vault, "StakeUnlocked")
        .withArgs(provider, registry, vouchers, COLLATERAL);
      expect(await exposureOf(lane)).to.equal(0);
      await expect(vouchers.releaseCollateral(session))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementNotBacked")
        .withArgs(session);
    });

    it("is the provider's alone while the session is open; its next redemption locks again", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, provider, requester } = lane;
      await redeemAmount(lane, session, 10n);
      await networkHelpers.time.increase(CHALLENGE_SECONDS);
      await expect(vouchers.connect(requester).releaseCollateral(session))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementNotParty")
        .withArgs(session, requester);
      await vouchers.connect(provider).releaseCollateral(session);
      expect(await exposureOf(lane)).to.equal(0);
      await redeemAmount(lane, session, 20n);
      expect(await exposureOf(lane)).to.equal(COLLATERAL);
    });
  });
});

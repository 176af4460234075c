import { cumulativeLegs, hashVoucher, stepLegs } from "@lattice/sdk";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import {
  COLLATERAL,
  DEPOSIT,
  deploySessions,
  earningsOf,
  exposureOf,
  FEE_PPM,
  joinAs,
  openSession,
  publishModel,
  ROYALTY_PPM,
  redeem,
  redeemAmount,
  signed,
  voucherFor,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const RATES = { royaltyPpm: ROYALTY_PPM, protocolFeePpm: FEE_PPM };

/** A lane with one open session. */
async function opened() {
  const lane = await deploySessions(chain);
  return { lane, session: await openSession(lane) };
}

describe("VoucherSettlement", () => {
  describe("redeem", () => {
    it("pays provider, royalty and fee, and remembers the voucher", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, escrow, token, payout, recipient, treasury } = lane;
      const root = id("root");
      const voucher = voucherFor(session, 1_003n, { jobs: 3n, jobsRoot: root });
      const items = [await signed(lane, voucher)];
      expect(
        await vouchers
          .connect(lane.provider)
          .redeem.staticCall([voucher], [items[0]?.signature ?? ""]),
      ).to.equal(1);
      const redeeming = redeem(lane, items);
      await expect(redeeming)
        .to.emit(vouchers, "VoucherRedeemed")
        .withArgs(session, 1_003, 3, root);
      const legs = cumulativeLegs(1_003n, RATES);
      expect(legs).to.deep.equal({ provider: 582n, publisher: 250n, fee: 171n });
      await expect(redeeming)
        .to.emit(escrow, "EscrowPaid")
        .withArgs(vouchers.target, token.target, [
          [payout.address, legs.provider, false],
          [recipient.address, legs.publisher, false],
          [treasury.address, legs.fee, false],
        ]);
      expect(await earningsOf(lane)).to.deep.equal(legs);
      expect(await escrow.lockedBy(vouchers, token)).to.equal(DEPOSIT - 1_003n);
      const found = await vouchers.sessionOf(session);
      expect(found.redeemed).to.equal(1_003);
      expect(found.voucherHash).to.equal(hashVoucher(voucher));
      expect(found.redeemedAt).to.equal(await networkHelpers.time.latest());
    });

    it("EXP-1: locks the collateral at the first redemption alone", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      expect(await exposureOf(lane)).to.equal(0);
      await expect(redeemAmount(lane, session, 10n))
        .to.emit(lane.vault, "StakeLocked")
        .withArgs(lane.provider, lane.registry, lane.vouchers, COLLATERAL);
      await expect(redeemAmount(lane, session, 20n)).not.to.emit(lane.vault, "StakeLocked");
      expect(await exposureOf(lane)).to.equal(COLLATERAL);
      expect((await lane.vouchers.sessionOf(session)).backed).to.equal(true);
    });

    it("PAY-1: a voucher pays once, a later one only what it adds", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const first = await signed(lane, voucherFor(session, 400n));
      const second = await signed(lane, voucherFor(session, 900n));
      await redeem(lane, [first, first, second, first]);
      expect(await earningsOf(lane)).to.deep.equal(cumulativeLegs(900n, RATES));
      await redeem(lane, [second]);
      expect(await earningsOf(lane)).to.deep.equal(cumulativeLegs(900n, RATES));
    });

    it("PAY-2: splitting a payment into many vouchers changes no leg", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const whole = await openSession(lane);
      // One unit at a time, where royalty and fee step up together: FeeSplit's provider leg would fall.
      const steps = Array.from({ length: 120 }, (_, i) => BigInt(i + 1));
      const items = [];
      for (const amount of steps) items.push(await signed(lane, voucherFor(session, amount)));
      await redeem(lane, items);
      const split = await earningsOf(lane);
      await redeemAmount(lane, whole, 120n);
      const both = await earningsOf(lane);
      expect(split).to.deep.equal(cumulativeLegs(120n, RATES));
      expect(both).to.deep.equal({
        provider: 2n * split.provider,
        publisher: 2n * split.publisher,
        fee: 2n * split.fee,
      });
    });

    it("PAY-2: no step takes a unit back from anyone, and the SDK says the same as the contract", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      let before = cumulativeLegs(0n, RATES);
      for (let amount = 1n; amount <= 200n; amount++) {
        const legs = cumulativeLegs(amount, RATES);
        const step = stepLegs(amount - 1n, amount, RATES);
        expect(step.provider + step.publisher + step.fee).to.equal(1n);
        expect(Object.values(step).every((leg) => leg >= 0n)).to.equal(true);
        expect(legs.provider).to.equal(before.provider + step.provider);
        before = legs;
        if (amount % 37n !== 0n) continue;
        const { provider, publisher, fee, refund } = await lane.vouchers.legsOf(session, amount);
        expect({ provider, publisher, fee }).to.deep.equal(legs);
        expect(refund).to.equal(DEPOSIT - amount);
      }
      await expect(lane.vouchers.legsOf(session, DEPOSIT + 1n))
        .to.be.revertedWithCustomError(lane.vouchers, "FeeSplitPriceAboveLocked")
        .withArgs(DEPOSIT + 1n, DEPOSIT);
    });

    it("redeems the whole deposit and leaves nothing", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      await redeemAmount(lane, session, DEPOSIT);
      expect(await lane.escrow.lockedBy(lane.vouchers, lane.token)).to.equal(0);
      await expect(lane.vouchers.connect(lane.provider).close(session))
        .to.emit(lane.vouchers, "SessionClosed")
        .withArgs(session, lane.requester.address, DEPOSIT, 0);
    });

    it("pays each recipient once a token, over sessions, requesters, models and providers", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { escrow, vouchers, token, sponsor, otherProvider, provider, payout } = lane;
      const other = await ethers.deployContract("MintableToken", ["Other Dollar", "USDC"]);
      await vouchers.setPaymentToken(other, true);
      await other.mint(sponsor, 5_000n);
      await other.connect(sponsor).approve(escrow, 5_000n);
      await escrow.connect(sponsor).deposit(other, sponsor, 5_000n);
      const free = await publishModel(lane, "free", 0n);
      await joinAs(lane, otherProvider, payout);
      await vouchers.connect(otherProvider).setRedeemer(provider, true);

      const own = { requester: sponsor.address };
      const second = await openSession(lane, { ...own, modelVersion: free }, sponsor);
      const paid = { paymentToken: await other.getAddress(), deposit: 5_000n };
      const third = await openSession(lane, { ...own, ...paid }, sponsor);
      const fourth = await openSession(lane, { provider: otherProvider.address });
      const items = [
        await signed(lane, voucherFor(session, 1_000n)),
        await signed(lane, voucherFor(second, 2_000n), sponsor),
        await signed(lane, voucherFor(third, 3_000n), sponsor),
        await signed(lane, voucherFor(fourth, 4_000n)),
      ];
      const receipt = await (await redeem(lane, items)).wait();
      const payments = (receipt?.logs ?? [])
        .map((log) => escrow.interface.parseLog(log))
        .filter((event) => event?.name === "EscrowPaid")
        .flatMap((event) => [...(event?.args.legs ?? [])]);
      expect(payments).to.have.lengthOf(6);
      const sum = { provider: 0n, publisher: 0n, fee: 0n };
      for (const [amount, royaltyPpm] of [
        [1_000n, ROYALTY_PPM],
        [2_000n, 0n],
        [4_000n, ROYALTY_PPM],
      ] as const) {
        const legs = cumulativeLegs(amount, { ...RATES, royaltyPpm });
        sum.provider += legs.provider;
        sum.publisher += legs.publisher;
        sum.fee += legs.fee;
      }
      expect(await earningsOf(lane)).to.deep.equal(sum);
      const inOther = await escrow.accountOf(payout, other);
      expect(inOther.earnings).to.equal(cumulativeLegs(3_000n, RATES).provider);
      expect(await escrow.lockedBy(vouchers, token)).to.equal(3n * DEPOSIT - 7_000n);
    });

    it("redeems for the provider whom it named, until it is named no more", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, provider, redeemer } = lane;
      await expect(vouchers.connect(provider).setRedeemer(redeemer, true))
        .to.emit(vouchers, "RedeemerSet")
        .withArgs(provider.address, redeemer.address, true);
      expect(await vouchers.isRedeemer(provider, redeemer)).to.equal(true);
      await redeem(lane, [await signed(lane, voucherFor(session, 10n))], redeemer);
      expect(await earningsOf(lane)).to.deep.equal(cumulativeLegs(10n, RATES));
      await vouchers.connect(provider).setRedeemer(redeemer, false);
      await expect(redeem(lane, [await signed(lane, voucherFor(session, 20n))], redeemer))
        .to.emit(vouchers, "VoucherRejected")
        .withArgs(session, 0, 3);
    });

    it("LIV-2: pays while new work is paused, and a provider that is jailed or drained", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      await lane.vouchers.setNewWorkPaused(true);
      await lane.vouchers.setTier(1, false);
      await lane.vouchers.setPaymentToken(lane.token, false);
      await lane.registry.setJailed(lane.provider, true);
      await lane.models.connect(lane.publisher).retire(lane.modelVersion);
      await redeemAmount(lane, session, 1_000n);
      expect(await earningsOf(lane)).to.deep.equal(cumulativeLegs(1_000n, RATES));
    });
  });
});

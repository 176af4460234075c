import {
  cumulativeLegs,
  signVoucher,
  VOUCHER_TYPES,
  VoucherRejection,
  voucherDomain,
  voucherRejectionName,
} from "@lattice/sdk";
import { expect } from "chai";
import { getAddress, id, parseEther, TypedDataEncoder, toBeHex } from "ethers";
import { network } from "hardhat";
import { expectRejected, type Item } from "../../helpers/rejections.ts";
import {
  DEPOSIT,
  deploySessions,
  earningsOf,
  exposureOf,
  FEE_PPM,
  openSession,
  ROYALTY_PPM,
  redeem,
  redeemAmount,
  signed,
  THAW_SECONDS,
  voucherFor,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const RATES = { royaltyPpm: ROYALTY_PPM, protocolFeePpm: FEE_PPM };
const NOTHING = { provider: 0n, publisher: 0n, fee: 0n };
const MAX_UINT128 = 2n ** 128n - 1n;

/** A lane with a session to try things on, and one that is good. */
async function opened() {
  const lane = await deploySessions(chain);
  return { lane, session: await openSession(lane), good: await openSession(lane) };
}

describe("VoucherSettlement", () => {
  describe("redeem leaves a voucher out, and pays the rest, when", () => {
    it("nobody opened its session", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const item = await signed(world.lane, voucherFor(id("nothing"), 10n));
      await expectRejected(world, item, VoucherRejection.UnknownSession);
    });

    it("its session is closed, or its time for redemptions is over", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lane, session } = world;
      const item = await signed(lane, voucherFor(session, 10n));
      await lane.vouchers.connect(lane.requester).close(session);
      await networkHelpers.time.increase(THAW_SECONDS);
      await expectRejected(world, item, VoucherRejection.SessionClosed);
      await lane.vouchers.finish(session);
      await expectRejected(world, item, VoucherRejection.SessionClosed);
    });

    it("the caller is not the provider, though it holds the requester's signature", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lane, session } = world;
      const item = await signed(lane, voucherFor(session, 10n));
      for (const caller of [lane.requester, lane.stranger, lane.payout]) {
        await expectRejected(world, item, VoucherRejection.NotProvider, caller);
      }
      expect(await exposureOf(lane)).to.equal(0);
    });

    it("PAY-1: its amount is not above what was redeemed", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lane, session } = world;
      for (const amount of [0n, 1n]) {
        if (amount > 0n) await redeemAmount(lane, session, 500n);
        const stale = await signed(lane, voucherFor(session, amount * 500n));
        await expectRejected(world, stale, VoucherRejection.StaleAmount);
      }
      const decreasing = await signed(lane, voucherFor(session, 499n));
      await expectRejected(world, decreasing, VoucherRejection.StaleAmount);
    });

    it("PAY-4: its amount is above the deposit; a top-up makes it good, whole", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lane, session } = world;
      for (const amount of [DEPOSIT + 1n, 2n ** 96n, 2n ** 96n + 1n, MAX_UINT128]) {
        const item = await signed(lane, voucherFor(session, amount));
        await expectRejected(world, item, VoucherRejection.ExceedsDeposit);
      }
      const item = await signed(lane, voucherFor(session, DEPOSIT + 1n));
      await lane.vouchers.connect(lane.requester).topUp(session, 1n);
      await redeem(lane, [item]);
      expect((await lane.vouchers.sessionOf(session)).redeemed).to.equal(DEPOSIT + 1n);
    });

    it("its signature is another's, another voucher's, or no signature", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lane, session } = world;
      const other = await openSession(lane);
      const voucher = voucherFor(session, 10n, { jobs: 1n, jobsRoot: id("root") });
      const { signature } = await signed(lane, voucher);
      const wrong: Item[] = [
        await signed(lane, voucher, lane.provider),
        { voucher: { ...voucher, amount: 11n }, signature },
        { voucher: { ...voucher, jobs: 2n }, signature },
        { voucher: { ...voucher, jobsRoot: id("other") }, signature },
        { voucher: { ...voucher, session: other }, signature },
        { voucher, signature: "0x" },
        { voucher, signature: `${signature}00` },
        // High s: the same signature in its other form.
        { voucher, signature: malleated(signature) },
      ];
      for (const item of wrong)
        await expectRejected(world, item, VoucherRejection.InvalidSignature);
    });

    it("it was signed for another chain, contract or version", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lane, session } = world;
      const voucher = voucherFor(session, 10n);
      for (const changes of [
        { chainId: 1n },
        { verifyingContract: lane.stranger.address },
        { version: "2" },
        { name: "Lattice JobMarket" },
      ]) {
        const domain = { ...lane.domain, ...changes };
        const signature = await signVoucher(lane.requester, domain, voucher);
        await expectRejected(world, { voucher, signature }, VoucherRejection.InvalidSignature);
      }
    });

    it("PAY-4: the provider's free stake does not cover the collateral", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lane, good } = world;
      await redeemAmount(lane, good, 1n);
      const terms = { collateral: parseEther("4980.000000000000000001") };
      const session = await openSession(lane, terms);
      const item = await signed(lane, voucherFor(session, 10n));
      await expectRejected({ ...world, session }, item, VoucherRejection.StakeTooLow);
      expect(await lane.vault.freeStake(lane.provider, lane.registry)).to.equal(parseEther("4980"));
    });
  });

  describe("redeem", () => {
    it("reverts for an empty batch, one too large and one without a signature each", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers } = lane;
      await expect(redeem(lane, [])).to.be.revertedWithCustomError(
        vouchers,
        "VoucherSettlementEmptyBatch",
      );
      const item = await signed(lane, voucherFor(session, 10n));
      await expect(redeem(lane, Array(129).fill(item)))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementBatchTooLarge")
        .withArgs(129, 128);
      await expect(vouchers.redeem([item.voucher], []))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementSignatureCountMismatch")
        .withArgs(0, 1);
    });

    it("LIV-3: takes 128 vouchers at once", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const items = [];
      for (let i = 1n; i <= 128n; i++) items.push(await signed(lane, voucherFor(session, i)));
      await redeem(lane, items);
      expect(await earningsOf(lane)).to.deep.equal(cumulativeLegs(128n, RATES));
    });

    it("pays nothing, and calls the escrow for nothing, when every voucher is left out", async () => {
      const { lane } = await networkHelpers.loadFixture(opened);
      const item = await signed(lane, voucherFor(id("nothing"), 10n));
      await expect(redeem(lane, [item, item])).not.to.emit(lane.escrow, "EscrowPaid");
      expect(await earningsOf(lane)).to.deep.equal(NOTHING);
    });

    it("binds vouchers to chain and contract (EIP-712, EIP-5267)", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const voucher = voucherFor(session, 10n);
      const domain = voucherDomain(lane.domain.chainId, lane.domain.verifyingContract);
      expect(await lane.vouchers.voucherDigest(voucher)).to.equal(
        TypedDataEncoder.hash(domain, VOUCHER_TYPES, voucher),
      );
      const [fields, name, version, chainId, contract] = await lane.vouchers.eip712Domain();
      expect([fields, name, version, chainId, contract]).to.deep.equal([
        "0x0f",
        domain.name,
        domain.version,
        domain.chainId,
        getAddress(domain.verifyingContract),
      ]);
    });
  });

  it("names every reason", () => {
    for (const [name, value] of Object.entries(VoucherRejection)) {
      expect(voucherRejectionName(value)).to.equal(name);
    }
    expect(voucherRejectionName(99)).to.equal("Unknown(99)");
  });
});

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function malleated(signature: string): string {
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)];
  const flipped = toBeHex(ORDER - BigInt(`0x${s}`), 32).slice(2);
  return `0x${r}${flipped}${v === "1b" ? "1c" : "1b"}`;
}

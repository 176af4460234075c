import { cumulativeLegs } from "@lattice/sdk";
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  DEPOSIT,
  deploySessions,
  FEE_PPM,
  openSession,
  ROYALTY_PPM,
  redeem,
  redeemAmount,
  signed,
  voucherFor,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const RATES = { royaltyPpm: ROYALTY_PPM, protocolFeePpm: FEE_PPM };

/** A lane with an odd token of which the requester has deposited what a session needs. */
async function withToken(name: "ReenteringToken" | "TaxedToken") {
  const lane = await deploySessions(chain);
  const { escrow, vouchers, requester } = lane;
  const token = await ethers.deployContract(name as "ReenteringToken");
  await vouchers.setPaymentToken(token, true);
  await token.mint(requester, 2n * DEPOSIT);
  await token.connect(requester).approve(escrow, 2n * DEPOSIT);
  await escrow.connect(requester).deposit(token, requester, DEPOSIT);
  const session = await openSession(lane, { paymentToken: await token.getAddress() });
  return { lane, token, session };
}

describe("VoucherSettlement", () => {
  describe("with tokens that misbehave", () => {
    it("PAY-1: a token that re-enters redeem in the middle of a transfer is paid once", async () => {
      const { lane, token, session } = await withToken("ReenteringToken");
      const { vouchers, escrow, provider, payout, requester } = lane;
      await vouchers.connect(provider).setRedeemer(token, true);
      const { voucher, signature } = await signed(lane, voucherFor(session, 1_000n));
      const call = vouchers.interface.encodeFunctionData("redeem", [[voucher], [signature]]);
      // Once before anything was redeemed: it counts as any redemption.
      await token.arm(vouchers, call);
      await expect(escrow.connect(requester).deposit(token, requester, 10n)).to.emit(
        vouchers,
        "VoucherRedeemed",
      );
      const { provider: earned } = cumulativeLegs(1_000n, RATES);
      expect((await escrow.accountOf(payout, token)).earnings).to.equal(earned);
      // And again while the provider withdraws what it earned.
      await token.arm(vouchers, call);
      await expect(escrow.connect(payout).withdrawEarnings(token, payout, earned))
        .to.emit(vouchers, "VoucherRejected")
        .withArgs(session, 0, 4);
      expect(await token.balanceOf(payout)).to.equal(earned);
      expect((await escrow.accountOf(payout, token)).earnings).to.equal(0);
      expect(await escrow.lockedBy(vouchers, token)).to.equal(DEPOSIT - 1_000n);
    });

    it("a token that begins to tax transfers moves nothing here", async () => {
      const { lane, token, session } = await withToken("TaxedToken");
      const taxed = await ethers.getContractAt("TaxedToken", token);
      await taxed.setTax(500_000);
      await redeemAmount(lane, session, 1_000n);
      const { provider: earned } = cumulativeLegs(1_000n, RATES);
      expect((await lane.escrow.accountOf(lane.payout, token)).earnings).to.equal(earned);
      await lane.vouchers.connect(lane.provider).close(session);
      expect((await lane.escrow.accountOf(lane.requester, token)).deposit).to.equal(
        DEPOSIT - 1_000n,
      );
    });

    it("takes deposits of 96 bits to the last unit", async () => {
      const lane = await deploySessions(chain);
      const { escrow, vouchers, token, requester, payout } = lane;
      const most = 2n ** 96n - 1n;
      await token.mint(requester, most);
      await token.connect(requester).approve(escrow, most);
      await escrow.connect(requester).deposit(token, requester, most);
      const session = await openSession(lane, { deposit: most });
      const items = [];
      for (const amount of [1n, 2n ** 95n, most - 1n, most]) {
        items.push(await signed(lane, voucherFor(session, amount, { jobs: 2n ** 64n - 1n })));
      }
      await redeem(lane, items);
      const { provider, publisher, fee } = cumulativeLegs(most, RATES);
      expect(provider + publisher + fee).to.equal(most);
      expect((await escrow.accountOf(payout, token)).earnings).to.equal(provider);
      expect(await escrow.lockedBy(vouchers, token)).to.equal(0);
    });
  });

  describe("governance", () => {
    it("GOV-2: accepts the rules of governance alone, and can be initialised once", async () => {
      const lane = await networkHelpers.loadFixture(lanes);
      const { vouchers, implementation, manager, stranger } = lane;
      const asStranger = vouchers.connect(stranger);
      const calls = [
        () => asStranger.setPaymentToken(lane.token, false),
        () => asStranger.setTier(1, false),
        () => asStranger.setNewWorkPaused(true),
        () => asStranger.upgradeToAndCall(implementation, "0x"),
      ];
      for (const call of calls) {
        await expect(call())
          .to.be.revertedWithCustomError(vouchers, "AccessManagedUnauthorized")
          .withArgs(stranger);
      }
      for (const target of [vouchers, implementation]) {
        await expect(target.initialize(manager)).to.be.revertedWithCustomError(
          vouchers,
          "InvalidInitialization",
        );
      }
    });

    it("UPG-2: keeps sessions and what was redeemed over an upgrade", async () => {
      const lane = await networkHelpers.loadFixture(lanes);
      const session = await openSession(lane);
      await redeemAmount(lane, session, 77n);
      const before = await lane.vouchers.sessionOf(session);
      const next = await ethers.deployContract("VoucherSettlement", [
        lane.peers,
        ZeroAddress,
        lane.disputes,
      ]);
      await lane.vouchers.upgradeToAndCall(next, "0x");
      expect(await lane.vouchers.sessionOf(session)).to.deep.equal(before);
      await redeemAmount(lane, session, 78n);
      expect((await lane.vouchers.sessionOf(session)).redeemed).to.equal(78);
    });

    it("keeps its state in its own namespace (ERC-7201)", async () => {
      const lane = await networkHelpers.loadFixture(lanes);
      await openSession(lane);
      const base = BigInt(
        ethers.keccak256(ethers.toBeHex(BigInt(id("lattice.storage.VoucherSettlement")) - 1n, 32)),
      );
      const slot = ethers.toBeHex(base & ~0xffn, 32);
      const value = BigInt(await ethers.provider.getStorage(lane.vouchers, slot));
      // One session, one tariff.
      expect(value).to.equal((1n << 128n) + 1n);
    });
  });
});

async function lanes() {
  return deploySessions(chain);
}

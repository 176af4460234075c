import { SessionState } from "@lattice/sdk";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { DEPOSIT, deploySessions, depositOf, FUNDS, openSession } from "../../helpers/sessions.ts";

const chain = await network.create();
const { networkHelpers } = chain;

const sessions = () => deploySessions(chain);

describe("VoucherSettlement", () => {
  describe("topUp", () => {
    it("adds to the deposit out of anyone's own", async () => {
      const lane = await networkHelpers.loadFixture(sessions);
      const { vouchers, escrow, token, requester, sponsor } = lane;
      const session = await openSession(lane);
      const adding = vouchers.connect(sponsor).topUp(session, 500n);
      await expect(adding)
        .to.emit(vouchers, "SessionToppedUp")
        .withArgs(session, sponsor.address, 500, DEPOSIT + 500n);
      await adding;
      expect(await depositOf(lane, sponsor)).to.equal(FUNDS - 500n);
      expect(await escrow.lockedBy(vouchers, token)).to.equal(DEPOSIT + 500n);
      expect((await vouchers.sessionOf(session)).deposit).to.equal(DEPOSIT + 500n);
      // What is not redeemed is the session's payer's, not the giver's.
      await vouchers.connect(lane.provider).close(session);
      expect(await depositOf(lane, requester)).to.equal(FUNDS + 500n);
      expect(await depositOf(lane, sponsor)).to.equal(FUNDS - 500n);
    });

    it("reverts when new work is paused, the session is not open or nothing is added", async () => {
      const lane = await networkHelpers.loadFixture(sessions);
      const vouchers = lane.vouchers.connect(lane.requester);
      const unknown = id("nothing");
      await expect(vouchers.topUp(unknown, 1))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementWrongState")
        .withArgs(unknown, SessionState.None);
      const session = await openSession(lane);
      await expect(vouchers.topUp(session, 0)).to.be.revertedWithCustomError(
        lane.escrow,
        "PaymentEscrowZeroAmount",
      );
      await lane.vouchers.setNewWorkPaused(true);
      await expect(vouchers.topUp(session, 1)).to.be.revertedWithCustomError(
        vouchers,
        "MarketNewWorkPaused",
      );
      await lane.vouchers.setNewWorkPaused(false);
      await vouchers.close(session);
      await expect(vouchers.topUp(session, 1))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementWrongState")
        .withArgs(session, SessionState.Closing);
    });

    it("reverts when the deposit would exceed 96 bits", async () => {
      const lane = await networkHelpers.loadFixture(sessions);
      const session = await openSession(lane);
      const most = 2n ** 96n - 1n;
      await expect(lane.vouchers.connect(lane.requester).topUp(session, most))
        .to.be.revertedWithCustomError(lane.vouchers, "VoucherSettlementDepositTooLarge")
        .withArgs(session, most + DEPOSIT);
    });
  });
});

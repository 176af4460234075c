import type { SessionTerms } from "@lattice/sdk";
import { expect } from "chai";
import { id, parseEther, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { deploySessions, FUNDS, type Lane, opening, publishModel } from "../../helpers/sessions.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const MAX_SESSION_SECONDS = 365 * 86_400;

const sessions = () => deploySessions(chain);

describe("VoucherSettlement", () => {
  describe("open", () => {
    describe("reverts when", () => {
      const expectRevert = async (
        lane: Lane,
        changes: Partial<SessionTerms>,
        error: string,
        args: readonly unknown[],
        opener = lane.requester,
      ) => {
        await expect(opening(lane, changes, opener))
          .to.be.revertedWithCustomError(lane.vouchers, error)
          .withArgs(...args);
        expect(await lane.vouchers.sessionCount()).to.equal(0);
      };

      it("the caller pays nothing", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const { requester, sponsor, stranger } = lane;
        const parties = [requester.address, ZeroAddress, stranger.address];
        await expectRevert(lane, {}, "VoucherSettlementNotPayer", parties, stranger);
        const sponsored = [requester.address, sponsor.address, stranger.address];
        const changes = { sponsor: sponsor.address };
        await expectRevert(lane, changes, "VoucherSettlementNotPayer", sponsored, stranger);
      });

      it("there is no requester", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const changes = { requester: ZeroAddress, sponsor: lane.sponsor.address };
        await expectRevert(lane, changes, "VoucherSettlementZeroRequester", [], lane.sponsor);
      });

      it("new work is paused, the tier closed or the token not accepted", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        await lane.vouchers.setNewWorkPaused(true);
        await expectRevert(lane, {}, "MarketNewWorkPaused", []);
        await lane.vouchers.setNewWorkPaused(false);
        await lane.vouchers.setTier(1, false);
        await expectRevert(lane, {}, "MarketTierClosed", [1]);
        await lane.vouchers.setTier(1, true);
        await lane.vouchers.setPaymentToken(lane.token, false);
        await expectRevert(lane, {}, "MarketTokenNotAllowed", [lane.token.target]);
      });

      it("the collateral is below the floor, or the window out of bounds", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const floor = parseEther("10");
        const low = { collateral: floor - 1n };
        await expectRevert(lane, low, "VoucherSettlementCollateralTooLow", [floor - 1n, floor]);
        for (const challengeSeconds of [59, 3_601]) {
          const args = [challengeSeconds, 60, 3_600];
          await expectRevert(lane, { challengeSeconds }, "VoucherSettlementInvalidWindow", args);
        }
      });

      it("it would never expire, or has expired", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const now = (await networkHelpers.time.latest()) + 10;
        for (const expiresAt of [now, now + MAX_SESSION_SECONDS + 1]) {
          await networkHelpers.time.setNextBlockTimestamp(now);
          const args = [expiresAt, now, now + MAX_SESSION_SECONDS];
          const name = "VoucherSettlementInvalidExpiry";
          // A reverted transaction is mined no less, so the clock is set back for the second one.
          const snapshot = await networkHelpers.takeSnapshot();
          await expectRevert(lane, { expiresAt }, name, args);
          await snapshot.restore();
        }
      });

      it("the model is retired, unknown or cannot be challenged", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const unknown = { modelVersion: id("nothing") };
        await expect(opening(lane, unknown))
          .to.be.revertedWithCustomError(lane.models, "ModelRegistryUnknownVersion")
          .withArgs(unknown.modelVersion);
        const quorum = await publishModel(lane, "floats", 0n, { tiers: 4n });
        const name = "VoucherSettlementTierUnsupported";
        await expectRevert(lane, { modelVersion: quorum }, name, [quorum]);
        await lane.models.connect(lane.publisher).retire(lane.modelVersion);
        await expectRevert(lane, {}, "VoucherSettlementModelRetired", [lane.modelVersion]);
      });

      it("the provider takes no new work", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const name = "VoucherSettlementProviderUnavailable";
        const other = { provider: lane.otherProvider.address };
        await expectRevert(lane, other, name, [other.provider, lane.modelVersion]);
        await lane.registry.connect(lane.provider).setDraining(true);
        await expectRevert(lane, {}, name, [lane.provider.address, lane.modelVersion]);
      });

      it("the payer has not allowed the lane, or has too small a deposit", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const { escrow, vouchers, requester, token } = lane;
        await expect(opening(lane, { deposit: FUNDS + 1n }))
          .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientDeposit")
          .withArgs(requester, token, FUNDS, FUNDS + 1n);
        await escrow.connect(requester).setMarket(vouchers, false);
        await expect(opening(lane, {}))
          .to.be.revertedWithCustomError(escrow, "PaymentEscrowMarketNotAllowed")
          .withArgs(requester, vouchers);
        expect(await vouchers.sessionCount()).to.equal(0);
      });
    });
  });
});

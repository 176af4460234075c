import { readSession, SessionState, sessionIdOf } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  CHALLENGE_SECONDS,
  COLLATERAL,
  DEPOSIT,
  deploySessions,
  depositOf,
  FEE_PPM,
  FUNDS,
  opening,
  openSession,
  publishModel,
  ROYALTY_PPM,
  redeemAmount,
  termsOf,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const MAX_SESSION_SECONDS = 365 * 86_400;

const sessions = () => deploySessions(chain);

describe("VoucherSettlement", () => {
  describe("open", () => {
    it("locks the deposit, fixes the rates and numbers the session", async () => {
      const lane = await networkHelpers.loadFixture(sessions);
      const { vouchers, escrow, token, requester, provider, domain } = lane;
      const terms = await termsOf(lane);
      const session = sessionIdOf(domain, requester.address, 1n);
      const opened = vouchers.connect(requester).open(terms);
      await expect(opened)
        .to.emit(vouchers, "SessionOpened")
        .withArgs(
          session,
          requester.address,
          provider.address,
          Object.values(terms),
          ROYALTY_PPM,
          FEE_PPM,
        );
      await expect(opened)
        .to.emit(escrow, "EscrowLocked")
        .withArgs(vouchers.target, requester.address, token.target, DEPOSIT);
      expect(await depositOf(lane, requester)).to.equal(FUNDS - DEPOSIT);
      expect(await escrow.lockedBy(vouchers, token)).to.equal(DEPOSIT);
      expect(await vouchers.sessionIdOf(requester, 1)).to.equal(session);
      expect(await vouchers.sessionCount()).to.equal(1);
      expect(await readSession(lane, session)).to.deep.equal({
        requester: requester.address,
        sponsor: ZeroAddress,
        provider: provider.address,
        modelVersion: lane.modelVersion,
        paymentToken: token.target,
        deposit: DEPOSIT,
        redeemed: 0n,
        collateral: COLLATERAL,
        challengeSeconds: BigInt(CHALLENGE_SECONDS),
        maxUnsigned: terms.maxUnsigned,
        expiresAt: BigInt(terms.expiresAt),
        royaltyPpm: ROYALTY_PPM,
        protocolFeePpm: FEE_PPM,
        state: BigInt(SessionState.Open),
        closesAt: 0n,
        redeemedAt: 0n,
        backed: false,
        voucherHash: ZeroHash,
      });
    });

    it("keeps the fee of the opening when governance changes it", async () => {
      const lane = await networkHelpers.loadFixture(sessions);
      const before = await openSession(lane);
      await lane.parameters.set(0, 100_000n);
      const after = await openSession(lane);
      expect((await lane.vouchers.sessionOf(before)).protocolFeePpm).to.equal(FEE_PPM);
      expect((await lane.vouchers.sessionOf(after)).protocolFeePpm).to.equal(100_000n);
    });

    it("accepts every bound", async () => {
      const lane = await networkHelpers.loadFixture(sessions);
      const now = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(now);
      await opening(lane, {
        deposit: 1n,
        collateral: parseEther("10"),
        challengeSeconds: 60,
        expiresAt: now + 1,
      });
      await networkHelpers.time.setNextBlockTimestamp(now + 1);
      await opening(lane, { challengeSeconds: 3_600, expiresAt: now + 1 + MAX_SESSION_SECONDS });
      expect(await lane.vouchers.sessionCount()).to.equal(2);
    });

    describe("with a sponsor", () => {
      it("locks the sponsor's deposit within what it allowed the requester", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const { vouchers, requester, sponsor, token } = lane;
        await vouchers.connect(sponsor).setSponsorship(requester, token, DEPOSIT);
        const session = await openSession(lane, { sponsor: sponsor.address });
        expect(await depositOf(lane, sponsor)).to.equal(FUNDS - DEPOSIT);
        expect(await depositOf(lane, requester)).to.equal(FUNDS);
        expect(await vouchers.sponsorshipOf(sponsor, requester, token)).to.equal(0);
        expect((await vouchers.sessionOf(session)).sponsor).to.equal(sponsor.address);
        await expect(opening(lane, { sponsor: sponsor.address }))
          .to.be.revertedWithCustomError(vouchers, "MarketSponsorshipTooLow")
          .withArgs(sponsor, requester, token, 0, DEPOSIT);
      });

      it("needs no allowance when the sponsor opens itself", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        const { sponsor } = lane;
        const session = await openSession(lane, { sponsor: sponsor.address }, sponsor);
        expect(await depositOf(lane, sponsor)).to.equal(FUNDS - DEPOSIT);
        // The requester signs all the same.
        await expect(redeemAmount(lane, session, 10n)).to.emit(lane.vouchers, "VoucherRedeemed");
      });

      it("takes a requester that names itself for its own payer", async () => {
        const lane = await networkHelpers.loadFixture(sessions);
        await opening(lane, { sponsor: lane.requester.address });
        expect(await depositOf(lane, lane.requester)).to.equal(FUNDS - DEPOSIT);
      });
    });

    it("asks the gate for the class that the model requires", async () => {
      const lane = await networkHelpers.loadFixture(sessions);
      const modelVersion = await publishModel(lane, "attested", 0n, { attestedClass: 7n });
      const gate = await ethers.deployContract("SteeredGate");
      const gated = await ethers.deployContract("VoucherSettlement", [
        lane.peers,
        gate,
        lane.disputes,
      ]);
      await lane.vouchers.upgradeToAndCall(gated, "0x");
      await expect(opening(lane, { modelVersion }))
        .to.be.revertedWithCustomError(lane.vouchers, "VoucherSettlementProviderUnavailable")
        .withArgs(lane.provider, modelVersion);
      await gate.set(lane.provider, 7, true);
      await opening(lane, { modelVersion });
      expect(await lane.vouchers.sessionCount()).to.equal(1);
    });
  });
});

import { SessionState, signClosure } from "@lattice/sdk";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import {
  DEPOSIT,
  deploySessions,
  depositOf,
  earningsOf,
  FUNDS,
  type Lane,
  openSession,
  redeemAmount,
  THAW_SECONDS,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { networkHelpers } = chain;

/** A lane with a session that its requester pays. */
async function opened() {
  const lane = await deploySessions(chain);
  return { lane, session: await openSession(lane) };
}

/** A lane with a session that a sponsor opened for the requester. */
async function sponsored() {
  const lane = await deploySessions(chain);
  const session = await openSession(lane, { sponsor: lane.sponsor.address }, lane.sponsor);
  return { lane, session };
}

const stateOf = async (lane: Lane, session: string) =>
  Number((await lane.vouchers.sessionOf(session)).state);

describe("VoucherSettlement", () => {
  describe("close", () => {
    it("leaves the provider the escrow's thaw to redeem, then anyone ends it", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, escrow, token, requester, stranger } = lane;
      const closing = vouchers.connect(requester).close(session);
      await closing;
      const closesAt = (await networkHelpers.time.latest()) + THAW_SECONDS;
      await expect(closing)
        .to.emit(vouchers, "SessionClosing")
        .withArgs(session, requester.address, closesAt);
      expect((await vouchers.sessionOf(session)).closesAt).to.equal(closesAt);
      await networkHelpers.time.setNextBlockTimestamp(closesAt - 2);
      await redeemAmount(lane, session, 1_000n);
      await networkHelpers.time.setNextBlockTimestamp(closesAt - 1);
      await expect(vouchers.connect(stranger).finish(session))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementStillClosing")
        .withArgs(session, closesAt);
      await networkHelpers.time.setNextBlockTimestamp(closesAt);
      const finishing = vouchers.connect(stranger).finish(session);
      await expect(finishing)
        .to.emit(vouchers, "SessionClosed")
        .withArgs(session, requester.address, 1_000, DEPOSIT - 1_000n);
      await expect(finishing)
        .to.emit(escrow, "EscrowPaid")
        .withArgs(vouchers.target, token.target, [[requester.address, DEPOSIT - 1_000n, true]]);
      expect(await depositOf(lane, requester)).to.equal(FUNDS - 1_000n);
      expect(await escrow.lockedBy(vouchers, token)).to.equal(0);
      expect(await stateOf(lane, session)).to.equal(SessionState.Closed);
      expect((await vouchers.sessionOf(session)).closesAt).to.equal(0);
    });

    it("ends at once for the provider, also while it is closing; the requester gets the rest", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, provider, requester } = lane;
      const second = await openSession(lane);
      await redeemAmount(lane, session, 400n);
      await vouchers.connect(requester).close(second);
      for (const [which, redeemed] of [
        [session, 400n],
        [second, 0n],
      ] as const) {
        await expect(vouchers.connect(provider).close(which))
          .to.emit(vouchers, "SessionClosed")
          .withArgs(which, requester.address, redeemed, DEPOSIT - redeemed);
      }
      expect(await depositOf(lane, requester)).to.equal(FUNDS - 400n);
    });

    it("is the sponsor's right too, and the refund the sponsor's alone", async () => {
      const { lane, session } = await networkHelpers.loadFixture(sponsored);
      const { vouchers, sponsor, requester } = lane;
      await redeemAmount(lane, session, 400n);
      await vouchers.connect(sponsor).close(session);
      await networkHelpers.time.increase(THAW_SECONDS);
      await expect(vouchers.finish(session))
        .to.emit(vouchers, "SessionClosed")
        .withArgs(session, sponsor.address, 400, DEPOSIT - 400n);
      expect(await depositOf(lane, sponsor)).to.equal(FUNDS - 400n);
      expect(await depositOf(lane, requester)).to.equal(FUNDS);
    });

    it("LIV-1: is anyone's once the session expired", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, stranger } = lane;
      const { expiresAt } = await vouchers.sessionOf(session);
      await networkHelpers.time.setNextBlockTimestamp(expiresAt - 1n);
      await expect(vouchers.connect(stranger).close(session))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementNotParty")
        .withArgs(session, stranger);
      await networkHelpers.time.setNextBlockTimestamp(expiresAt);
      await vouchers.connect(stranger).close(session);
      expect(await stateOf(lane, session)).to.equal(SessionState.Closing);
      // Its provider has the same time as ever.
      await redeemAmount(lane, session, 7n);
      await networkHelpers.time.increase(THAW_SECONDS);
      await vouchers.connect(stranger).finish(session);
      expect(await stateOf(lane, session)).to.equal(SessionState.Closed);
    });

    it("SM-2: a closed session stays as it is", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, provider, requester } = lane;
      await vouchers.connect(provider).close(session);
      const closed = [session, SessionState.Closed];
      const signature = await signClosure(provider, lane.domain, { session, redeemed: 0n });
      const calls = [
        () => vouchers.connect(provider).close(session),
        () => vouchers.connect(requester).close(session),
        () => vouchers.connect(requester).closeNow(session, 0, signature),
        () => vouchers.connect(requester).topUp(session, 1),
        () => vouchers.finish(session),
      ];
      for (const call of calls) {
        await expect(call())
          .to.be.revertedWithCustomError(vouchers, "VoucherSettlementWrongState")
          .withArgs(...closed);
      }
    });

    it("SM-1: refuses what the state does not allow", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, requester, provider, stranger } = lane;
      const refused = (call: Promise<unknown>, which: string, state: SessionState) =>
        expect(call)
          .to.be.revertedWithCustomError(vouchers, "VoucherSettlementWrongState")
          .withArgs(which, state);
      const unknown = id("nothing");
      await refused(vouchers.connect(requester).close(unknown), unknown, SessionState.None);
      await refused(vouchers.connect(requester).closeNow(unknown, 0, "0x"), unknown, 0);
      await refused(vouchers.finish(unknown), unknown, SessionState.None);
      await refused(vouchers.finish(session), session, SessionState.Open);
      await vouchers.connect(requester).close(session);
      await refused(vouchers.connect(requester).close(session), session, SessionState.Closing);
      await refused(vouchers.connect(stranger).close(session), session, SessionState.Closing);
      await vouchers.connect(provider).close(session);
    });

    it("LIV-2: every exit works while new work is paused and nothing is accepted", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, provider, requester } = lane;
      const second = await openSession(lane);
      const third = await openSession(lane);
      await redeemAmount(lane, session, 5n);
      await vouchers.setNewWorkPaused(true);
      await vouchers.setTier(1, false);
      await vouchers.setPaymentToken(lane.token, false);
      await vouchers.connect(requester).close(session);
      await vouchers.connect(provider).close(second);
      const signature = await signClosure(provider, lane.domain, { session: third, redeemed: 0n });
      await vouchers.connect(requester).closeNow(third, 0, signature);
      await networkHelpers.time.increase(10 * THAW_SECONDS);
      await vouchers.finish(session);
      await vouchers.releaseCollateral(session);
      expect(await depositOf(lane, requester)).to.equal(FUNDS - 5n);
      expect(await lane.escrow.lockedBy(vouchers, lane.token)).to.equal(0);
      expect(await lane.vault.lockedBy(provider, lane.registry, vouchers)).to.equal(0);
    });
  });

  describe("closeNow", () => {
    it("ends a session at once when the provider signed, open or closing", async () => {
      const { lane, session } = await networkHelpers.loadFixture(sponsored);
      const { vouchers, provider, requester, sponsor } = lane;
      const second = await openSession(lane);
      await redeemAmount(lane, session, 250n);
      const agreed = await signClosure(provider, lane.domain, { session, redeemed: 250n });
      await expect(vouchers.connect(sponsor).closeNow(session, 250, agreed))
        .to.emit(vouchers, "SessionClosed")
        .withArgs(session, sponsor.address, 250, DEPOSIT - 250n);
      await vouchers.connect(requester).close(second);
      const early = await signClosure(provider, lane.domain, { session: second, redeemed: 0n });
      await vouchers.connect(requester).closeNow(second, 0, early);
      expect(await depositOf(lane, requester)).to.equal(FUNDS);
      expect(await depositOf(lane, sponsor)).to.equal(FUNDS - 250n);
      const { provider: earned, publisher, fee } = await earningsOf(lane);
      expect(earned + publisher + fee).to.equal(250n);
    });

    it("waits for what the provider signed to be redeemed", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, provider, requester } = lane;
      const signature = await signClosure(provider, lane.domain, { session, redeemed: 100n });
      await redeemAmount(lane, session, 99n);
      await expect(vouchers.connect(requester).closeNow(session, 100, signature))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementNotRedeemed")
        .withArgs(session, 99, 100);
      await redeemAmount(lane, session, 101n);
      await vouchers.connect(requester).closeNow(session, 100, signature);
      expect(await stateOf(lane, session)).to.equal(SessionState.Closed);
    });

    it("reverts without the provider's signature of this closure, and for strangers", async () => {
      const { lane, session } = await networkHelpers.loadFixture(opened);
      const { vouchers, provider, requester, stranger } = lane;
      const second = await openSession(lane);
      const closure = { session, redeemed: 0n };
      const good = await signClosure(provider, lane.domain, closure);
      const digest = await vouchers.closureDigest(session, 0);
      const elsewhere = { ...lane.domain, chainId: 1n };
      const wrong = [
        await signClosure(requester, lane.domain, closure),
        await signClosure(provider, lane.domain, { session: second, redeemed: 0n }),
        await signClosure(provider, lane.domain, { session, redeemed: 1n }),
        await signClosure(provider, elsewhere, closure),
        "0x",
      ];
      for (const signature of wrong) {
        await expect(vouchers.connect(requester).closeNow(session, 0, signature))
          .to.be.revertedWithCustomError(vouchers, "VoucherSettlementInvalidClosure")
          .withArgs(session, provider, digest);
      }
      await expect(vouchers.connect(stranger).closeNow(session, 0, good))
        .to.be.revertedWithCustomError(vouchers, "VoucherSettlementNotParty")
        .withArgs(session, stranger);
      expect(await stateOf(lane, session)).to.equal(SessionState.Open);
    });
  });
});

import { hashOrder, ORDER_TYPES, type Order, QuorumState } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { advanceEpoch } from "../../helpers/epochs.ts";
import {
  deployQuorum,
  MAX_PRICE,
  postQuorum,
  type Quorum,
  quorumOrder,
} from "../../helpers/quorum.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const LOCKED = 3n * MAX_PRICE;

async function system() {
  return deployQuorum(chain);
}

async function _signed({ quorum }: Quorum, signer: Signer, order: Order): Promise<string> {
  const { name, version, chainId, verifyingContract } = await quorum.eip712Domain();
  return signer.signTypedData({ name, version, chainId, verifyingContract }, ORDER_TYPES, order);
}

async function depositOf({ escrow, token }: Quorum, owner: Signer): Promise<bigint> {
  return (await escrow.accountOf(owner, token)).deposit;
}

describe("QuorumMarket", () => {
  describe("cancel", () => {
    it("returns everything before anyone may know the seed", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, escrow, token, actors } = quorumSystem;
      const before = await depositOf(quorumSystem, actors.requester);
      const order = await quorumOrder(quorumSystem);
      const jobId = await postQuorum(quorumSystem, order);
      await expect(quorum.connect(actors.requester).cancel(jobId, order))
        .to.emit(quorum, "QuorumRefunded")
        .withArgs(jobId, order.requester, LOCKED);
      expect(await depositOf(quorumSystem, actors.requester)).to.equal(before);
      expect(await escrow.lockedBy(quorum, token)).to.equal(0);
      const job = await quorum.jobOf(jobId);
      expect([job.state, job.deadline]).to.deep.equal([BigInt(QuorumState.Refunded), 0n]);
    });

    it("RND-1: reverts once somebody may know the seed", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      const order = await quorumOrder(quorumSystem);
      const jobId = await postQuorum(quorumSystem, order);
      const { drawEpoch } = await quorum.jobOf(jobId);
      await advanceEpoch(quorumSystem);
      await expect(quorum.connect(actors.requester).cancel(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketDrawStarted")
        .withArgs(jobId, drawEpoch);
    });

    it("reverts for anyone but the requester, and for another order", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      const order = await quorumOrder(quorumSystem);
      const jobId = await postQuorum(quorumSystem, order);
      await expect(quorum.connect(actors.stranger).cancel(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketNotRequester")
        .withArgs(order.requester, actors.stranger.address);
      const other = { ...order, redundancy: 9 };
      await expect(quorum.connect(actors.requester).cancel(jobId, other))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketOrderMismatch")
        .withArgs(jobId, hashOrder(order), hashOrder(other));
    });
  });

  describe("refund", () => {
    it("LIV-2: lets anyone return an undrawn order's payment, paused or not", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      const before = await depositOf(quorumSystem, actors.requester);
      const order = await quorumOrder(quorumSystem);
      const jobId = await postQuorum(quorumSystem, order);
      await quorum.connect(actors.guardian).setNewWorkPaused(true);
      const { deadline } = await quorum.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(quorum.connect(actors.stranger).refund(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketDeadlineNotPassed")
        .withArgs(jobId, deadline);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(quorum.connect(actors.stranger).refund(jobId, order))
        .to.emit(quorum, "QuorumRefunded")
        .withArgs(jobId, order.requester, LOCKED);
      expect(await depositOf(quorumSystem, actors.requester)).to.equal(before);
    });
  });
});

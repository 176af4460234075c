import { JobState, jobIdOf, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { advanceEpoch } from "../../helpers/epochs.ts";
import {
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  post,
  postAssigned,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;

async function drawnJob() {
  const system = await deployMarketplace(chain);
  const order = await drawOrder(system);
  const jobId = await post(system, order);
  return { system, market: system.market, requester: system.actors.requester, order, jobId };
}

async function directJob() {
  const system = await deployMarketplace(chain);
  const order = await directOrder(system, system.actors.ada);
  const jobId = await post(system, order);
  return { system, market: system.market, requester: system.actors.requester, order, jobId };
}

/** Checks that `call` ends the job and returns the whole maximum price to the requester's deposit. */
async function expectRefund(
  { escrow, market }: Marketplace,
  jobId: bigint,
  order: Order,
  call: () => Promise<unknown>,
) {
  const before = (await escrow.accountOf(order.requester, order.paymentToken)).deposit;
  const locked = await escrow.lockedBy(market, order.paymentToken);
  await expect(call())
    .to.emit(market, "JobRefunded")
    .withArgs(jobId, order.requester, order.maxPrice);
  const after = (await escrow.accountOf(order.requester, order.paymentToken)).deposit;
  expect(after - before).to.equal(order.maxPrice);
  expect(locked - (await escrow.lockedBy(market, order.paymentToken))).to.equal(order.maxPrice);
  const job = await market.jobOf(jobId);
  expect([job.state, job.deadline]).to.deep.equal([BigInt(JobState.Refunded), 0n]);
}

describe("JobMarket", () => {
  describe("cancel", () => {
    it("refunds a drawn order before its seed exists", async () => {
      const { system, market, requester, order, jobId } =
        await networkHelpers.loadFixture(drawnJob);
      await expectRefund(system, jobId, order, () => market.connect(requester).cancel(order));
    });

    it("refunds a direct order until it is accepted, whatever the epoch", async () => {
      const { system, market, requester, order, jobId } =
        await networkHelpers.loadFixture(directJob);
      await advanceEpoch(system);
      await expectRefund(system, jobId, order, () => market.connect(requester).cancel(order));
    });

    it("refunds a reassigned order before its next seed exists, and not after", async () => {
      const system = await deployMarketplace(chain);
      const { market, actors } = system;
      const order = await drawOrder(system);
      const { jobId } = await postAssigned(system, order);
      await networkHelpers.time.increaseTo((await market.jobOf(jobId)).deadline);
      await market.timeOut(order);
      const reopened = await networkHelpers.takeSnapshot();
      await expectRefund(system, jobId, order, () =>
        market.connect(actors.requester).cancel(order),
      );
      await reopened.restore();
      const epoch = await advanceEpoch(system);
      await expect(market.connect(actors.requester).cancel(order))
        .to.be.revertedWithCustomError(market, "JobMarketDrawStarted")
        .withArgs(jobId, epoch + 1n);
    });

    it("RND-1: reverts once a leader may know the seed, so that no requester can refuse who is drawn", async () => {
      const { system, market, requester, order, jobId } =
        await networkHelpers.loadFixture(drawnJob);
      const { drawEpoch } = await market.jobOf(jobId);
      for (let epochs = 0; epochs < 3; epochs++) {
        await advanceEpoch(system);
        await expect(market.connect(requester).cancel(order))
          .to.be.revertedWithCustomError(market, "JobMarketDrawStarted")
          .withArgs(jobId, drawEpoch);
      }
    });

    it("LIV-2: works while new work is paused", async () => {
      const { system, market, requester, order, jobId } =
        await networkHelpers.loadFixture(drawnJob);
      await market.connect(system.actors.guardian).setNewWorkPaused(true);
      await expectRefund(system, jobId, order, () => market.connect(requester).cancel(order));
    });

    it("reverts for anyone but the requester", async () => {
      const { system, market, requester, order } = await networkHelpers.loadFixture(directJob);
      const { ada } = system.actors;
      await expect(market.connect(ada).cancel(order))
        .to.be.revertedWithCustomError(market, "JobMarketNotRequester")
        .withArgs(requester.address, ada.address);
    });

    it("reverts for an accepted order and for another order", async () => {
      const { system, market, requester, order, jobId } =
        await networkHelpers.loadFixture(directJob);
      const { ada, stranger } = system.actors;
      const other = { ...order, requester: stranger.address };
      await expect(market.connect(stranger).cancel(other))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
      await market.connect(ada).accept(order);
      await expect(market.connect(requester).cancel(order))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobId, JobState.Assigned);
    });
  });

  describe("refund", () => {
    for (const [mode, fixture] of [
      ["drawn", drawnJob],
      ["direct", directJob],
    ] as const) {
      it(`returns a ${mode} order's price once its deadline passed, called by anyone`, async () => {
        const { system, market, order, jobId } = await networkHelpers.loadFixture(fixture);
        const { deadline } = await market.jobOf(jobId);
        await networkHelpers.time.setNextBlockTimestamp(deadline);
        await expectRefund(system, jobId, order, () =>
          market.connect(system.actors.stranger).refund(order),
        );
      });
    }

    it("LIV-2: works while paused, after the model retired, its verifier stopped and the token refused", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(drawnJob);
      const { models, router, token, actors } = system;
      await market.connect(actors.guardian).setNewWorkPaused(true);
      await models.connect(actors.publisher).retire(order.modelVersion);
      await router.connect(actors.governance).stop(system.selector);
      await market.connect(actors.governance).setPaymentToken(token, false);
      await networkHelpers.time.increase(order.assignSeconds);
      await expectRefund(system, jobId, order, () => market.refund(order));
    });

    it("reverts before the deadline", async () => {
      const { market, requester, order, jobId } = await networkHelpers.loadFixture(drawnJob);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(market.connect(requester).refund(order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlineNotPassed")
        .withArgs(jobId, deadline);
    });

    it("reverts for another order", async () => {
      const { market, order } = await networkHelpers.loadFixture(drawnJob);
      await networkHelpers.time.increase(order.assignSeconds);
      const other = { ...order, maxPrice: order.maxPrice * 2n };
      await expect(market.refund(other))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
    });
  });
});

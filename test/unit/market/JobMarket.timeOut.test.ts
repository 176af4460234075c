import { drawRandomness, JobState, jobIdOf, parameterIndex, poolOf } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { advanceEpoch } from "../../helpers/epochs.ts";
import { deployMarketplace, drawOrder, postCommitted } from "../../helpers/orders.ts";
import {
  BOUNTY,
  COMPENSATION,
  depositOf,
  directJob,
  drawnJob,
  expectSlash,
  passDeadline,
} from "../../helpers/slashes.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const drawn = () => drawnJob(chain);
const direct = () => directJob(chain);

describe("JobMarket", () => {
  describe("timeOut", () => {
    it("slashes a provider that did not commit, and opens the job for another draw", async () => {
      const job = await networkHelpers.loadFixture(drawn);
      const { system, market, order, jobId } = job;
      const deposit = await depositOf(system, order);
      await passDeadline(system, jobId);
      const timingOut = await expectSlash(system, job, system.actors.reporter, JobState.Assigned);
      const drawEpoch = (await system.beacon.currentEpoch()) + 2n;
      await expect(timingOut).to.emit(market, "JobReassigned").withArgs(jobId, 1, drawEpoch);
      const reopened = await market.jobOf(jobId);
      expect([
        reopened.provider,
        reopened.state,
        reopened.attempt,
        reopened.deadline,
        reopened.drawEpoch,
        reopened.price,
        reopened.outputCommitment,
      ]).to.deep.equal([
        ZeroAddress,
        BigInt(JobState.Posted),
        1n,
        BigInt((await networkHelpers.time.latest()) + order.assignSeconds),
        drawEpoch,
        0n,
        ZeroHash,
      ]);
      // The price stays locked for the next provider.
      expect(await depositOf(system, order)).to.equal(deposit);
      expect(await system.escrow.lockedBy(market, order.paymentToken)).to.equal(order.maxPrice);
    });

    it("slashes a provider that did not prove, and forgets its result", async () => {
      const system = await deployMarketplace(chain);
      const order = await drawOrder(system);
      const job = { order, ...(await postCommitted(system, order)) };
      await passDeadline(system, job.jobId);
      await expectSlash(system, job, system.actors.reporter, JobState.Committed);
      const reopened = await system.market.jobOf(job.jobId);
      expect(reopened.state).to.equal(JobState.Posted);
      expect(reopened.outputCommitment).to.equal(ZeroHash);
    });

    it("draws anew with the attempt's own randomness", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(drawn);
      await passDeadline(system, jobId);
      await market.timeOut(order);
      await expect(market.assign(order)).to.be.revertedWithCustomError(
        system.matchmaker,
        "MatchmakerDrawTooEarly",
      );
      await advanceEpoch(system);
      const epoch = await advanceEpoch(system);
      await market.assign(order);
      const { seed } = await system.beacon.epochInfo(epoch);
      const place = await market.getAddress();
      const randomness = await system.matchmaker.drawRandomness(seed, place, jobId, 1, 0);
      expect(randomness).to.equal(drawRandomness(seed, place, jobId, 1, 0n));
      const pool = poolOf(order.modelVersion, order.paymentToken);
      const { provider, state } = await market.jobOf(jobId);
      expect(provider).to.equal(await system.registry.draw(pool, epoch, randomness));
      expect(state).to.equal(JobState.Assigned);
    });

    it("refunds when the reassignments are used up", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(drawn);
      const deposit = await depositOf(system, order);
      for (let attempt = 1; attempt <= 2; attempt++) {
        await passDeadline(system, jobId);
        await expect(market.timeOut(order))
          .to.emit(market, "JobReassigned")
          .withArgs(jobId, attempt, (await system.beacon.currentEpoch()) + 2n);
        await advanceEpoch(system);
        await advanceEpoch(system);
        await market.assign(order);
      }
      await passDeadline(system, jobId);
      const { provider } = await market.jobOf(jobId);
      const last = { jobId, order, provider: await ethers.getSigner(provider) };
      const timingOut = await expectSlash(system, last, system.actors.reporter, JobState.Assigned);
      await expect(timingOut)
        .to.emit(market, "JobRefunded")
        .withArgs(jobId, order.requester, order.maxPrice);
      expect((await depositOf(system, order)) - deposit).to.equal(order.maxPrice);
      expect(await system.escrow.lockedBy(market, order.paymentToken)).to.equal(0);
      const job = await market.jobOf(jobId);
      expect([job.state, job.deadline, job.attempt]).to.deep.equal([
        BigInt(JobState.Refunded),
        0n,
        2n,
      ]);
    });

    it("refunds at once when governance allows no reassignment", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(drawn);
      const { parameters, actors } = system;
      await parameters.connect(actors.governance).set(parameterIndex("MaxReassignments"), 0);
      await passDeadline(system, jobId);
      await expect(market.timeOut(order)).to.emit(market, "JobRefunded");
    });

    it("refunds a direct order after the slash: nobody else was named", async () => {
      const job = await networkHelpers.loadFixture(direct);
      const { system, market, order, jobId } = job;
      const deposit = await depositOf(system, order);
      await passDeadline(system, jobId);
      const timingOut = await expectSlash(system, job, system.actors.reporter, JobState.Assigned);
      await expect(timingOut).to.emit(market, "JobRefunded");
      await expect(timingOut).to.not.emit(market, "JobReassigned");
      expect((await depositOf(system, order)) - deposit).to.equal(order.maxPrice);
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Refunded);
    });

    it("pays both legs to a requester that reports itself", async () => {
      const job = await networkHelpers.loadFixture(direct);
      await passDeadline(job.system, job.jobId);
      const { requester } = job.system.actors;
      const { token } = job.system;
      await expect(job.market.connect(requester).timeOut(job.order)).to.changeTokenBalance(
        ethers,
        token,
        requester,
        COMPENSATION + BOUNTY,
      );
    });

    it("GOV-2: works while new work is paused", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(drawn);
      await market.connect(system.actors.guardian).setNewWorkPaused(true);
      await passDeadline(system, jobId);
      await expect(market.timeOut(order)).to.emit(market, "ProviderTimedOut");
    });

    it("reverts before the deadline", async () => {
      const { market, order, jobId } = await networkHelpers.loadFixture(drawn);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(market.timeOut(order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlineNotPassed")
        .withArgs(jobId, deadline);
    });

    it("reverts for another order", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(drawn);
      await passDeadline(system, jobId);
      const other = { ...order, collateral: order.collateral * 2n };
      await expect(market.timeOut(other))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
    });
  });
});

import { JobState, parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import { depositOf, directJob, drawnJob, passDeadline } from "../../helpers/slashes.ts";

const chain = await network.create();
const { networkHelpers } = chain;

const drawn = () => drawnJob(chain);
const direct = () => directJob(chain);

describe("JobMarket", () => {
  describe("decline", () => {
    it("SLA-4: frees the collateral of a provider that cannot get the input, and draws again", async () => {
      const { system, market, order, jobId, provider } = await networkHelpers.loadFixture(drawn);
      const { vault, registry } = system;
      const stake = await vault.provisionOf(provider, registry);
      const drawEpoch = (await system.beacon.currentEpoch()) + 2n;
      const declining = market.connect(provider).decline(order);
      await expect(declining).to.emit(market, "JobDeclined").withArgs(jobId, provider.address);
      await expect(declining).to.emit(market, "JobReassigned").withArgs(jobId, 1, drawEpoch);
      const after = await vault.provisionOf(provider, registry);
      expect(after.tokens).to.equal(stake.tokens);
      expect(after.exposure).to.equal(stake.exposure - order.collateral);
      const reopened = await market.jobOf(jobId);
      expect([reopened.state, reopened.provider, reopened.attempt]).to.deep.equal([
        BigInt(JobState.Posted),
        ZeroAddress,
        1n,
      ]);
    });

    it("refunds a direct order in full", async () => {
      const { system, market, order, jobId, provider } = await networkHelpers.loadFixture(direct);
      const deposit = await depositOf(system, order);
      await expect(market.connect(provider).decline(order))
        .to.emit(market, "JobRefunded")
        .withArgs(jobId, order.requester, order.maxPrice);
      expect(await depositOf(system, order)).to.equal(deposit + order.maxPrice);
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Refunded);
    });

    it("LIV-1: refunds once the attempts are used up", async () => {
      const { system, market, order, jobId, provider } = await networkHelpers.loadFixture(drawn);
      const { parameters, actors } = system;
      await parameters.connect(actors.governance).set(parameterIndex("MaxReassignments"), 0);
      await expect(market.connect(provider).decline(order)).to.emit(market, "JobRefunded");
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Refunded);
    });

    it("reverts for anyone but the provider", async () => {
      const { system, market, order, jobId, provider } = await networkHelpers.loadFixture(drawn);
      const { stranger } = system.actors;
      await expect(market.connect(stranger).decline(order))
        .to.be.revertedWithCustomError(market, "JobMarketNotProvider")
        .withArgs(jobId, provider.address, stranger.address);
    });

    it("reverts once the commitment is due: being late is not excused", async () => {
      const { system, market, order, jobId, provider } = await networkHelpers.loadFixture(drawn);
      const { deadline } = await market.jobOf(jobId);
      await passDeadline(system, jobId);
      await expect(market.connect(provider).decline(order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
    });
  });
});

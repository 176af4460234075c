import { JobState, jobIdOf, poolOf } from "@lattice/sdk";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { candidatesOf, postDrawable } from "../../helpers/draws.ts";
import { advanceEpoch } from "../../helpers/epochs.ts";
import {
  deployMarketplace,
  directOrder,
  drawOrder,
  post,
  publishModel,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

async function marketplace() {
  return deployMarketplace(chain);
}

describe("JobMarket", () => {
  describe("assign", () => {
    it("reverts when none of the picks may take the job, and can be tried again", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, registry, actors } = system;
      const { ada, ben, cal } = actors;
      const { jobId, order, candidates } = await postDrawable(system);
      for (const provider of [ada, ben, cal]) {
        await registry.connect(provider).setDraining(true);
      }
      await expect(market.assign(order))
        .to.be.revertedWithCustomError(system.matchmaker, "MatchmakerNoEligibleProvider")
        .withArgs(jobId, 8);
      for (const provider of [ada, ben, cal]) {
        await registry.connect(provider).setDraining(false);
      }
      await market.assign(order);
      expect((await market.jobOf(jobId)).provider).to.equal(candidates[0]);
    });

    it("reverts when nobody offers the model", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const verifier = await ethers.deployContract("TableVerifier");
      const modelVersion = await publishModel(system, await verifier.getAddress());
      const order = await drawOrder(system, { modelVersion });
      await post(system, order);
      await advanceEpoch(system);
      const epoch = await advanceEpoch(system);
      await expect(system.market.assign(order))
        .to.be.revertedWithCustomError(system.registry, "ProviderRegistryEmptyPool")
        .withArgs(poolOf(modelVersion, order.paymentToken), epoch);
    });

    it("works while new work is paused, the model retired and its verifier stopped", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, models, router, actors } = system;
      const { order } = await postDrawable(system);
      await market.connect(actors.guardian).setNewWorkPaused(true);
      await models.connect(actors.publisher).retire(system.modelVersion);
      await router.connect(actors.governance).stop(system.selector);
      await expect(market.assign(order)).to.emit(market, "JobAssigned");
    });

    it("reverts from the deadline on", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market } = system;
      const { jobId, order } = await postDrawable(system);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.assign(order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
    });

    it("works until the second before the deadline", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market } = system;
      const { jobId, order } = await postDrawable(system);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(market.assign(order)).to.emit(market, "JobAssigned");
    });

    it("reverts for a direct order", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const order = await directOrder(system, system.actors.ada);
      const jobId = await post(system, order);
      await expect(system.market.assign(order))
        .to.be.revertedWithCustomError(system.market, "JobMarketWrongMode")
        .withArgs(jobId, order.mode);
    });

    it("reverts for an order that was not posted", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market } = system;
      const { order } = await postDrawable(system);
      const other = { ...order, maxPrice: order.maxPrice + 1n };
      await expect(market.assign(other))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
    });

    describe("seeds", () => {
      async function posted() {
        const system = await deployMarketplace(chain);
        const { steered } = system;
        if (!steered) throw new Error("these tests choose their seeds");
        const order = await drawOrder(system);
        const jobId = await post(system, order);
        const { drawEpoch } = await system.market.jobOf(jobId);
        await steered.start(id("known to its leader"), true);
        return { system, steered, order, jobId, drawEpoch, market: system.market };
      }

      it("RND-1: reverts while the seed does not exist", async () => {
        const { system, market, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        await expect(market.assign(order))
          .to.be.revertedWithCustomError(system.matchmaker, "MatchmakerDrawTooEarly")
          .withArgs(jobId, drawEpoch, drawEpoch - 1n);
      });

      it("draws from the first seed also one epoch later", async () => {
        const { system, market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        await steered.start(id("first"), true);
        const [expected] = await candidatesOf(system, jobId, drawEpoch);
        await steered.start(id("second"), true);
        await market.assign(order);
        const [assigned] = await market.queryFilter(market.filters.JobAssigned(jobId));
        expect(assigned?.args.epoch).to.equal(drawEpoch);
        expect(assigned?.args.provider).to.equal(expected);
      });

      it("waits for the next seed when the first may not draw", async () => {
        const { system, market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        await steered.start(id("bootstrap"), false);
        await expect(market.assign(order))
          .to.be.revertedWithCustomError(system.matchmaker, "MatchmakerDrawTooEarly")
          .withArgs(jobId, drawEpoch + 1n, drawEpoch);
        await steered.start(id("second"), true);
        const [expected] = await candidatesOf(system, jobId, drawEpoch + 1n);
        await market.assign(order);
        const [assigned] = await market.queryFilter(market.filters.JobAssigned(jobId));
        expect(assigned?.args.epoch).to.equal(drawEpoch + 1n);
        expect(assigned?.args.provider).to.equal(expected);
      });

      it("reverts when neither seed may draw", async () => {
        const { system, market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        await steered.start(id("bootstrap"), false);
        await steered.start(id("bootstrap again"), false);
        await expect(market.assign(order))
          .to.be.revertedWithCustomError(system.matchmaker, "MatchmakerDrawWindowPassed")
          .withArgs(jobId, drawEpoch, drawEpoch + 1n);
      });

      it("reverts two epochs later", async () => {
        const { system, market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        for (const seed of ["first", "second", "third"]) await steered.start(id(seed), true);
        await expect(market.assign(order))
          .to.be.revertedWithCustomError(system.matchmaker, "MatchmakerDrawWindowPassed")
          .withArgs(jobId, drawEpoch, drawEpoch + 2n);
      });
    });
  });
});

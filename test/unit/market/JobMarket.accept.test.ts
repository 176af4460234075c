import { JobState, jobIdOf, parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  ASKS,
  deployMarketplace,
  directOrder,
  drawOrder,
  post,
  publishModel,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

describe("JobMarket", () => {
  describe("accept", () => {
    async function postedForAda() {
      const system = await deployMarketplace(chain);
      const order = await directOrder(system, system.actors.ada);
      const jobId = await post(system, order);
      return { system, market: system.market, ada: system.actors.ada, order, jobId };
    }

    it("assigns the named provider at the order's price and locks its collateral", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const { vault, registry } = system;
      const accepting = market.connect(ada).accept(order);
      await accepting;
      const commitBy = (await networkHelpers.time.latest()) + order.commitSeconds;
      await expect(accepting)
        .to.emit(market, "JobAssigned")
        .withArgs(jobId, ada.address, ASKS.ada, 0, 0, commitBy);
      await expect(accepting)
        .to.emit(vault, "StakeLocked")
        .withArgs(ada.address, registry.target, market.target, order.collateral);
      const job = await market.jobOf(jobId);
      expect([job.provider, job.state, job.price, job.deadline]).to.deep.equal([
        ada.address,
        BigInt(JobState.Assigned),
        ASKS.ada,
        BigInt(commitBy),
      ]);
      expect(job.protocolFeePpm).to.equal(50_000);
      expect((await vault.provisionOf(ada, registry)).exposure).to.equal(order.collateral);
    });

    it("charges the price that the order names, whatever the provider asks of others", async () => {
      const { system, market, ada } = await networkHelpers.loadFixture(postedForAda);
      const verifier = await ethers.deployContract("TableVerifier");
      const notOffered = await publishModel(system, await verifier.getAddress());
      for (const changes of [
        { maxPrice: ASKS.ada - 1n },
        { maxPrice: ASKS.ada + 1n },
        { modelVersion: notOffered },
      ]) {
        const order = await directOrder(system, ada, changes);
        const jobId = await post(system, order);
        await market.connect(ada).accept(order);
        expect((await market.jobOf(jobId)).price).to.equal(order.maxPrice);
      }
    });

    it("GOV-2: reverts while new work is paused", async () => {
      const { system, market, ada, order } = await networkHelpers.loadFixture(postedForAda);
      await market.connect(system.actors.guardian).setNewWorkPaused(true);
      await expect(market.connect(ada).accept(order)).to.be.revertedWithCustomError(
        market,
        "MarketNewWorkPaused",
      );
    });

    it("reverts for anyone but the named provider", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const { ben } = system.actors;
      await expect(market.connect(ben).accept(order))
        .to.be.revertedWithCustomError(market, "JobMarketNotProvider")
        .withArgs(jobId, ada.address, ben.address);
    });

    it("reverts from the deadline on", async () => {
      const { market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.connect(ada).accept(order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
    });

    it("reverts while the provider is draining or jailed", async () => {
      const { system, market, ada, order } = await networkHelpers.loadFixture(postedForAda);
      const { registry, actors } = system;
      const refused = () =>
        expect(market.connect(ada).accept(order))
          .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
          .withArgs(ada.address, order.modelVersion);
      await registry.connect(ada).setDraining(true);
      await refused();
      await registry.connect(ada).setDraining(false);
      await registry.connect(actors.governance).setJailed(ada, true);
      await refused();
    });

    it("EXP-2: reverts when the provider's free stake does not cover the collateral", async () => {
      const { system, market, ada } = await networkHelpers.loadFixture(postedForAda);
      const { vault, registry } = system;
      const order = await directOrder(system, ada, { collateral: parseEther("20001") });
      await post(system, order);
      await expect(market.connect(ada).accept(order))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientFree")
        .withArgs(ada.address, registry.target, parseEther("20000"), parseEther("20001"));
    });

    it("reverts for a drawn order, and for one that was not posted", async () => {
      const { system, market, ada, order } = await networkHelpers.loadFixture(postedForAda);
      const drawn = await drawOrder(system);
      const drawnId = await post(system, drawn);
      const asAda = market.connect(ada);
      await expect(asAda.accept(drawn))
        .to.be.revertedWithCustomError(market, "JobMarketWrongMode")
        .withArgs(drawnId, drawn.mode);
      const unposted = { ...order, maxPrice: order.maxPrice + 1n };
      await expect(asAda.accept(unposted))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(unposted), JobState.None);
    });

    it("fixes the fee when the provider takes the job, and keeps its word after parameters change", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      await system.parameters
        .connect(system.actors.governance)
        .set(parameterIndex("ZkCollateralFloor"), parseEther("1000"));
      await expect(market.connect(ada).accept(order)).to.emit(market, "JobAssigned");
      await system.parameters
        .connect(system.actors.governance)
        .set(parameterIndex("ProtocolFeePpm"), 10_000);
      expect((await market.jobOf(jobId)).protocolFeePpm).to.equal(50_000);
      expect((await market.jobOf(jobId)).outputCommitment).to.equal(ZeroHash);
    });
  });
});

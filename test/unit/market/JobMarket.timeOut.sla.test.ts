import { JobState, jobIdOf } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import { network } from "hardhat";
import { directOrder, OUTPUT_COMMITMENT, OUTPUT_DIGEST } from "../../helpers/orders.ts";
import {
  BOUNTY,
  COLLATERAL,
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
    it("SLA-3: pays no bounty to a provider that reports itself", async () => {
      const job = await networkHelpers.loadFixture(direct);
      await passDeadline(job.system, job.jobId);
      const { ada } = job.system.actors;
      await expectSlash(job.system, job, ada, JobState.Assigned, { bounty: 0n });
    });

    it("SLA-3: pays no bounty to the provider's payout address", async () => {
      const job = await networkHelpers.loadFixture(direct);
      await passDeadline(job.system, job.jobId);
      const { adaPayout } = job.system.actors;
      await expectSlash(job.system, job, adaPayout, JobState.Assigned, { bounty: 0n });
    });

    it("SLA-3: pays no compensation to a provider that ordered from itself", async () => {
      const { system } = await networkHelpers.loadFixture(direct);
      const { token, escrow, market, registry, actors } = system;
      const { ada, reporter, deployer } = actors;
      await token.connect(deployer).transfer(ada, parseEther("3"));
      await token.connect(ada).approve(escrow, parseEther("3"));
      await escrow.connect(ada).deposit(token, ada, parseEther("3"));
      await escrow.connect(ada).setMarket(market, true);
      const order = await directOrder(system, ada, { requester: ada.address });
      await market.connect(ada).post(order);
      const jobId = jobIdOf(order);
      await market.connect(ada).accept(order);
      await passDeadline(system, jobId);
      const supply = await token.totalSupply();
      const timingOut = market.connect(reporter).timeOut(order);
      await expect(timingOut).to.changeTokenBalances(
        ethers,
        token,
        [ada, reporter, await registry.payoutOf(ada)],
        [0n, BOUNTY, 0n],
      );
      expect(supply - (await token.totalSupply())).to.equal(COLLATERAL - BOUNTY);
    });

    it("SLA-4: slashes nobody when the verifier was stopped", async () => {
      for (const fixture of [drawn, direct]) {
        const job = await networkHelpers.loadFixture(fixture);
        const { system, market, order, jobId, provider } = job;
        const { vault, registry, router, token, actors } = system;
        await market.connect(provider).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
        await router.connect(actors.governance).stop(system.selector);
        await passDeadline(system, jobId);
        const stake = await vault.provisionOf(provider, registry);
        const deposit = await depositOf(system, order);
        const timingOut = market.connect(actors.reporter).timeOut(order);
        await expect(timingOut)
          .to.emit(market, "JobRefunded")
          .withArgs(jobId, order.requester, order.maxPrice);
        await expect(timingOut)
          .to.emit(vault, "StakeUnlocked")
          .withArgs(provider.address, registry.target, market.target, COLLATERAL);
        await expect(timingOut).to.not.emit(market, "ProviderTimedOut");
        await expect(timingOut).to.changeTokenBalances(
          ethers,
          token,
          [vault, actors.reporter, actors.requester],
          [0, 0, 0],
        );
        const after = await vault.provisionOf(provider, registry);
        expect(after.tokens).to.equal(stake.tokens);
        expect(after.exposure).to.equal(0);
        expect((await depositOf(system, order)) - deposit).to.equal(order.maxPrice);
        expect((await market.jobOf(jobId)).state).to.equal(JobState.Refunded);
      }
    });

    it("SLA-4: slashes nobody when the verifier's code was replaced", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(drawn);
      await networkHelpers.setCode(await system.verifier.getAddress(), "0x00");
      await passDeadline(system, jobId);
      const timingOut = market.timeOut(order);
      await expect(timingOut).to.emit(market, "JobRefunded");
      await expect(timingOut).to.not.emit(system.vault, "StakeSlashed");
    });

    it("LIV-1: refunds without a slash when the market may no longer slash", async () => {
      const { system, market, order, jobId, provider } = await networkHelpers.loadFixture(drawn);
      const { registry, vault, actors } = system;
      await registry.connect(actors.governance).setStakeModule(market, false);
      await passDeadline(system, jobId);
      const timingOut = market.timeOut(order);
      await expect(timingOut).to.emit(market, "JobRefunded");
      await expect(timingOut).to.not.emit(vault, "StakeSlashed");
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(0);
    });

    it("SLA-1: still finds the collateral when everything else was slashed away", async () => {
      const job = await networkHelpers.loadFixture(direct);
      const { system, market, order, jobId, provider } = job;
      const { vault, registry, actors } = system;
      // Another module of the registry slashes all that backs no open job.
      const { governance, stranger } = actors;
      await registry.connect(governance).setStakeModule(stranger, true);
      await vault.connect(stranger).slash(registry, provider, 0, parseEther("20000"), []);
      expect((await vault.provisionOf(provider, registry)).tokens).to.equal(COLLATERAL);
      await passDeadline(system, jobId);
      await expectSlash(system, { jobId, order, provider }, actors.reporter, JobState.Assigned);
      expect((await vault.provisionOf(provider, registry)).tokens).to.equal(0);
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Refunded);
    });
  });
});

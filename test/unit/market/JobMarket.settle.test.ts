import { JobState } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import { network } from "hardhat";
import { CAPABILITIES } from "../../helpers/joining.ts";
import {
  ASKS,
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  postProved,
  ROYALTY_PPM,
} from "../../helpers/orders.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const PPM = 1_000_000n;

async function provedJob() {
  const system = await deployMarketplace(chain);
  const order = await directOrder(system, system.actors.ada);
  return { system, market: system.market, order, ...(await postProved(system, order)) };
}

/** The split written out again: royalty down, fee up, burn down. */
function expectedLegs(price: bigint, locked: bigint, burnSharePpm = 400_000n) {
  const publisher = (price * ROYALTY_PPM) / PPM;
  const fee = (price * 50_000n + PPM - 1n) / PPM;
  const burn = (fee * burnSharePpm) / PPM;
  return {
    provider: price - publisher - fee,
    publisher,
    treasury: fee - burn,
    burn,
    refund: locked - price,
  };
}

async function balances(system: Marketplace, token: string, payout: Signer) {
  const { escrow, treasury, burner, actors } = system;
  const earnings = async (owner: string) => (await escrow.accountOf(owner, token)).earnings;
  return {
    provider: await earnings(payout.address),
    publisher: await earnings(actors.royaltyRecipient.address),
    treasury: await earnings(await treasury.getAddress()),
    burn: await earnings(await burner.getAddress()),
    refund: (await escrow.accountOf(actors.requester, token)).deposit,
    locked: await escrow.lockedBy(system.market, token),
  };
}

describe("JobMarket", () => {
  describe("settle", () => {
    it("PAY-2: pays the legs of the agreed price and refunds the rest", async () => {
      const { system, market, order, jobId, provider } =
        await networkHelpers.loadFixture(provedJob);
      const { token, vault, registry, actors } = system;
      const legs = expectedLegs(ASKS.ada, order.maxPrice);
      const before = await balances(system, order.paymentToken, actors.adaPayout);

      const settling = market.connect(actors.stranger).settle(jobId, order);
      await expect(settling)
        .to.emit(market, "JobSettled")
        .withArgs(jobId, provider.address, order.requester, Object.values(legs));
      await expect(settling)
        .to.emit(vault, "StakeUnlocked")
        .withArgs(provider.address, registry.target, market.target, order.collateral);
      await expect(settling).to.changeTokenBalances(
        ethers,
        token,
        [system.escrow, vault, actors.adaPayout, actors.requester],
        [0, 0, 0, 0],
      );

      const after = await balances(system, order.paymentToken, actors.adaPayout);
      for (const leg of ["provider", "publisher", "treasury", "burn", "refund"] as const) {
        expect(after[leg] - before[leg], leg).to.equal(legs[leg]);
      }
      expect(before.locked - after.locked).to.equal(order.maxPrice);
      expect(Object.values(legs).reduce((sum, leg) => sum + leg, 0n)).to.equal(order.maxPrice);
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(0);

      const job = await market.jobOf(jobId);
      expect([job.state, job.deadline, job.provider, job.price]).to.deep.equal([
        BigInt(JobState.Settled),
        0n,
        provider.address,
        ASKS.ada,
      ]);
    });

    it("ends the collateral's life whole: the provider can take all its stake out", async () => {
      const { system, market, order, jobId, provider } =
        await networkHelpers.loadFixture(provedJob);
      const { vault, registry, token } = system;
      await market.settle(jobId, order);
      await vault.connect(provider).thaw(registry, parseEther("20000"));
      await networkHelpers.time.increase(7_200);
      await expect(vault.connect(provider).withdraw(registry)).to.changeTokenBalance(
        ethers,
        token,
        provider,
        parseEther("20000"),
      );
    });

    it("lets payout, publisher, treasury, burner and requester collect what they were paid", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(provedJob);
      const { escrow, token, treasury, burner, actors } = system;
      const legs = expectedLegs(ASKS.ada, order.maxPrice);
      await market.settle(jobId, order);
      await expect(
        escrow.connect(actors.adaPayout).withdrawEarnings(token, actors.adaPayout, legs.provider),
      ).to.changeTokenBalance(ethers, token, actors.adaPayout, legs.provider);
      await expect(
        escrow
          .connect(actors.royaltyRecipient)
          .withdrawEarnings(token, actors.royaltyRecipient, legs.publisher),
      ).to.changeTokenBalance(ethers, token, actors.royaltyRecipient, legs.publisher);
      await expect(treasury.collect(token)).to.changeTokenBalance(
        ethers,
        token,
        treasury,
        // Less what it burns and what rewards the beacon, both rounded down.
        legs.treasury - (legs.treasury * 4n) / 10n - legs.treasury / 10n,
      );
      const supply = await token.totalSupply();
      await burner.burn();
      expect(supply - (await token.totalSupply())).to.equal(legs.burn);
    });

    it("burns nothing of a fee that is not paid in LAT", async () => {
      const { system, market } = await networkHelpers.loadFixture(provedJob);
      const { escrow, actors } = system;
      const { requester } = actors;
      const dollar = await ethers.deployContract("LatticeToken", [requester, parseEther("10")]);
      const paymentToken = await dollar.getAddress();
      await market.connect(actors.governance).setPaymentToken(dollar, true);
      await dollar.connect(requester).approve(escrow, parseEther("10"));
      await escrow.connect(requester).deposit(dollar, requester, parseEther("10"));
      const order = await directOrder(system, actors.ada, { paymentToken });
      const { jobId } = await postProved(system, order);
      const before = await balances(system, paymentToken, actors.adaPayout);
      await market.settle(jobId, order);
      const after = await balances(system, paymentToken, actors.adaPayout);
      const legs = expectedLegs(ASKS.ada, order.maxPrice, 0n);
      expect(after.burn).to.equal(0);
      for (const leg of ["provider", "publisher", "treasury", "refund"] as const) {
        expect(after[leg] - before[leg], leg).to.equal(legs[leg]);
      }
    });

    it("settles a free job: nobody earns, all is refunded", async () => {
      const { system, market } = await networkHelpers.loadFixture(provedJob);
      const { registry, modelVersion, actors, beacon, steered } = system;
      await registry.connect(actors.ada).setOffer(modelVersion, 0);
      await steered?.start(ethers.id("a"), true);
      await steered?.start(ethers.id("b"), true);
      expect(
        await registry.askOf(actors.ada, modelVersion, await beacon.currentEpoch()),
      ).to.deep.equal([true, 0n]);
      const order = await directOrder(system, actors.ada);
      const { jobId, provider } = await postProved(system, order);
      await expect(market.settle(jobId, order))
        .to.emit(market, "JobSettled")
        .withArgs(jobId, provider.address, order.requester, [0, 0, 0, 0, order.maxPrice]);
    });

    it("pays the payout address that counts when it settles", async () => {
      const { system, market, order, jobId, provider } =
        await networkHelpers.loadFixture(provedJob);
      const { registry, escrow, actors } = system;
      await registry
        .connect(provider)
        .update("https://moved.example", actors.stranger, CAPABILITIES);
      await market.settle(jobId, order);
      const { earnings } = await escrow.accountOf(actors.stranger, order.paymentToken);
      expect(earnings).to.equal(expectedLegs(ASKS.ada, order.maxPrice).provider);
    });

    it("LIV-2: works while paused, after the model retired, its verifier stopped and the module was removed", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(provedJob);
      const { models, router, registry, actors } = system;
      await market.connect(actors.guardian).setNewWorkPaused(true);
      await models.connect(actors.publisher).retire(order.modelVersion);
      await router.connect(actors.governance).stop(system.selector);
      await registry.connect(actors.governance).setStakeModule(market, false);
      await networkHelpers.time.increase(365 * 86_400);
      await expect(market.settle(jobId, order)).to.emit(market, "JobSettled");
    });

    it("settles a drawn job at the winner's ask", async () => {
      const { system, market } = await networkHelpers.loadFixture(provedJob);
      const order = await drawOrder(system);
      const { jobId, provider } = await postProved(system, order);
      const { price } = await market.jobOf(jobId);
      await expect(market.settle(jobId, order))
        .to.emit(market, "JobSettled")
        .withArgs(
          jobId,
          provider.address,
          order.requester,
          Object.values(expectedLegs(price, order.maxPrice)),
        );
    });

    it("PAY-1: pays once", async () => {
      const { market, order, jobId } = await networkHelpers.loadFixture(provedJob);
      await market.settle(jobId, order);
      await expect(market.settle(jobId, order))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobId, JobState.Settled);
    });

    it("reverts for another order, so nobody can redirect the refund", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(provedJob);
      const other = { ...order, requester: system.actors.stranger.address };
      await expect(market.settle(jobId, other))
        .to.be.revertedWithCustomError(market, "JobMarketOrderMismatch")
        .withArgs(jobId, await market.hashOrder(order), await market.hashOrder(other));
    });
  });
});

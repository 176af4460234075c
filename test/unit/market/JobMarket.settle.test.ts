import { JobState, jobIdOf } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import { network } from "hardhat";
import { settleWeights } from "../../helpers/epochs.ts";
import { CAPABILITIES } from "../../helpers/joining.ts";
import {
  ASKS,
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  PROOF,
  postProvable,
  ROYALTY_PPM,
} from "../../helpers/orders.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const PPM = 1_000_000n;

/** A job that ada was drawn for, at less than its maximum. */
async function provableJob() {
  const system = await deployMarketplace(chain);
  const { ben, cal } = system.actors;
  for (const other of [ben, cal]) await system.registry.connect(other).setDraining(true);
  await settleWeights(system);
  const order = await drawOrder(system);
  return { system, market: system.market, order, ...(await postProvable(system, order)) };
}

/** The split written out again: royalty down, fee up. */
function expectedLegs(price: bigint, locked: bigint) {
  const publisher = (price * ROYALTY_PPM) / PPM;
  const fee = (price * 50_000n + PPM - 1n) / PPM;
  return {
    provider: price - publisher - fee,
    publisher,
    fee,
    refund: locked - price,
  };
}

async function balances(system: Marketplace, token: string, payout: Signer) {
  const { escrow, treasury, actors } = system;
  const earnings = async (owner: string) => (await escrow.accountOf(owner, token)).earnings;
  return {
    provider: await earnings(payout.address),
    publisher: await earnings(actors.royaltyRecipient.address),
    fee: await earnings(await treasury.getAddress()),
    refund: (await escrow.accountOf(actors.requester, token)).deposit,
    locked: await escrow.lockedBy(system.market, token),
  };
}

describe("JobMarket", () => {
  describe("payment of a proved result", () => {
    it("PAY-2: pays the legs of the agreed price and refunds the rest", async () => {
      const { system, market, order, jobId, provider } =
        await networkHelpers.loadFixture(provableJob);
      const { token, vault, registry, actors } = system;
      const legs = expectedLegs(ASKS.ada, order.maxPrice);
      const before = await balances(system, order.paymentToken, actors.adaPayout);

      const settling = market.connect(actors.stranger).prove(order, PROOF);
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
      for (const leg of ["provider", "publisher", "fee", "refund"] as const) {
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
      const { system, market, order, provider } = await networkHelpers.loadFixture(provableJob);
      const { vault, registry, token } = system;
      await market.prove(order, PROOF);
      await vault.connect(provider).thaw(registry, parseEther("20000"));
      await networkHelpers.time.increase(7_200);
      await expect(vault.connect(provider).withdraw(registry)).to.changeTokenBalance(
        ethers,
        token,
        provider,
        parseEther("20000"),
      );
    });

    it("lets payout, publisher and treasury collect what they were paid", async () => {
      const { system, market, order } = await networkHelpers.loadFixture(provableJob);
      const { escrow, token, treasury, actors } = system;
      const legs = expectedLegs(ASKS.ada, order.maxPrice);
      await market.prove(order, PROOF);
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
        legs.fee - (legs.fee * 4n) / 10n - legs.fee / 10n,
      );
    });

    it("pays in any token that is accepted", async () => {
      const { system, market } = await networkHelpers.loadFixture(provableJob);
      const { escrow, actors } = system;
      const { requester } = actors;
      const dollar = await ethers.deployContract("LatticeToken", [requester, parseEther("10")]);
      const paymentToken = await dollar.getAddress();
      await market.connect(actors.governance).setPaymentToken(dollar, true);
      await dollar.connect(requester).approve(escrow, parseEther("10"));
      await escrow.connect(requester).deposit(dollar, requester, parseEther("10"));
      await system.registry.connect(actors.ada).setOffer(system.modelVersion, dollar, ASKS.ada);
      await settleWeights(system);
      const order = await directOrder(system, actors.ada, { paymentToken });
      await postProvable(system, order);
      const before = await balances(system, paymentToken, actors.adaPayout);
      await market.prove(order, PROOF);
      const after = await balances(system, paymentToken, actors.adaPayout);
      const legs = expectedLegs(ASKS.ada, order.maxPrice);
      for (const leg of ["provider", "publisher", "fee", "refund"] as const) {
        expect(after[leg] - before[leg], leg).to.equal(legs[leg]);
      }
    });

    it("settles a free job: nobody earns, all is refunded", async () => {
      const { system, market } = await networkHelpers.loadFixture(provableJob);
      const { registry, modelVersion, token, actors } = system;
      for (const provider of [actors.ada, actors.ben, actors.cal]) {
        await registry.connect(provider).setOffer(modelVersion, token, 0);
      }
      await settleWeights(system);
      const order = await drawOrder(system);
      const { jobId, provider } = await postProvable(system, order);
      await expect(market.prove(order, PROOF))
        .to.emit(market, "JobSettled")
        .withArgs(jobId, provider.address, order.requester, [0, 0, 0, order.maxPrice]);
    });

    it("pays the payout address that counts when it settles", async () => {
      const { system, market, order, provider } = await networkHelpers.loadFixture(provableJob);
      const { registry, escrow, actors } = system;
      await registry
        .connect(provider)
        .update("https://moved.example", actors.stranger, CAPABILITIES);
      await market.prove(order, PROOF);
      const { earnings } = await escrow.accountOf(actors.stranger, order.paymentToken);
      expect(earnings).to.equal(expectedLegs(ASKS.ada, order.maxPrice).provider);
    });

    it("LIV-2: works while paused, after the model retired and the module was removed", async () => {
      const { system, market, order } = await networkHelpers.loadFixture(provableJob);
      const { models, registry, actors } = system;
      await market.connect(actors.guardian).setNewWorkPaused(true);
      await models.connect(actors.publisher).retire(order.modelVersion);
      await registry.connect(actors.governance).setStakeModule(market, false);
      await expect(market.prove(order, PROOF)).to.emit(market, "JobSettled");
    });

    it("settles a drawn job at the winner's ask", async () => {
      const { system, market } = await networkHelpers.loadFixture(provableJob);
      const order = await drawOrder(system);
      const { jobId, provider } = await postProvable(system, order);
      const { price } = await market.jobOf(jobId);
      await expect(market.prove(order, PROOF))
        .to.emit(market, "JobSettled")
        .withArgs(
          jobId,
          provider.address,
          order.requester,
          Object.values(expectedLegs(price, order.maxPrice)),
        );
    });

    it("PAY-1: pays once", async () => {
      const { market, order, jobId } = await networkHelpers.loadFixture(provableJob);
      await market.prove(order, PROOF);
      await expect(market.prove(order, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobId, JobState.Settled);
    });

    it("reverts for another order, so nobody can redirect the refund", async () => {
      const { system, market, order } = await networkHelpers.loadFixture(provableJob);
      const other = { ...order, requester: system.actors.stranger.address };
      await expect(market.prove(other, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
    });
  });
});

import { AssignmentMode, JobState, jobIdOf, type Order, Tier } from "@lattice/sdk";
import { expect } from "chai";
import { id, parseEther, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  deployMarketplace,
  directOrder,
  drawOrder,
  INPUT_COMMITMENT,
  type Marketplace,
  publishModel,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

async function marketplace() {
  return deployMarketplace(chain);
}

/** Posts the default drawn order with `changes` as its requester, without waiting. */
async function posting(system: Marketplace, changes: Partial<Order>) {
  const order = await drawOrder(system, changes);
  return system.market.connect(system.actors.requester).post(order);
}

describe("JobMarket", () => {
  describe("post", () => {
    it("GOV-2: reverts while new work is paused", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      await system.market.connect(system.actors.guardian).setNewWorkPaused(true);
      await expect(posting(system, {})).to.be.revertedWithCustomError(
        system.market,
        "MarketNewWorkPaused",
      );
    });

    it("reverts for anyone but the requester", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, actors } = system;
      await expect(market.connect(actors.stranger).post(await drawOrder(system)))
        .to.be.revertedWithCustomError(market, "JobMarketNotRequester")
        .withArgs(actors.requester.address, actors.stranger.address);
    });

    it("reverts for a token that is not accepted, or no longer", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, token, actors } = system;
      await expect(posting(system, { paymentToken: actors.stranger.address }))
        .to.be.revertedWithCustomError(market, "MarketTokenNotAllowed")
        .withArgs(actors.stranger.address);
      await market.connect(actors.governance).setPaymentToken(token, false);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(market, "MarketTokenNotAllowed")
        .withArgs(token.target);
    });

    it("reverts for a zero price", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      await expect(posting(system, { maxPrice: 0n })).to.be.revertedWithCustomError(
        system.policy,
        "OrderPolicyZeroPrice",
      );
    });

    it("reverts for an input commitment that is zero or not canonical", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      for (const inputCommitment of [
        ZeroHash,
        toBeHex(SCALAR_FIELD, 32),
        toBeHex(BigInt(INPUT_COMMITMENT) + SCALAR_FIELD, 32),
        toBeHex(2n ** 256n - 1n, 32),
      ]) {
        await expect(posting(system, { inputCommitment }))
          .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidCommitment")
          .withArgs(inputCommitment);
      }
    });

    it("reverts when mode and provider contradict each other", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { ada } = system.actors;
      await expect(posting(system, { provider: ada.address }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidProvider")
        .withArgs(AssignmentMode.Draw, ada.address);
      await expect(posting(system, { mode: AssignmentMode.Direct }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidProvider")
        .withArgs(AssignmentMode.Direct, ZeroAddress);
    });

    it("reverts for collateral below the floor of the tier", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const floor = parseEther("10");
      await expect(posting(system, { collateral: floor - 1n }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyCollateralTooLow")
        .withArgs(floor - 1n, floor);
    });

    it("reverts for windows outside of their bounds", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const windows = [
        ["assignSeconds", 60],
        ["commitSeconds", 30],
        ["proveSeconds", 60],
      ] as const;
      for (const [index, [field, min]] of windows.entries()) {
        for (const given of [0, min - 1, 3_601, 2 ** 32 - 1]) {
          await expect(posting(system, { [field]: given }))
            .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidWindow")
            .withArgs(index + 1, given, min, 3_600);
        }
      }
    });

    it("reverts for a model version that is unknown or retired", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { models, modelVersion, actors } = system;
      const unknown = id("no such model");
      await expect(posting(system, { modelVersion: unknown }))
        .to.be.revertedWithCustomError(models, "ModelRegistryUnknownVersion")
        .withArgs(unknown);
      await models.connect(actors.publisher).retire(modelVersion);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyModelRetired")
        .withArgs(modelVersion);
    });

    it("reverts for a tier that the model version does not support, or the market does not take", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, actors } = system;
      const modelVersion = await publishModel(system, await system.verifier.getAddress(), {
        tiers: 2n,
      });
      await expect(posting(system, { modelVersion }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyTierUnsupported")
        .withArgs(modelVersion, Tier.Zk);
      await expect(posting(system, { tier: Tier.Quorum }))
        .to.be.revertedWithCustomError(market, "MarketTierClosed")
        .withArgs(Tier.Quorum);
      await market.connect(actors.governance).setTier(Tier.Quorum, true);
      await expect(posting(system, { tier: Tier.Quorum }))
        .to.be.revertedWithCustomError(market, "MarketTierClosed")
        .withArgs(Tier.Quorum);
      await market.connect(actors.governance).setTier(Tier.Zk, false);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(market, "MarketTierClosed")
        .withArgs(Tier.Zk);
      expect(await market.isTierOpen(Tier.Zk)).to.equal(false);
    });

    it("reverts from the end of the order's time on", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const validUntil = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(validUntil);
      await expect(posting(system, { validUntil }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyExpired")
        .withArgs(validUntil);
      await networkHelpers.time.increase(5);
      const soon = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(soon - 1);
      await posting(system, { validUntil: soon });
    });

    it("reverts for what other lanes and tiers have", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      await expect(posting(system, { epoch: 5n }))
        .to.be.revertedWithCustomError(system.market, "JobMarketEpochNotUsed")
        .withArgs(5n);
      await expect(posting(system, { redundancy: 3 }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidRedundancy")
        .withArgs(3, 1, 1);
      await expect(posting(system, { bidSeconds: 30 }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidWindow")
        .withArgs(0, 30, 0, 0);
      await expect(posting(system, { challengeSeconds: 60 }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidWindow")
        .withArgs(4, 60, 0, 0);
      await expect(posting(system, { tier: Tier.Optimistic, challengeSeconds: 60 }))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyInvalidWindow")
        .withArgs(3, 300, 0, 0);
    });

    it("reverts when the model's verifier was stopped", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      await system.router.connect(system.actors.governance).stop(system.selector);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(system.policy, "OrderPolicyVerifierStopped")
        .withArgs(system.selector);
      // A provider that is asked by name looks for itself.
      const named = await directOrder(system, system.actors.ada);
      await expect(posting(system, named)).to.emit(system.market, "JobPosted");
    });

    it("PAY-1: takes an order once, also after it ended", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, actors } = system;
      const order = await drawOrder(system);
      const asRequester = market.connect(actors.requester);
      await asRequester.post(order);
      await expect(asRequester.post(order))
        .to.be.revertedWithCustomError(market, "JobMarketAlreadyPosted")
        .withArgs(jobIdOf(order), JobState.Posted);
      await asRequester.cancel(order);
      await expect(asRequester.post(order))
        .to.be.revertedWithCustomError(market, "JobMarketAlreadyPosted")
        .withArgs(jobIdOf(order), JobState.Refunded);
    });

    it("PAY-4: reverts whole when the deposit is too small or the market not allowed", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { escrow, market, token, actors } = system;
      const { requester } = actors;
      const { deposit } = await escrow.accountOf(requester, token);
      await expect(posting(system, { maxPrice: deposit + 1n }))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientDeposit")
        .withArgs(requester.address, token.target, deposit, deposit + 1n);
      await escrow.connect(requester).setMarket(market, false);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowMarketNotAllowed")
        .withArgs(requester.address, market.target);
      expect(await escrow.lockedBy(market, token)).to.equal(0);
      expect((await escrow.accountOf(requester, token)).deposit).to.equal(deposit);
    });
  });
});

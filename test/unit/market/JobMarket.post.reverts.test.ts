import { AssignmentMode, type Order, Tier } from "@lattice/sdk";
import { expect } from "chai";
import { concat, id, keccak256, parseEther, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  deployMarketplace,
  drawOrder,
  INPUT_COMMITMENT,
  type Marketplace,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
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
        "JobMarketNewWorkPaused",
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
        .to.be.revertedWithCustomError(market, "JobMarketTokenNotAllowed")
        .withArgs(actors.stranger.address);
      await market.connect(actors.governance).setPaymentToken(token, false);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(market, "JobMarketTokenNotAllowed")
        .withArgs(token.target);
    });

    it("reverts for a zero price", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      await expect(posting(system, { maxPrice: 0n })).to.be.revertedWithCustomError(
        system.market,
        "JobMarketZeroPrice",
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
          .to.be.revertedWithCustomError(system.market, "JobMarketInvalidCommitment")
          .withArgs(inputCommitment);
      }
    });

    it("reverts when mode and provider contradict each other", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { ada } = system.actors;
      await expect(posting(system, { provider: ada.address }))
        .to.be.revertedWithCustomError(system.market, "JobMarketInvalidProvider")
        .withArgs(AssignmentMode.Draw, ada.address);
      await expect(posting(system, { mode: AssignmentMode.Direct }))
        .to.be.revertedWithCustomError(system.market, "JobMarketInvalidProvider")
        .withArgs(AssignmentMode.Direct, ZeroAddress);
    });

    it("reverts for collateral below the floor of the tier", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const floor = parseEther("10");
      await expect(posting(system, { collateral: floor - 1n }))
        .to.be.revertedWithCustomError(system.market, "JobMarketCollateralTooLow")
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
            .to.be.revertedWithCustomError(system.market, "JobMarketInvalidWindow")
            .withArgs(index, given, min, 3_600);
        }
      }
    });

    it("reverts for a model version that is unknown or retired", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { models, market, modelVersion, actors } = system;
      const unknown = id("no such model");
      await expect(posting(system, { modelVersion: unknown }))
        .to.be.revertedWithCustomError(models, "ModelRegistryUnknownVersion")
        .withArgs(unknown);
      await models.connect(actors.publisher).retire(modelVersion);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(market, "JobMarketModelRetired")
        .withArgs(modelVersion);
    });

    it("reverts for a tier that the model version does not support", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { models, market, modelVersion } = system;
      // The registry publishes no version without tier Zk as long as there is no other; its storage can say so.
      const records = "0x14e7322284f6a5d824cda58b78ea301e0cc80a78c82df486496950d804703200";
      const slot = keccak256(concat([modelVersion, records]));
      const tierBits = 0xffn << 224n;
      const terms = BigInt(await ethers.provider.getStorage(models, slot));
      await networkHelpers.setStorageAt(
        await models.getAddress(),
        slot,
        (terms & ~tierBits) | (2n << 224n),
      );
      expect((await models.termsOf(modelVersion)).tiers).to.equal(2);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(market, "JobMarketTierUnsupported")
        .withArgs(modelVersion, Tier.Zk);
    });

    it("reverts when the model's verifier was stopped", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      await system.router.connect(system.actors.governance).stop(system.selector);
      await expect(posting(system, {}))
        .to.be.revertedWithCustomError(system.market, "JobMarketVerifierStopped")
        .withArgs(system.selector);
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
      expect(await market.jobCount()).to.equal(0);
      expect((await escrow.accountOf(requester, token)).deposit).to.equal(deposit);
    });
  });
});

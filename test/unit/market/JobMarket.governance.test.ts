import { expect } from "chai";
import { network } from "hardhat";

import { deploySystem } from "../../helpers/system.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

async function system() {
  return deploySystem(chain, { beacon: "steered" });
}

describe("JobMarket", () => {
  describe("initialize", () => {
    it("runs once, and never on an implementation", async () => {
      const { market, manager } = await networkHelpers.loadFixture(system);
      await expect(market.initialize(manager)).to.be.revertedWithCustomError(
        market,
        "InvalidInitialization",
      );
      const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
      const word = await ethers.provider.getStorage(market, slot);
      const implementation = market.attach(ethers.dataSlice(word, 12)) as typeof market;
      await expect(implementation.initialize(manager)).to.be.revertedWithCustomError(
        market,
        "InvalidInitialization",
      );
    });
  });

  describe("setPaymentToken", () => {
    it("accepts and refuses tokens for new orders", async () => {
      const { market, actors } = await networkHelpers.loadFixture(system);
      const token = actors.stranger.address;
      expect(await market.isPaymentTokenAllowed(token)).to.equal(false);
      for (const allowed of [true, false]) {
        await expect(market.connect(actors.governance).setPaymentToken(token, allowed))
          .to.emit(market, "PaymentTokenSet")
          .withArgs(token, allowed);
        expect(await market.isPaymentTokenAllowed(token)).to.equal(allowed);
      }
    });

    it("GOV-1: answers to the timelock only", async () => {
      const { market, actors } = await networkHelpers.loadFixture(system);
      for (const caller of [actors.guardian, actors.deployer, actors.stranger]) {
        await expect(market.connect(caller).setPaymentToken(caller, true))
          .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });
  });

  describe("setNewWorkPaused", () => {
    it("answers to the guardian and the timelock", async () => {
      const { market, actors } = await networkHelpers.loadFixture(system);
      for (const caller of [actors.guardian, actors.governance]) {
        for (const paused of [true, false]) {
          await expect(market.connect(caller).setNewWorkPaused(paused))
            .to.emit(market, "NewWorkPaused")
            .withArgs(paused);
          expect(await market.isNewWorkPaused()).to.equal(paused);
        }
      }
    });

    it("reverts for everyone else", async () => {
      const { market, actors } = await networkHelpers.loadFixture(system);
      for (const caller of [actors.deployer, actors.publisher, actors.stranger]) {
        await expect(market.connect(caller).setNewWorkPaused(true))
          .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });
  });

  describe("upgrades", () => {
    it("GOV-2: are the timelock's alone, not the guardian's, and keep the state", async () => {
      const { market, token, actors, peers, disputes } = await networkHelpers.loadFixture(system);
      const next = await ethers.deployContract("JobMarket", [peers, disputes]);
      for (const caller of [actors.guardian, actors.deployer]) {
        await expect(market.connect(caller).upgradeToAndCall(next, "0x"))
          .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
      await expect(market.connect(actors.governance).upgradeToAndCall(next, "0x"))
        .to.emit(market, "Upgraded")
        .withArgs(next);
      expect(await market.isPaymentTokenAllowed(token)).to.equal(true);
    });
  });
});

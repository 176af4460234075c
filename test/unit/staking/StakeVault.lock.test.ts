import { expect } from "chai";
import { network } from "hardhat";
import { LAT } from "../../helpers/custody.ts";
import { deployService, PROVISIONED } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployService(ethers);
}

async function deployLocked() {
  const fixture = await deployService(ethers);
  await fixture.vault.connect(fixture.market).lock(fixture.service, fixture.provider, 300n * LAT);
  return fixture;
}

describe("StakeVault", () => {
  describe("setModule", () => {
    it("allows and forbids a module of the calling service only", async () => {
      const { vault, service, outsider } = await networkHelpers.loadFixture(deploy);
      await expect(service.setModule(outsider, true))
        .to.emit(vault, "StakeModuleSet")
        .withArgs(service, outsider, true);
      expect(await vault.isModule(service, outsider)).to.equal(true);
      await expect(service.setModule(outsider, false))
        .to.emit(vault, "StakeModuleSet")
        .withArgs(service, outsider, false);
      expect(await vault.isModule(service, outsider)).to.equal(false);

      await vault.connect(outsider).setModule(outsider, true);
      expect(await vault.isModule(service, outsider)).to.equal(false);
      expect(await vault.isModule(outsider, outsider)).to.equal(true);
    });
  });

  describe("lock", () => {
    it("takes free stake as collateral and moves no LAT", async () => {
      const { vault, lat, service, provider, market } = await networkHelpers.loadFixture(deploy);
      const locking = vault.connect(market).lock(service, provider, 300n * LAT);
      await expect(locking)
        .to.emit(vault, "StakeLocked")
        .withArgs(provider, service, market, 300n * LAT);
      await expect(locking).to.changeTokenBalances(ethers, lat, [provider, vault], [0n, 0n]);
      expect(await vault.lockedBy(provider, service, market)).to.equal(300n * LAT);
      expect(await vault.freeStake(provider, service)).to.equal(700n * LAT);
      const provision = [PROVISIONED, 300n * LAT, 0n, 0n];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(provision);
    });

    it("counts each module apart and exposure in sum", async () => {
      const { vault, service, provider, market, beacon } =
        await networkHelpers.loadFixture(deployLocked);
      await vault.connect(beacon).lock(service, provider, 50n * LAT);
      await vault.connect(market).lock(service, provider, 1n * LAT);
      expect(await vault.lockedBy(provider, service, market)).to.equal(301n * LAT);
      expect(await vault.lockedBy(provider, service, beacon)).to.equal(50n * LAT);
      expect((await vault.provisionOf(provider, service)).exposure).to.equal(351n * LAT);
    });

    it("reverts when the caller is not a module", async () => {
      const { vault, service, provider, outsider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(outsider).lock(service, provider, 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultNotModule")
        .withArgs(service, outsider);
    });

    it("reverts when the amount is zero", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(market).lock(service, provider, 0n))
        .to.be.revertedWithCustomError(vault, "StakeVaultZeroAmount")
        .withArgs();
    });

    it("EXP-2: reverts when less is free, thawing stake not counted", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deployLocked);
      await vault.connect(provider).thaw(service, 600n * LAT);
      await expect(vault.connect(market).lock(service, provider, 100n * LAT + 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientFree")
        .withArgs(provider, service, 100n * LAT, 100n * LAT + 1n);
      await vault.connect(market).lock(service, provider, 100n * LAT);
      expect(await vault.freeStake(provider, service)).to.equal(0n);
    });
  });

  describe("unlock", () => {
    it("frees collateral", async () => {
      const { vault, lat, service, provider, market } =
        await networkHelpers.loadFixture(deployLocked);
      const unlocking = vault.connect(market).unlock(service, provider, 100n * LAT);
      await expect(unlocking)
        .to.emit(vault, "StakeUnlocked")
        .withArgs(provider, service, market, 100n * LAT);
      await expect(unlocking).to.changeTokenBalances(ethers, lat, [provider, vault], [0n, 0n]);
      expect(await vault.lockedBy(provider, service, market)).to.equal(200n * LAT);
      expect(await vault.freeStake(provider, service)).to.equal(800n * LAT);
    });

    it("LIV-2: works for a module that lost its rights, so that no stake is trapped", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deployLocked);
      await service.setModule(market, false);
      await vault.connect(market).unlock(service, provider, 300n * LAT);
      expect(await vault.freeStake(provider, service)).to.equal(PROVISIONED);
      await expect(vault.connect(market).lock(service, provider, 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultNotModule")
        .withArgs(service, market);
    });

    it("reverts when the amount is zero", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deployLocked);
      await expect(vault.connect(market).unlock(service, provider, 0n))
        .to.be.revertedWithCustomError(vault, "StakeVaultZeroAmount")
        .withArgs();
    });

    it("reverts when the module itself locked less", async () => {
      const { vault, service, provider, beacon, outsider } =
        await networkHelpers.loadFixture(deployLocked);
      await vault.connect(beacon).lock(service, provider, 20n * LAT);
      await expect(vault.connect(beacon).unlock(service, provider, 20n * LAT + 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientLocked")
        .withArgs(provider, service, 20n * LAT, 20n * LAT + 1n);
      await expect(vault.connect(outsider).unlock(service, provider, 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientLocked")
        .withArgs(provider, service, 0n, 1n);
    });
  });
});

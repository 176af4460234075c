import { expect } from "chai";
import { network } from "hardhat";
import { LAT } from "../../helpers/custody.ts";
import { deployDelegated, deployService, PROVISIONED, SHARES } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployService(ethers);
}

async function deployWithPool() {
  return deployDelegated(ethers);
}

/** The market has seized 100 LAT. */
async function deploySeized() {
  const fixture = await deployService(ethers);
  const { vault, market, service, provider } = fixture;
  await vault.connect(market).seize(service, provider, 100n * LAT);
  return fixture;
}

describe("StakeVault", () => {
  describe("seize", () => {
    it("SOL-2: takes the stake, keeps it in the vault, and does not tell the service", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      const seizing = f.vault.connect(f.market).seize(f.service, f.provider, 100n * LAT);
      await expect(seizing)
        .to.emit(f.vault, "StakeSeized")
        .withArgs(f.provider, f.service, f.market, 100n * LAT, 100n * LAT);
      await expect(seizing).not.to.emit(f.service, "HookCalled");
      await expect(seizing).to.changeTokenBalance(ethers, f.lat, f.vault, 0n);
      expect(await f.vault.provisionOf(f.provider, f.service)).to.deep.equal([
        PROVISIONED - 100n * LAT,
        0n,
        0n,
        0n,
      ]);
      expect(await f.vault.seizedBy(f.service, f.market)).to.deep.equal([100n * LAT, 0n]);
      expect(await f.vault.seizedBy(f.service, f.beacon)).to.deep.equal([0n, 0n]);
    });

    it("needs no gas for the hook", async () => {
      const { vault, market, service, provider } = await networkHelpers.loadFixture(deploy);
      await expect(
        vault.connect(market).seize(service, provider, 1n * LAT, { gasLimit: 200_000n }),
      ).to.emit(vault, "StakeSeized");
    });

    it("returns what was taken, and adds up what a module holds", async () => {
      const { vault, market, service, provider } = await networkHelpers.loadFixture(deploySeized);
      const { seize } = vault.connect(market);
      expect(await seize.staticCall(service, provider, 7n)).to.deep.equal([7n, 7n]);
      await seize(service, provider, 7n);
      expect(await vault.seizedBy(service, market)).to.deep.equal([100n * LAT + 7n, 0n]);
    });

    it("SLA-1, EXP-2: takes no more than is there, and spares what open jobs have locked", async () => {
      const { vault, market, beacon, service, provider } =
        await networkHelpers.loadFixture(deploySeized);
      await vault.connect(beacon).lock(service, provider, 850n * LAT);
      await expect(vault.connect(market).seize(service, provider, 500n * LAT))
        .to.emit(vault, "StakeSeized")
        .withArgs(provider, service, market, 50n * LAT, 50n * LAT);
      expect((await vault.provisionOf(provider, service)).tokens).to.equal(850n * LAT);
    });

    it("reaches stake that thaws, last, and no withdrawal brings it back", async () => {
      const { vault, lat, market, service, provider } =
        await networkHelpers.loadFixture(deploySeized);
      await vault.connect(provider).thaw(service, 900n * LAT);
      await networkHelpers.time.increase(100_000);
      await vault.connect(market).seize(service, provider, 300n * LAT);
      const { thawingUntil } = await vault.provisionOf(provider, service);
      const left = [600n * LAT, 0n, thawingUntil, 600n * LAT];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(left);
      await expect(vault.connect(provider).withdraw(service)).to.changeTokenBalances(
        ethers,
        lat,
        [provider, vault],
        [600n * LAT, -600n * LAT],
      );
      await expect(vault.connect(provider).withdraw(service))
        .to.be.revertedWithCustomError(vault, "StakeVaultNothingToWithdraw")
        .withArgs(provider, service);
      expect(await lat.balanceOf(vault)).to.equal(400n * LAT);
      expect(await vault.seizedBy(service, market)).to.deep.equal([400n * LAT, 0n]);
    });

    it("SLA-2: takes from provider and pool pro rata, in the pool's favour", async () => {
      const f = await networkHelpers.loadFixture(deployWithPool);
      const seizing = f.vault.connect(f.market).seize(f.service, f.provider, 250n * LAT);
      await expect(seizing)
        .to.emit(f.vault, "StakeSeized")
        .withArgs(f.provider, f.service, f.market, 250n * LAT, 100n * LAT);
      await expect(seizing)
        .to.emit(f.vault, "DelegationSlashed")
        .withArgs(f.provider, f.service, 150n * LAT);
      expect(await f.vault.seizedBy(f.service, f.market)).to.deep.equal([100n * LAT, 150n * LAT]);
      await f.vault.connect(f.market).seize(f.service, f.provider, 1n);
      expect(await f.vault.seizedBy(f.service, f.market)).to.deep.equal([
        100n * LAT + 1n,
        150n * LAT,
      ]);
      // Who leaves before it is disbursed has lost its part all the same.
      await f.vault.connect(f.emil).undelegate(f.provider, f.service, 300n * SHARES);
      await networkHelpers.time.increase(7_200);
      await expect(
        f.vault.connect(f.emil).withdrawDelegated(f.provider, f.service),
      ).to.changeTokenBalance(ethers, f.lat, f.emil, 270n * LAT);
    });

    it("records a fault even when nothing is left to take", async () => {
      const { vault, market, service, outsider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(market).seize(service, outsider, 5n))
        .to.emit(vault, "StakeSeized")
        .withArgs(outsider, service, market, 0n, 0n);
    });

    it("reverts when the caller is not, or no longer, a module", async () => {
      const { vault, market, service, provider, outsider } =
        await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(outsider).seize(service, provider, 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultNotModule")
        .withArgs(service, outsider);
      await service.setModule(market, false);
      await expect(vault.connect(market).seize(service, provider, 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultNotModule")
        .withArgs(service, market);
    });
  });
});

import { expect } from "chai";
import { network } from "hardhat";
import { LAT, SUPPLY } from "../../helpers/custody.ts";
import { deployService, PROVISIONED } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployService(ethers);
}

describe("StakeVault", () => {
  describe("constructor", () => {
    it("fixes the token and the parameters", async () => {
      const { vault, lat, parameters } = await networkHelpers.loadFixture(deploy);
      expect(await vault.LAT()).to.equal(lat);
      expect(await vault.PARAMETERS()).to.equal(parameters);
    });
  });

  describe("provision", () => {
    it("moves LAT into the provision and tells the service", async () => {
      const { vault, lat, service, provider } = await networkHelpers.loadFixture(deploy);
      const provisioning = vault.connect(provider).provision(service, 5n * LAT);
      await expect(provisioning)
        .to.emit(vault, "StakeProvisioned")
        .withArgs(provider, service, 5n * LAT);
      await expect(provisioning).to.emit(service, "HookCalled");
      await expect(provisioning).to.changeTokenBalances(
        ethers,
        lat,
        [provider, vault],
        [-5n * LAT, 5n * LAT],
      );
      expect(await vault.provisionOf(provider, service)).to.deep.equal([
        PROVISIONED + 5n * LAT,
        0n,
        0n,
        0n,
      ]);
      expect(await vault.freeStake(provider, service)).to.equal(PROVISIONED + 5n * LAT);
    });

    it("keeps services and providers apart", async () => {
      const { vault, lat, service, provider, outsider } = await networkHelpers.loadFixture(deploy);
      const other = await ethers.deployContract("StakeServiceProbe", [vault]);
      await vault.connect(provider).provision(other, 1n * LAT);
      await lat.connect(provider).transfer(outsider, 2n * LAT);
      await lat.connect(outsider).approve(vault, 2n * LAT);
      await vault.connect(outsider).provision(service, 2n * LAT);
      expect(await vault.freeStake(provider, service)).to.equal(PROVISIONED);
      expect(await vault.freeStake(provider, other)).to.equal(1n * LAT);
      expect(await vault.freeStake(outsider, service)).to.equal(2n * LAT);
    });

    it("reverts when the amount is zero", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(provider).provision(service, 0n))
        .to.be.revertedWithCustomError(vault, "StakeVaultZeroAmount")
        .withArgs();
    });

    it("reverts when the service is not a contract", async () => {
      const { vault, provider, outsider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(provider).provision(outsider, 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultServiceNotContract")
        .withArgs(outsider);
    });

    it("reverts when LAT is not approved, and then holds nothing more", async () => {
      const { vault, lat, service, outsider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(outsider).provision(service, 1n))
        .to.be.revertedWithCustomError(lat, "ERC20InsufficientAllowance")
        .withArgs(vault, 0n, 1n);
      expect(await lat.balanceOf(vault)).to.equal(PROVISIONED);
    });

    it("reverts when the provider holds less", async () => {
      const { vault, lat, service, provider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(provider).provision(service, SUPPLY))
        .to.be.revertedWithCustomError(lat, "ERC20InsufficientBalance")
        .withArgs(provider, SUPPLY - PROVISIONED, SUPPLY);
    });
  });
});

import { expect } from "chai";
import { network } from "hardhat";
import { deployProxy } from "../../helpers/contracts.ts";
import { deployProviders, join, LEADER_POOL } from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  return base;
}

describe("ProviderRegistry: governance", () => {
  describe("setStakeModule", () => {
    it("allows and forbids a module of the vault", async () => {
      const { registry, vault, reporter } = await networkHelpers.loadFixture(withAlice);
      for (const allowed of [true, false]) {
        await expect(registry.setStakeModule(reporter, allowed))
          .to.emit(vault, "StakeModuleSet")
          .withArgs(registry, reporter, allowed);
        expect(await vault.isModule(registry, reporter)).to.equal(allowed);
      }
    });

    it("reverts when the caller has no role", async () => {
      const { registry, stranger } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.connect(stranger).setStakeModule(stranger, true))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(stranger);
    });
  });

  describe("connectBeacon", () => {
    async function unconnected() {
      const base = await deployProviders(ethers);
      const { manager, parameters, vault, delegationPayout } = base;
      const implementation = await ethers.deployContract("ProviderRegistry", [
        vault,
        parameters,
        delegationPayout,
      ]);
      const fresh = await deployProxy(ethers, implementation, [await manager.getAddress()]);
      return { ...base, fresh };
    }

    it("connects once", async () => {
      const { fresh, beacon } = await networkHelpers.loadFixture(unconnected);
      expect(await fresh.beacon()).to.equal(ethers.ZeroAddress);
      await expect(fresh.connectBeacon(beacon)).to.emit(fresh, "BeaconConnected").withArgs(beacon);
      expect(await fresh.beacon()).to.equal(await beacon.getAddress());
      await expect(fresh.connectBeacon(beacon))
        .to.be.revertedWithCustomError(fresh, "ProviderRegistryBeaconAlreadyConnected")
        .withArgs(beacon);
    });

    it("counts the epoch as 0 before", async () => {
      const base = await networkHelpers.loadFixture(unconnected);
      await expect(join({ ...base, registry: base.fresh }, base.alice, 1_000n))
        .to.emit(base.fresh, "WeightChanged")
        .withArgs(base.alice, LEADER_POOL, 1_000n, 2n);
    });

    it("reverts when the address is no beacon, or the caller has no role", async () => {
      const { fresh, beacon, vault, stranger } = await networkHelpers.loadFixture(unconnected);
      await expect(fresh.connectBeacon(stranger)).to.be.revertedWithoutReason(ethers);
      await expect(fresh.connectBeacon(vault)).to.be.revertedWithoutReason(ethers);
      expect(await fresh.beacon()).to.equal(ethers.ZeroAddress);
      await expect(fresh.connect(stranger).connectBeacon(beacon))
        .to.be.revertedWithCustomError(fresh, "AccessManagedUnauthorized")
        .withArgs(stranger);
    });
  });

  describe("upgrades", () => {
    it("UPG-2: profile and weight survive", async () => {
      const { registry, alice, vault, parameters, delegationPayout } =
        await networkHelpers.loadFixture(withAlice);
      const before = await registry.providerOf(alice);
      const next = await ethers.deployContract("ProviderRegistry", [
        vault,
        parameters,
        delegationPayout,
      ]);
      await expect(registry.upgradeToAndCall(next, "0x"))
        .to.emit(registry, "Upgraded")
        .withArgs(next);
      expect(await registry.providerOf(alice)).to.deep.equal(before);
      expect(await registry.weightOf(alice, LEADER_POOL, 2)).to.equal(5_000n);
    });

    it("GOV-1: reverts when the caller has no role", async () => {
      const { registry, vault, parameters, delegationPayout, stranger } =
        await networkHelpers.loadFixture(withAlice);
      const next = await ethers.deployContract("ProviderRegistry", [
        vault,
        parameters,
        delegationPayout,
      ]);
      await expect(registry.connect(stranger).upgradeToAndCall(next, "0x"))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(stranger);
    });

    it("initialises once, and never the implementation", async () => {
      const { registry, manager, vault, parameters, delegationPayout } =
        await networkHelpers.loadFixture(withAlice);
      await expect(registry.initialize(manager)).to.be.revertedWithCustomError(
        registry,
        "InvalidInitialization",
      );
      const bare = await ethers.deployContract("ProviderRegistry", [
        vault,
        parameters,
        delegationPayout,
      ]);
      await expect(bare.initialize(manager)).to.be.revertedWithCustomError(
        bare,
        "InvalidInitialization",
      );
    });
  });
});

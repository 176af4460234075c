import { expect } from "chai";
import { network } from "hardhat";
import { advance, deployProviders, join, LEADER_POOL } from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n, base.payout);
  return base;
}

describe("ProviderRegistry: availability", () => {
  describe("setDraining", () => {
    it("ends new work at once and the weight two epochs later, and resumes", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { registry, alice } = base;
      await advance(base, networkHelpers, 2);
      await expect(registry.connect(alice).setDraining(true))
        .to.emit(registry, "ProviderDrainSet")
        .withArgs(alice, true)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 0n, 4n);
      expect(await registry.isAvailable(alice)).to.equal(false);
      expect(await registry.weightOf(alice, LEADER_POOL, 3)).to.equal(5_000n);
      expect(await registry.weightOf(alice, LEADER_POOL, 4)).to.equal(0n);

      await expect(registry.connect(alice).setDraining(false))
        .to.emit(registry, "ProviderDrainSet")
        .withArgs(alice, false)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 5_000n, 4n);
      expect(await registry.isAvailable(alice)).to.equal(true);
    });

    it("reverts when the caller is not registered", async () => {
      const { registry, bob } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.connect(bob).setDraining(true))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNotRegistered")
        .withArgs(bob);
    });
  });

  describe("setJailed", () => {
    it("takes a provider out of new work until it is freed", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.setJailed(alice, true))
        .to.emit(registry, "ProviderJailSet")
        .withArgs(alice, true)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 0n, 2n);
      expect(await registry.isAvailable(alice)).to.equal(false);
      expect((await registry.providerOf(alice)).jailed).to.equal(true);
      // What the provider does itself does not free it.
      await registry.connect(alice).setDraining(false);
      expect(await registry.isAvailable(alice)).to.equal(false);
      expect(await registry.weightOf(alice, LEADER_POOL, 2)).to.equal(0n);

      await expect(registry.setJailed(alice, false))
        .to.emit(registry, "ProviderJailSet")
        .withArgs(alice, false);
      expect(await registry.isAvailable(alice)).to.equal(true);
      expect(await registry.weightOf(alice, LEADER_POOL, 2)).to.equal(5_000n);
    });

    it("reverts when the caller has no role, or the provider is not registered", async () => {
      const { registry, alice, bob, stranger } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.connect(stranger).setJailed(alice, true))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(stranger);
      await expect(registry.setJailed(bob, true))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNotRegistered")
        .withArgs(bob);
    });
  });
});

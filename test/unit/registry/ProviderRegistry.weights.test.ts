import { parameterIndex, poolOf } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { itMeasuresGas } from "../../helpers/gas.ts";
import {
  advance,
  deployProviders,
  join,
  LEADER_POOL,
  pretendMembers,
  registration,
  stake,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const MODEL = ethers.id("model");
const lat = ethers.parseEther;

async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  return base;
}

async function withThree() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  await join(base, base.bob, 3_000n);
  await join(base, base.carol, 2_000n);
  await advance(base, networkHelpers, 3);
  return base;
}

describe("ProviderRegistry: weights", () => {
  describe("amount", () => {
    it("is the provision in whole LAT, rounded down, up to the cap", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { registry, vault, lat: token, alice } = base;
      await token.transfer(alice, lat("200000"));
      await token.connect(alice).approve(vault, lat("200000"));
      await expect(vault.connect(alice).provision(registry, lat("1.999")))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 5_001n, 2n);
      // Less than one whole LAT more changes nothing.
      await expect(vault.connect(alice).provision(registry, 1n)).not.to.emit(
        registry,
        "WeightChanged",
      );
      await vault.connect(alice).provision(registry, lat("150000"));
      expect(await registry.weightOf(alice, LEADER_POOL, 2)).to.equal(100_000n);
    });

    it("leaves out thawing stake at once, and takes it back when the thaw is cancelled", async () => {
      const { registry, vault, alice } = await networkHelpers.loadFixture(withAlice);
      await expect(vault.connect(alice).thaw(registry, lat("1500")))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 3_500n, 2n)
        .and.not.to.emit(vault, "StakeHookFailed");
      await expect(vault.connect(alice).cancelThaw(registry, lat("500")))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 4_000n, 2n);
    });

    it("is zero below the least provision, and follows a slash", async () => {
      const { registry, vault, alice, reporter } = await networkHelpers.loadFixture(withAlice);
      await registry.setStakeModule(reporter, true);
      await expect(vault.connect(reporter).slash(registry, alice, 0, lat("4000"), []))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 1_000n, 2n);
      await expect(vault.connect(reporter).slash(registry, alice, 0, 1n, []))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 0n, 2n)
        .and.not.to.emit(vault, "StakeHookFailed");
    });

    it("is zero for who never joined the pool", async () => {
      const { registry, bob } = await networkHelpers.loadFixture(withAlice);
      expect(await registry.weightOf(bob, LEADER_POOL, 2)).to.equal(0n);
    });
  });

  describe("syncWeight", () => {
    it("makes changed parameters count in all pools, whoever calls", async () => {
      const { registry, parameters, alice, stranger } = await networkHelpers.loadFixture(withAlice);
      await registry.connect(alice).setOffer(MODEL, ethers.ZeroAddress, 1n);
      await parameters.set(parameterIndex("WeightCap"), lat("4200"));
      await expect(registry.connect(stranger).syncWeight(alice))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 4_200n, 2n)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, poolOf(MODEL, ethers.ZeroAddress), 4_200n, 2n);
      await parameters.set(parameterIndex("MinProvision"), lat("5001"));
      await registry.syncWeight(alice);
      expect(await registry.totalWeight(LEADER_POOL, 2)).to.equal(0n);
    });

    it("reverts when the provider is not registered", async () => {
      const { registry, bob } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.syncWeight(bob))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNotRegistered")
        .withArgs(bob);
    });
  });

  describe("onProvisionChanged", () => {
    it("ignores who is not registered, and tells nothing new to anyone else", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { registry, vault, alice, bob, stranger } = base;
      await expect(stake(base, bob, 10n)).not.to.emit(vault, "StakeHookFailed");
      await registry.connect(stranger).onProvisionChanged(bob);
      await expect(registry.connect(stranger).onProvisionChanged(alice)).not.to.emit(
        registry,
        "WeightChanged",
      );
      expect(await registry.totalWeight(LEADER_POOL, 2)).to.equal(5_000n);
    });

    itMeasuresGas(
      "fits the vault's gas with nine pools of 65 536 members, each node of the path written",
      async () => {
        const base = await networkHelpers.loadFixture(withAlice);
        const { registry, vault, parameters, bob } = base;
        await advance(base, networkHelpers, 2);
        const models = Array.from({ length: 8 }, (_, i) => ethers.id(`model ${i}`));
        const pools = models.map((model) => poolOf(model, ethers.ZeroAddress));
        // Bob gets the last leaf of trees of depth 16.
        for (const pool of [LEADER_POOL, ...pools]) {
          await pretendMembers(networkHelpers, registry, pool, { leafCount: 65_535n, depth: 16n });
        }
        await join(base, bob, 60_000n);
        for (const model of models)
          await registry.connect(bob).setOffer(model, ethers.ZeroAddress, 1n);
        await advance(base, networkHelpers, 1);

        await parameters.set(parameterIndex("WeightCap"), lat("50000"));
        const sync = await registry.onProvisionChanged(bob);
        const hookGas = ((await sync.wait())?.gasUsed ?? 0n) - 21_000n;
        expect(hookGas).to.be.lessThan(1_250_000n);
        expect(hookGas).to.be.lessThan((await vault.HOOK_GAS()) - 100_000n);

        await advance(base, networkHelpers, 1);
        const thaw = await vault.connect(bob).thaw(registry, lat("40000"));
        await expect(thaw).not.to.emit(vault, "StakeHookFailed");
        for (const pool of [LEADER_POOL, ...pools]) {
          await expect(thaw).to.emit(registry, "WeightChanged").withArgs(bob, pool, 20_000n, 6n);
        }
        await stake(base, base.carol, 1_000n);
        await expect(
          registry.connect(base.carol).register(...(await registration(base, base.carol))),
        )
          .to.be.revertedWithCustomError(registry, "SumTreeFull")
          .withArgs(65_536n);
      },
    );
  });

  describe("delay", () => {
    it("RND-1: stake added after a seed is known changes neither its draws nor the next ones", async () => {
      const base = await networkHelpers.loadFixture(withThree);
      const { registry, beacon, bob } = base;
      const epoch = await beacon.currentEpoch();
      const { seed } = await beacon.epochInfo(epoch);
      const draws = async (from: bigint) =>
        Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            registry.draw(LEADER_POOL, from, BigInt(ethers.id(`${seed} ${i}`))),
          ),
        );
      const leader = await beacon.leaderOf(0);
      const [now, next] = [await draws(epoch), await draws(epoch + 1n)];

      await expect(stake(base, bob, 90_000n))
        .to.emit(registry, "WeightChanged")
        .withArgs(bob, LEADER_POOL, 93_000n, epoch + 2n);
      expect(await draws(epoch)).to.deep.equal(now);
      expect(await draws(epoch + 1n)).to.deep.equal(next);
      expect(await beacon.leaderOf(0)).to.equal(leader);
      expect(await draws(epoch + 2n)).not.to.deep.equal(next);

      // When the next epoch has begun its draws are still those that were fixed before its seed.
      await advance(base, networkHelpers);
      expect(await draws(epoch + 1n)).to.deep.equal(next);
      expect(await draws(epoch)).to.deep.equal(now);
      expect(await registry.weightOf(bob, LEADER_POOL, epoch + 1n)).to.equal(3_000n);
      expect(await registry.weightOf(bob, LEADER_POOL, epoch + 2n)).to.equal(93_000n);
    });

    it("forgets what lies two epochs back", async () => {
      const base = await networkHelpers.loadFixture(withThree);
      const { registry, beacon, bob } = base;
      const epoch = await beacon.currentEpoch();
      await stake(base, bob, 1n);
      expect(await registry.totalWeight(LEADER_POOL, epoch - 1n)).to.equal(10_000n);
      await expect(registry.totalWeight(LEADER_POOL, epoch - 2n))
        .to.be.revertedWithCustomError(registry, "SumTreeHistoryExpired")
        .withArgs(epoch - 2n, epoch - 1n);
    });
  });
});

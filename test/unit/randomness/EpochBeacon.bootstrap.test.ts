import { expect } from "chai";
import { network } from "hardhat";
import {
  accountOf,
  advance,
  deployProviders,
  GENESIS_SEED,
  join,
  revelation,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const PREVRANDAO = 77n;

async function world() {
  return deployProviders(ethers);
}

async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  return base;
}

describe("EpochBeacon: bootstrap", () => {
  describe("initialize", () => {
    it("begins epoch 0 with the genesis seed, which draws nothing", async () => {
      const { beacon } = await networkHelpers.loadFixture(world);
      const info = await beacon.epochInfo(0);
      expect([...info].slice(0, 3)).to.deep.equal([GENESIS_SEED, false, true]);
      const [started] = await beacon.queryFilter(beacon.filters.EpochStarted(0n));
      expect([...(started?.args ?? [])]).to.deep.equal([
        0n,
        ethers.ZeroAddress,
        GENESIS_SEED,
        0n,
        false,
        true,
      ]);
      expect((await started?.getBlock())?.timestamp).to.equal(Number(info.startedAt));
    });

    it("happens once, and never to the implementation", async () => {
      const { beacon, manager, parameters, registry, vault } =
        await networkHelpers.loadFixture(world);
      const bare = await ethers.deployContract("EpochBeacon", [registry, vault, parameters, 0]);
      for (const target of [beacon, bare]) {
        await expect(target.initialize(manager, GENESIS_SEED)).to.be.revertedWithCustomError(
          target,
          "InvalidInitialization",
        );
      }
    });
  });

  describe("bootstrap", () => {
    it("mixes the block's randomness into a seed that draws nothing", async () => {
      const { beacon, stranger } = await networkHelpers.loadFixture(world);
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      await networkHelpers.setPrevRandao(PREVRANDAO);
      const { chainId } = await ethers.provider.getNetwork();
      const seed = ethers.keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["bytes32", "uint256", "address", "uint256", "bytes32", "uint256"],
          [
            ethers.id("LATTICE-V3-BEACON-BOOTSTRAP"),
            chainId,
            await beacon.getAddress(),
            1,
            GENESIS_SEED,
            PREVRANDAO,
          ],
        ),
      );
      await expect(beacon.connect(stranger).bootstrap())
        .to.emit(beacon, "EpochStarted")
        .withArgs(1n, ethers.ZeroAddress, seed, 0n, false, true);
      const now = BigInt(await networkHelpers.time.latest());
      expect([...(await beacon.epochInfo(1))]).to.deep.equal([seed, false, true, now]);
      expect([...(await beacon.drawSeed(1))]).to.deep.equal([seed, false]);
    });

    it("reverts before the epoch is over", async () => {
      const { beacon } = await networkHelpers.loadFixture(world);
      const opensAt = await beacon.nextRevealAt();
      await networkHelpers.time.setNextBlockTimestamp(opensAt - 1n);
      await expect(beacon.bootstrap())
        .to.be.revertedWithCustomError(beacon, "EpochBeaconTooEarly")
        .withArgs(1n, opensAt);
    });

    it("reverts once a provider's weight counts, however many ranks stay silent", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { beacon } = base;
      await advance(base, networkHelpers, 2);
      await networkHelpers.time.increaseTo((await beacon.nextRevealAt()) + 10_000n);
      await expect(beacon.bootstrap())
        .to.be.revertedWithCustomError(beacon, "EpochBeaconHasLeaders")
        .withArgs(3n, 5_000n);
    });

    it("takes over again two epochs after the last provider left, and flags what follows", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { beacon, registry, alice } = base;
      await advance(base, networkHelpers, 3);
      await registry.connect(alice).setDraining(true);
      await advance(base, networkHelpers, 2);
      expect((await beacon.epochInfo(5)).drawable).to.equal(true);
      expect((await beacon.epochInfo(5)).degraded).to.equal(false);
      await registry.connect(alice).setDraining(false);
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      await beacon.bootstrap();
      await advance(base, networkHelpers);
      expect((await beacon.epochInfo(7)).drawable).to.equal(false);
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      await beacon.reveal(...(await revelation(base, accountOf(base, await beacon.leaderOf(0)))));
      expect((await beacon.epochInfo(8)).drawable).to.equal(true);
      expect((await beacon.epochInfo(8)).degraded).to.equal(true);
    });
  });

  describe("upgrades", () => {
    it("UPG-2: epochs survive; GOV-1: only the role may", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { beacon, parameters, registry, vault, stranger } = base;
      await advance(base, networkHelpers, 3);
      const before = await beacon.epochInfo(3);
      const next = await ethers.deployContract("EpochBeacon", [registry, vault, parameters, 0]);
      await expect(beacon.connect(stranger).upgradeToAndCall(next, "0x"))
        .to.be.revertedWithCustomError(beacon, "AccessManagedUnauthorized")
        .withArgs(stranger);
      await expect(beacon.upgradeToAndCall(next, "0x")).to.emit(beacon, "Upgraded").withArgs(next);
      expect(await beacon.epochInfo(3)).to.deep.equal(before);
      await advance(base, networkHelpers);
      expect(await beacon.currentEpoch()).to.equal(4n);
    });
  });
});

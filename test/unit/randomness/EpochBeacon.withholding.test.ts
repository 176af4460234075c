import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  accountOf,
  advance,
  deployProviders,
  join,
  LEADER_POOL,
  revelation,
  untilLeadersDiffer,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const REVEAL_SECONDS = 20n;
const SLASH = ethers.parseEther("50");
const BOUNTY = ethers.parseEther("5");
const STAKE = ethers.parseEther("4000");

/** Three providers of equal weight; the leaders of ranks 0 and 1 for the next epoch differ. */
async function withLeaders() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 4_000n, base.payout);
  await join(base, base.bob, 4_000n, base.payout);
  await join(base, base.carol, 4_000n, base.payout);
  await advance(base, networkHelpers, 2);
  await untilLeadersDiffer(base, networkHelpers);
  const { beacon } = base;
  const next = (await beacon.currentEpoch()) + 1n;
  const silent = accountOf(base, await beacon.leaderOf(0));
  const second = accountOf(base, await beacon.leaderOf(1));
  return { ...base, next, silent, second };
}

/** The same, in the window of rank 1: rank 0 stayed silent. */
async function withSilence() {
  const base = await withLeaders();
  await networkHelpers.time.increaseTo((await base.beacon.nextRevealAt()) + REVEAL_SECONDS);
  return base;
}

/** The same, after rank 1 began the epoch; rank 0 of the epoch to come is led by another than the silent one. */
async function withEpochOfSecond() {
  const base = await withSilence();
  const { beacon } = base;
  for (let i = 0; i < 50; i++) {
    const silent = accountOf(base, await beacon.leaderOf(0));
    const second = accountOf(base, await beacon.leaderOf(1));
    await beacon.reveal(...(await revelation(base, second)));
    const next = await beacon.currentEpoch();
    if ((await beacon.leaderOf(0)) !== silent.address) return { ...base, silent, second, next };
    await untilLeadersDiffer(base, networkHelpers);
    await networkHelpers.time.increaseTo((await beacon.nextRevealAt()) + REVEAL_SECONDS);
  }
  throw new Error("The silent leader was drawn for the epoch to come in 50 epochs.");
}

type World = Awaited<ReturnType<typeof withLeaders>>;

async function tokensOf({ vault, registry }: World, account: World["alice"]) {
  return (await vault.provisionOf(account, registry)).tokens;
}

describe("EpochBeacon: withholding", () => {
  describe("reportWithholding", () => {
    it("SLA-2: slashes the silent leader, pays the bounty and burns the rest", async () => {
      const base = await networkHelpers.loadFixture(withSilence);
      const { beacon, vault, registry, lat, next, silent, reporter } = base;
      const supply = await lat.totalSupply();
      const report = await beacon.connect(reporter).reportWithholding(next, 0);
      await expect(report).to.emit(beacon, "LeaderSlashed").withArgs(next, silent, 0n, SLASH);
      await expect(report)
        .to.emit(vault, "StakeSlashed")
        .withArgs(silent, registry, beacon, SLASH, SLASH - BOUNTY);
      await expect(report)
        .to.emit(registry, "WeightChanged")
        .withArgs(silent, LEADER_POOL, 3_950n, next + 1n);
      await expect(report).to.changeTokenBalances(
        ethers,
        lat,
        [reporter, vault, silent],
        [BOUNTY, -SLASH, 0n],
      );
      expect(await lat.totalSupply()).to.equal(supply - SLASH + BOUNTY);
      expect(await tokensOf(base, silent)).to.equal(STAKE - SLASH);
    });

    it("SLA-3: pays no bounty to the leader itself or to its payout address", async () => {
      for (const reporterOf of [(base: World) => base.silent, (base: World) => base.payout]) {
        const base = await networkHelpers.loadFixture(withSilence);
        const { beacon, vault, registry, lat, next, silent } = base;
        const caller = reporterOf(base);
        const report = await beacon.connect(caller).reportWithholding(next, 0);
        await expect(report)
          .to.emit(vault, "StakeSlashed")
          .withArgs(silent, registry, beacon, SLASH, SLASH);
        await expect(report).to.changeTokenBalances(ethers, lat, [caller, vault], [0n, -SLASH]);
      }
    });

    it("SLA-3: pays no bounty to the leader's own payout while its earnings are shared", async () => {
      const base = await networkHelpers.loadFixture(withSilence);
      const { beacon, vault, registry, lat, next, silent, payout } = base;
      await registry.connect(silent).openDelegation(0n);
      expect(await registry.payoutOf(silent)).not.to.equal(payout.address);
      const report = await beacon.connect(payout).reportWithholding(next, 0);
      await expect(report)
        .to.emit(vault, "StakeSlashed")
        .withArgs(silent, registry, beacon, SLASH, SLASH);
      await expect(report).to.changeTokenBalances(ethers, lat, [payout, vault], [0n, -SLASH]);
    });

    it("can still be done after a later rank began the epoch, during that epoch", async () => {
      const base = await networkHelpers.loadFixture(withEpochOfSecond);
      const { beacon, next, silent, reporter } = base;
      expect(await beacon.currentEpoch()).to.equal(next);
      await expect(beacon.connect(reporter).reportWithholding(next, 0))
        .to.emit(beacon, "LeaderSlashed")
        .withArgs(next, silent, 0n, SLASH);
      expect(await tokensOf(base, silent)).to.equal(STAKE - SLASH);
      expect(await tokensOf(base, base.second)).to.equal(STAKE);
    });

    it("SLA-4: never reaches the leader that began the epoch", async () => {
      const { beacon, next } = await networkHelpers.loadFixture(withEpochOfSecond);
      await networkHelpers.time.increaseTo((await beacon.nextRevealAt()) + 1_000n);
      await expect(beacon.reportWithholding(next, 1))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconNotReportable")
        .withArgs(next, 1n);
    });

    it("SLA-4: reverts while the window is open or has not come", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon, next } = base;
      const opensAt = await beacon.nextRevealAt();
      for (const time of [opensAt - 1n, opensAt, opensAt + REVEAL_SECONDS - 1n]) {
        await networkHelpers.time.setNextBlockTimestamp(time);
        await expect(beacon.reportWithholding(next, 0))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconNotReportable")
          .withArgs(next, 0n);
      }
      await networkHelpers.time.setNextBlockTimestamp(opensAt + REVEAL_SECONDS);
      await expect(beacon.reportWithholding(next, 0)).to.emit(beacon, "LeaderSlashed");
      await expect(beacon.reportWithholding(next, 1))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconNotReportable")
        .withArgs(next, 1n);
    });

    it("reverts when the rank was reported, also once the epoch began", async () => {
      const base = await networkHelpers.loadFixture(withSilence);
      const { beacon, next, second } = base;
      await beacon.reportWithholding(next, 0);
      const again = async () =>
        expect(beacon.reportWithholding(next, 0))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconNotReportable")
          .withArgs(next, 0n);
      await again();
      await beacon.reveal(...(await revelation(base, second)));
      await again();
    });

    it("reverts for epochs gone by and for epochs to come", async () => {
      const base = await networkHelpers.loadFixture(withEpochOfSecond);
      const { beacon, next } = base;
      await advance(base, networkHelpers);
      for (const epoch of [0n, next, next + 3n, ethers.MaxUint256]) {
        await expect(beacon.reportWithholding(epoch, 0))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconNotReportable")
          .withArgs(epoch, 0n);
      }
    });

    it("reverts when nobody could lead", async () => {
      const { beacon } = await deployProviders(ethers);
      await networkHelpers.time.increaseTo((await beacon.nextRevealAt()) + 1_000n);
      await expect(beacon.reportWithholding(1, 0))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconNotReportable")
        .withArgs(1n, 0n);
    });

    it("SLA-1: takes no more than is there, and the bounty shrinks with it", async () => {
      const base = await deployProviders(ethers, { WithholdingSlash: ethers.parseEther("20000") });
      const { beacon, vault, lat, alice, reporter } = base;
      await join(base, alice, 4_000n);
      await advance(base, networkHelpers, 2);
      await networkHelpers.time.increaseTo((await beacon.nextRevealAt()) + REVEAL_SECONDS);
      const report = await beacon.connect(reporter).reportWithholding(3, 0);
      await expect(report).to.emit(beacon, "LeaderSlashed").withArgs(3n, alice, 0n, STAKE);
      await expect(report).to.changeTokenBalances(
        ethers,
        lat,
        [reporter, vault],
        [ethers.parseEther("400"), -STAKE],
      );
      // Nothing is left for the next missed rank; the report still stands.
      await networkHelpers.time.increase(REVEAL_SECONDS);
      await expect(beacon.connect(reporter).reportWithholding(3, 1))
        .to.emit(beacon, "LeaderSlashed")
        .withArgs(3n, alice, 1n, 0n);
    });

    it("takes what the penalty was when the epoch began, also from a draining leader", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon, parameters, registry, next, silent } = base;
      await parameters.set(parameterIndex("WithholdingSlash"), ethers.parseEther("900"));
      await parameters.set(parameterIndex("RevealSeconds"), 1n);
      await registry.connect(silent).setDraining(true);
      await networkHelpers.time.increaseTo((await beacon.nextRevealAt()) + REVEAL_SECONDS);
      await expect(beacon.reportWithholding(next, 0))
        .to.emit(beacon, "LeaderSlashed")
        .withArgs(next, silent, 0n, SLASH);
    });
  });
});

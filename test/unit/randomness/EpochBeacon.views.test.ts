import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { drawFromWeights, drawTicket } from "../../../packages/sdk/src/draw.ts";
import {
  accountOf,
  advance,
  deployProviders,
  GENESIS_SEED,
  join,
  LEADER_POOL,
  revelation,
  untilLeadersDiffer,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const _EPOCH_SECONDS = 60n;
const REVEAL_SECONDS = 20n;
const coder = ethers.AbiCoder.defaultAbiCoder();

async function world() {
  return deployProviders(ethers);
}

/** Three providers with weight, in epoch 2: the next one is the first that a leader begins. */
async function withLeaders() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  await join(base, base.bob, 3_000n);
  await join(base, base.carol, 2_000n);
  await advance(base, networkHelpers, 2);
  return base;
}

async function _withDifferentLeaders() {
  const base = await withLeaders();
  await untilLeadersDiffer(base, networkHelpers);
  return base;
}

describe("EpochBeacon: views", () => {
  describe("leaderOf", () => {
    it("RND-3: can be recomputed off-chain from the seed, for every rank", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon, registry } = base;
      const { seed } = await beacon.epochInfo(2);
      const members = await registry.poolMembers(LEADER_POOL, 0, 10);
      const weights = await Promise.all(
        members.map((member) => registry.weightOf(member, LEADER_POOL, 2)),
      );
      const drawn = new Set<string>();
      for (let rank = 0; rank < 60; rank++) {
        const randomness = ethers.keccak256(
          coder.encode(
            ["bytes32", "bytes32", "uint256", "uint256"],
            [ethers.id("LATTICE-V3-BEACON-LEADER"), seed, 3, rank],
          ),
        );
        const total = await registry.totalWeight(LEADER_POOL, 2);
        const leader = members[drawFromWeights(weights, drawTicket(BigInt(randomness), total))];
        expect(await beacon.leaderOf(rank)).to.equal(leader);
        if (leader) drawn.add(leader);
      }
      expect(drawn.size).to.equal(3);
    });

    it("is zero while nobody has weight", async () => {
      const { beacon } = await networkHelpers.loadFixture(world);
      expect(await beacon.leaderOf(0)).to.equal(ethers.ZeroAddress);
    });
  });

  describe("currentRank", () => {
    it("moves by one with each window", async () => {
      const { beacon } = await networkHelpers.loadFixture(withLeaders);
      const opensAt = await beacon.nextRevealAt();
      for (const [second, rank] of [
        [0n, 0n],
        [REVEAL_SECONDS - 1n, 0n],
        [REVEAL_SECONDS, 1n],
        [2n * REVEAL_SECONDS, 2n],
        [100n * REVEAL_SECONDS, 100n],
      ] as const) {
        await networkHelpers.time.increaseTo(opensAt + second);
        expect(await beacon.currentRank()).to.equal(rank);
      }
    });

    it("reverts before the first window", async () => {
      const { beacon } = await networkHelpers.loadFixture(withLeaders);
      const opensAt = await beacon.nextRevealAt();
      await expect(beacon.currentRank())
        .to.be.revertedWithCustomError(beacon, "EpochBeaconTooEarly")
        .withArgs(3n, opensAt);
    });

    it("SLA-4: keeps the clock with which the epoch began when parameters change", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon, parameters } = base;
      const opensAt = await beacon.nextRevealAt();
      await parameters.set(parameterIndex("EpochSeconds"), 1n);
      await parameters.set(parameterIndex("RevealSeconds"), 1n);
      expect(await beacon.nextRevealAt()).to.equal(opensAt);
      await networkHelpers.time.increaseTo(opensAt + REVEAL_SECONDS - 2n);
      expect(await beacon.currentRank()).to.equal(0n);
      const leader = accountOf(base, await beacon.leaderOf(0));
      await beacon.reveal(...(await revelation(base, leader)));
      const startedAt = BigInt(await networkHelpers.time.latest());
      expect(await beacon.nextRevealAt()).to.equal(startedAt + 1n);
    });
  });

  describe("views of epochs", () => {
    it("know nothing of an epoch that has not begun", async () => {
      const { beacon } = await networkHelpers.loadFixture(world);
      expect([...(await beacon.epochInfo(1))]).to.deep.equal([ethers.ZeroHash, false, false, 0n]);
      await expect(beacon.drawSeed(1))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconUnknownEpoch")
        .withArgs(1n);
      expect([...(await beacon.drawSeed(0))]).to.deep.equal([GENESIS_SEED, false]);
    });
  });
});

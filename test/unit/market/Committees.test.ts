import {
  COMMITTEE_SLOTS,
  committeeSlot,
  drawFromWeights,
  drawTicket,
  slotRandomness,
} from "@lattice/sdk";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { network } from "hardhat";
import { beginEpochs, deployLane, type Lane } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);
const deployUneven = () => chain.networkHelpers.loadFixture(uneven);

/** Ben has three times Ada's weight. */
async function uneven() {
  const system = await deployLane(chain);
  const { lat, vault, registry, actors } = system;
  const more = parseEther("40000");
  await lat.transfer(actors.ben, more);
  await lat.connect(actors.ben).approve(vault, more);
  await vault.connect(actors.ben).provision(registry, more);
  await beginEpochs(system, 2);
  return system;
}

/** Sum of squared deviations from what the shares lead to expect, each in units of its own expectation. */
function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => {
    const expected = total * (shares[i] ?? 0);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** The committee recomputed as anyone can off-chain. */
async function membersOffChain({ registry, beacon, pool }: Lane, epoch: bigint) {
  const { seed } = await beacon.epochInfo(epoch);
  const members = await registry.poolMembers(pool, 0, 100);
  const weights = await Promise.all(
    members.map((member) => registry.weightOf(member, pool, epoch)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  return Array.from({ length: COMMITTEE_SLOTS }, (_, slot) => {
    const ticket = drawTicket(slotRandomness(seed, pool, slot), total);
    return members[drawFromWeights(weights, ticket)] as string;
  });
}

describe("Committees", () => {
  describe("seat", () => {
    it("RND-3: seats the members that anyone can compute from seed and weights", async () => {
      const system = await deployUneven();
      const { committees, pool, actors } = system;
      for (let i = 0; i < 5; ++i) {
        const epoch = await beginEpochs(system, 1);
        const members = await membersOffChain(system, epoch);
        await expect(committees.connect(actors.stranger).seat(pool, epoch))
          .to.emit(committees, "CommitteeSeated")
          .withArgs(pool, epoch, members);
        expect(await committees.membersOf(pool, epoch)).to.deep.equal(members);
        expect(await committees.isSeated(pool, epoch)).to.equal(true);
      }
    });

    it("RND-2: gives slots in proportion to stake", async () => {
      const system = await deployUneven();
      const { committees, pool, actors } = system;
      const counts = [0, 0];
      for (let i = 0; i < 150; ++i) {
        const epoch = await beginEpochs(system, 1);
        await committees.seat(pool, epoch);
        for (const member of await committees.membersOf(pool, epoch)) {
          const which = member === actors.ada.address ? 0 : 1;
          counts[which] = (counts[which] ?? 0) + 1;
        }
      }
      // One degree of freedom: above 10.83 with probability 0.001.
      expect(chiSquare(counts, [0.25, 0.75])).to.be.lessThan(10.83);
    });

    it("draws the same committee later in the epoch, and in the epoch after", async () => {
      const system = await deployUneven();
      const { committees, registry, token, pool, actors, modelVersion } = system;
      const epoch = await beginEpochs(system, 1);
      const members = await membersOffChain(system, epoch);
      await registry.connect(actors.ben).withdrawOffer(modelVersion, token);
      await beginEpochs(system, 1);
      await committees.seat(pool, epoch);
      expect(await committees.membersOf(pool, epoch)).to.deep.equal(members);
    });

    it("reverts for an epoch that has not begun", async () => {
      const { committees, beacon, pool } = await deploy();
      const current = await beacon.currentEpoch();
      await expect(committees.seat(pool, current + 1n))
        .to.be.revertedWithCustomError(committees, "CommitteesEpochNotSeatable")
        .withArgs(pool, current + 1n, current);
    });

    it("reverts for an epoch whose weights pools may have forgotten", async () => {
      const system = await deploy();
      const { committees, pool } = system;
      const epoch = await beginEpochs(system, 1);
      const current = await beginEpochs(system, 2);
      await expect(committees.seat(pool, epoch))
        .to.be.revertedWithCustomError(committees, "CommitteesEpochNotSeatable")
        .withArgs(pool, epoch, current);
    });

    it("reverts when it was drawn before", async () => {
      const system = await deploy();
      const epoch = await beginEpochs(system, 1);
      await system.committees.seat(system.pool, epoch);
      await expect(system.committees.seat(system.pool, epoch))
        .to.be.revertedWithCustomError(system.committees, "CommitteesAlreadySeated")
        .withArgs(system.pool, epoch);
    });

    it("reverts for a seed that draws nobody", async () => {
      const { committees, beacon, pool } = await deploy();
      await beacon.start(id("chosen"), false);
      const epoch = await beacon.currentEpoch();
      await expect(committees.seat(pool, epoch))
        .to.be.revertedWithCustomError(committees, "CommitteesSeedNotDrawable")
        .withArgs(pool, epoch);
    });

    it("reverts for a pool in which nobody has weight", async () => {
      const { committees, registry, beacon } = await deploy();
      const epoch = await beacon.currentEpoch();
      await expect(committees.seat(id("empty"), epoch))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryEmptyPool")
        .withArgs(id("empty"), epoch);
    });
  });

  describe("slots", () => {
    it("RND-3: an order belongs to the same slot on-chain and off-chain", async () => {
      const system = await deployUneven();
      const { committees, beacon, pool, actors } = system;
      const epoch = await beginEpochs(system, 1);
      await committees.seat(pool, epoch);
      const { seed } = await beacon.epochInfo(epoch);
      const members = await committees.membersOf(pool, epoch);
      for (let i = 0; i < 32; ++i) {
        const digest = id(`order ${i}`);
        const slot = committeeSlot(digest, seed);
        expect(await committees.slotOf(digest, seed)).to.equal(slot);
        expect(await committees.memberOf(pool, epoch, digest)).to.equal(members[slot]);
      }
      const answer = await committees.slotsOf(pool, epoch, actors.ada);
      expect(answer.seed).to.equal(seed);
      const held = members.reduce(
        (mask, member, i) => (member === actors.ada.address ? mask | (1n << BigInt(i)) : mask),
        0n,
      );
      expect(answer.slots).to.equal(held);
      expect((await committees.slotsOf(pool, epoch, actors.stranger)).slots).to.equal(0n);
    });

    it("RND-2: orders fall into all slots alike", () => {
      const counts = Array.from({ length: COMMITTEE_SLOTS }, () => 0);
      for (let i = 0; i < 10_000; ++i) {
        const slot = committeeSlot(id(`order ${i}`), id("seed"));
        counts[slot] = (counts[slot] ?? 0) + 1;
      }
      // Fifteen degrees of freedom: above 37.70 with probability 0.001.
      expect(
        chiSquare(
          counts,
          counts.map(() => 1 / COMMITTEE_SLOTS),
        ),
      ).to.be.lessThan(37.7);
    });

    it("reverts for a committee that nobody drew", async () => {
      const { committees, beacon, pool, actors } = await deploy();
      const epoch = await beacon.currentEpoch();
      for (const view of [
        () => committees.membersOf(pool, epoch),
        () => committees.memberOf(pool, epoch, id("order")),
        () => committees.slotsOf(pool, epoch, actors.ada),
      ]) {
        await expect(view())
          .to.be.revertedWithCustomError(committees, "CommitteesNotSeated")
          .withArgs(pool, epoch);
      }
    });
  });
});

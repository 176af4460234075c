import {
  AssignmentMode,
  COMMITTEE_SLOTS,
  committeeSlot,
  drawFromWeights,
  drawTicket,
  hashOrder,
  type Order,
  Rejection,
  type ServedOrder,
  slotRandomness,
} from "@lattice/sdk";
import { expect } from "chai";
import { id, parseEther, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { claim, depositOf, orderOf, serve } from "../../helpers/settlement.ts";
import {
  ASK,
  BEN_ASK,
  beginEpochs,
  deployLane,
  FUNDS,
  type Lane,
} from "../../helpers/settlement-lane.ts";

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

  describe("orders in mode Draw", () => {
    /** Orders of Rita for an epoch that begins after they were signed, and whose they are. */
    async function drawn(system: Lane, count: number, changes: Partial<Order> = {}) {
      const { committees, settlement, pool, beacon, actors } = system;
      const epoch = (await beacon.currentEpoch()) + 2n;
      const draw = { mode: AssignmentMode.Draw, provider: ZeroAddress, epoch };
      const served: ServedOrder[] = [];
      for (let i = 0; i < count; ++i) {
        const order = await orderOf(system, actors.rita, { ...draw, ...changes });
        served.push(await serve(system, actors.rita, order));
      }
      await beginEpochs(system, 2);
      await committees.seat(pool, epoch);
      const members = await Promise.all(
        served.map(async ({ order }) =>
          committees.memberOf(pool, epoch, await settlement.orderDigest(hashOrder(order))),
        ),
      );
      return { served, members, epoch };
    }

    it("each provider settles those of its slots, at its own ask", async () => {
      const system = await deploy();
      const { settlement, actors } = system;
      const { served, members } = await drawn(system, 24);
      const adas = members.filter((member) => member === actors.ada.address).length;
      expect(adas).to.be.within(1, 23);
      const { transaction, accepted } = await claim(system, served, actors.ada);
      for (const [i, member] of members.entries()) {
        expect((accepted >> BigInt(i)) & 1n).to.equal(member === actors.ada.address ? 1n : 0n);
        if (member === actors.ada.address) continue;
        await expect(transaction)
          .to.emit(settlement, "ItemRejected")
          .withArgs(
            actors.ada.address,
            hashOrder((served[i] as ServedOrder).order),
            i,
            Rejection.WrongSlot,
          );
      }
      const bens = served.filter((_, i) => members[i] === actors.ben.address);
      const settled = await claim(system, bens, actors.ben);
      expect(settled.record?.price).to.equal(BEN_ASK);
      expect(settled.record?.count).to.equal(BigInt(bens.length));
      expect(await depositOf(system, actors.rita)).to.equal(
        FUNDS - BigInt(adas) * ASK - BigInt(bens.length) * BEN_ASK,
      );
    });

    it("PAY-4: an order of another's slot consumes nothing, first, in the middle or last", async () => {
      const system = await deploy();
      const { actors } = system;
      const { served, members } = await drawn(system, 24);
      const own = served.filter((_, i) => members[i] === actors.ada.address).slice(0, 2);
      const other = served.find((_, i) => members[i] !== actors.ada.address);
      if (!other || own.length < 2) throw new Error("the draw left one of the providers out");
      const { requester, nonce } = other.order;
      for (const position of [0, 1, 2]) {
        const snapshot = await chain.networkHelpers.takeSnapshot();
        const all = [...own.slice(0, position), other, ...own.slice(position)];
        const { accepted } = await claim(system, all, actors.ada);
        expect(accepted).to.equal(0b111n & ~(1n << BigInt(position)));
        const used = await system.settlement.noncesUsed(requester, nonce >> 8n);
        expect((used >> (nonce & 255n)) & 1n).to.equal(0n);
        expect(await depositOf(system, actors.rita)).to.equal(FUNDS - 2n * ASK);
        await snapshot.restore();
      }
    });

    it("are paid at the ask of their epoch, though the provider asks more by now", async () => {
      const system = await deploy();
      const { registry, token, actors, modelVersion } = system;
      const { served } = await drawn(system, 16);
      await registry.connect(actors.ada).setOffer(modelVersion, token, 2n * ASK);
      await beginEpochs(system, 3);
      const { record } = await claim(system, served, actors.ada);
      expect(record?.price).to.equal(ASK);
    });

    it("reverts while the committee is not seated", async () => {
      const system = await deploy();
      const { committees, beacon, pool, settlement, actors, modelVersion, token } = system;
      const epoch = await beacon.currentEpoch();
      const shared = { modelVersion, paymentToken: token, mode: AssignmentMode.Draw, epoch };
      const terms = { ...shared, requesters: [] };
      const item = {
        ...{ limits: 0n, inputCommitment: id(""), inputDigest: id("") },
        ...{ outputCommitment: id(""), outputDigest: id(""), r: id(""), vs: id("") },
      };
      await expect(settlement.connect(actors.ada).claim(terms, [item], []))
        .to.be.revertedWithCustomError(committees, "CommitteesNotSeated")
        .withArgs(pool, epoch);
    });

    it("a requester that signs late gains a provider that it could have named, and nothing else", async () => {
      const system = await deploy();
      const { committees, settlement, beacon, pool, actors } = system;
      const epoch = await beginEpochs(system, 1);
      await committees.seat(pool, epoch);
      const { seed } = await beacon.epochInfo(epoch);
      const { slots } = await committees.slotsOf(pool, epoch, actors.ada);
      const draw = { mode: AssignmentMode.Draw, provider: ZeroAddress, epoch };
      let order = await orderOf(system, actors.rita, draw);
      const slotOf = async () =>
        committeeSlot(await settlement.orderDigest(hashOrder(order)), seed);
      while ((slots >> BigInt(await slotOf())) % 2n === 0n) {
        order = await orderOf(system, actors.rita, draw);
      }
      await claim(system, [await serve(system, actors.rita, order)], actors.ada);
      // The price in mode Direct.
      expect(await depositOf(system, actors.rita)).to.equal(FUNDS - ASK);
    });
  });
});

import {
  AssignmentMode,
  committeeSlot,
  hashOrder,
  type Order,
  Rejection,
  type ServedOrder,
} from "@lattice/sdk";
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
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

describe("Committees", () => {
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

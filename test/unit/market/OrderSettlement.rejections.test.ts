import {
  hashOrder,
  NO_EXPIRY,
  type Order,
  Rejection,
  rejectionName,
  type ServedOrder,
} from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { claim, depositOf, serveMany } from "../../helpers/settlement.ts";
import { FAULTS, robs } from "../../helpers/settlement-faults.ts";
import {
  ASK,
  COLLATERAL,
  deployLane,
  FUNDS,
  type Lane,
  STAKE,
} from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);

/** All that an item could consume. */
async function possessions(system: Lane, { order }: ServedOrder) {
  const { settlement, escrow, token, actors } = system;
  return {
    nonces: await settlement.noncesUsed(order.requester, order.nonce >> 8n),
    deposit: (await escrow.accountOf(order.requester, token)).deposit,
    sponsor: await depositOf(system, actors.sponsor),
    sponsorship: await settlement.sponsorshipOf(actors.sponsor, order.requester, token),
  };
}

describe("OrderSettlement rejections", () => {
  for (const { name, reason, make } of FAULTS) {
    for (const [where, position] of Object.entries({ first: 0, "in the middle": 2, last: 4 })) {
      it(`PAY-4: an order that ${name}, ${where}, is left out as ${rejectionName(reason)} and consumes nothing`, async () => {
        const system = await deploy();
        const { settlement, actors } = system;
        const good = await serveMany(system, actors.rita, 4);
        const bad = await make(system);
        const before = await possessions(system, bad);
        const all = [...good.slice(0, position), bad, ...good.slice(position)];
        const { transaction, accepted, record } = await claim(system, all);
        await expect(transaction)
          .to.emit(settlement, "ItemRejected")
          .withArgs(actors.ada.address, hashOrder(bad.order), position, reason);
        expect(accepted).to.equal(0b11111n & ~(1n << BigInt(position)));
        expect(record?.count).to.equal(4n);
        expect(record?.collateral).to.equal(4n * COLLATERAL);
        expect(await depositOf(system, actors.rita)).to.equal(FUNDS - 4n * ASK);
        expect(await possessions(system, bad)).to.deep.equal(before);
      });
    }
  }

  it("PAY-1: takes an order that stands twice in a batch once, next to itself or apart", async () => {
    const system = await deploy();
    const { settlement, actors } = system;
    const [first] = await serveMany(system, actors.rob, 1);
    const others = await serveMany(system, actors.rita, 1);
    if (!first) throw new Error("nothing was served");
    const { transaction, accepted } = await claim(system, [first, first, ...others, first]);
    expect(accepted).to.equal(0b101n);
    for (const index of [1, 3]) {
      await expect(transaction)
        .to.emit(settlement, "ItemRejected")
        .withArgs(actors.ada.address, hashOrder(first.order), index, Rejection.NonceUsed);
    }
    expect(await depositOf(system, actors.rob)).to.equal(FUNDS - ASK);
  });

  it("settles an order that was left out once its fault is mended", async () => {
    const system = await deploy();
    const { escrow, settlement, actors } = system;
    await escrow.connect(actors.rob).setMarket(settlement, false);
    const served = await serveMany(system, actors.rob, 1);
    expect((await claim(system, served)).accepted).to.equal(0n);
    await escrow.connect(actors.rob).setMarket(settlement, true);
    expect((await claim(system, served)).accepted).to.equal(1n);
  });

  it("takes orders at the edges: the largest amounts, no end, the last nonce, the shortest and longest window", async () => {
    const system = await deploy();
    const { rob } = system.actors;
    const changes: Partial<Order>[] = [
      { maxPrice: 2n ** 96n - 1n, validUntil: NO_EXPIRY, nonce: 2n ** 64n - 1n },
      { maxPrice: ASK, challengeSeconds: 60 },
      { challengeSeconds: 3600, collateral: STAKE - 2n * COLLATERAL },
    ];
    const served = await Promise.all(changes.map((change) => robs(change)(system)));
    const { accepted, record } = await claim(system, served);
    expect(accepted).to.equal(0b111n);
    expect(record?.collateral).to.equal(STAKE);
    expect(await depositOf(system, rob)).to.equal(FUNDS - 3n * ASK);
  });
});

import {
  hashOrder,
  NO_EXPIRY,
  type Order,
  Rejection,
  rejectionName,
  type ServedOrder,
} from "@lattice/sdk";
import { expect } from "chai";
import { parseEther, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";
import { claim, depositOf, orderOf, serve, serveMany } from "../../helpers/settlement.ts";
import {
  ASK,
  COLLATERAL,
  deployLane,
  FUNDS,
  fund,
  type Lane,
  STAKE,
} from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const { time } = chain.networkHelpers;
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);

/** One way in which an item is not good: what makes it so. */
interface Fault {
  readonly name: string;
  readonly reason: Rejection;
  readonly make: (system: Lane) => Promise<ServedOrder>;
}

/** A signed order of Rob with `changes`. */
const robs = (changes: Partial<Order>) => async (system: Lane) =>
  serve(system, system.actors.rob, await orderOf(system, system.actors.rob, changes));

/** A signed order of Rob, settled as one with `changes`. */
const robsSettledWith = (changes: Partial<ServedOrder>) => async (system: Lane) =>
  serve(system, system.actors.rob, await orderOf(system, system.actors.rob), changes);

/** An order of Rob that the sponsor pays, with this allowance. */
const sponsored = (allowance: bigint) => async (system: Lane) => {
  const { rob, sponsor } = system.actors;
  await system.settlement.connect(sponsor).setSponsorship(rob, system.token, allowance);
  return robs({ sponsor: sponsor.address })(system);
};

const { r, s } = { r: toBeHex(7n, 32), s: toBeHex(9n, 32) };
const FAULTS: readonly Fault[] = [
  { name: "expired", reason: Rejection.Expired, make: robs({ validUntil: 1 }) },
  {
    name: "expires this second",
    reason: Rejection.Expired,
    make: async (system) => {
      const validUntil = (await time.latest()) + 100;
      const served = await robs({ validUntil })(system);
      await time.setNextBlockTimestamp(validUntil);
      return served;
    },
  },
  {
    name: "asks for less than the price",
    reason: Rejection.PriceAboveMaximum,
    make: robs({ maxPrice: ASK - 1n }),
  },
  { name: "pays nothing", reason: Rejection.PriceAboveMaximum, make: robs({ maxPrice: 0n }) },
  {
    name: "has collateral below the floor",
    reason: Rejection.CollateralTooLow,
    make: robs({ collateral: parseEther("10") - 1n }),
  },
  {
    name: "has too short a window",
    reason: Rejection.InvalidWindow,
    make: robs({ challengeSeconds: 59 }),
  },
  {
    name: "has too long a window",
    reason: Rejection.InvalidWindow,
    make: robs({ challengeSeconds: 3601 }),
  },
  {
    name: "commits to no input",
    reason: Rejection.InvalidInput,
    make: robs({ inputCommitment: ZeroHash }),
  },
  {
    name: "has no output",
    reason: Rejection.InvalidOutput,
    make: robsSettledWith({ outputCommitment: ZeroHash }),
  },
  {
    name: "was cancelled",
    reason: Rejection.NonceUsed,
    make: async (system) => {
      await system.settlement.connect(system.actors.rob).cancelNonces(40n, 1n << 3n);
      return robs({ nonce: 40n * 256n + 3n })(system);
    },
  },
  {
    name: "was settled before",
    reason: Rejection.NonceUsed,
    make: async (system) => {
      const served = await robs({})(system);
      await claim(system, [served]);
      return served;
    },
  },
  {
    name: "is signed by another",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob, stranger } = system.actors;
      return serve(system, stranger, await orderOf(system, rob));
    },
  },
  {
    name: "has a signature that recovers nothing",
    reason: Rejection.InvalidSignature,
    make: robsSettledWith({ signature: `${toBeHex(2n ** 256n - 1n, 32)}${s.slice(2)}1b` }),
  },
  {
    name: "has a made-up signature",
    reason: Rejection.InvalidSignature,
    make: robsSettledWith({ signature: `${r}${s.slice(2)}1b` }),
  },
  {
    name: "was changed after it was signed",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const served = await robs({})(system);
      return { ...served, order: { ...served.order, inputDigest: toBeHex(1n, 32) } };
    },
  },
  {
    name: "was signed for another chain",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob } = system.actors;
      return serve(system, rob, await orderOf(system, rob), {}, { chainId: 1 });
    },
  },
  {
    name: "was signed for another contract",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob, stranger } = system.actors;
      const elsewhere = { verifyingContract: stranger.address };
      return serve(system, rob, await orderOf(system, rob), {}, elsewhere);
    },
  },
  {
    name: "was signed for another lane's name",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob } = system.actors;
      return serve(system, rob, await orderOf(system, rob), {}, { name: "Lattice JobMarket" });
    },
  },
  {
    name: "asks for more collateral than the provider has",
    reason: Rejection.StakeTooLow,
    make: robs({ collateral: STAKE + 1n }),
  },
  {
    name: "asks for the largest collateral there is",
    reason: Rejection.StakeTooLow,
    make: robs({ collateral: 2n ** 96n - 1n }),
  },
  {
    name: "names a sponsor that pays less",
    reason: Rejection.SponsorshipTooLow,
    make: sponsored(ASK - 1n),
  },
  {
    name: "names a sponsor that does not allow the lane",
    reason: Rejection.LaneNotAllowed,
    make: async (system) => {
      await system.escrow.connect(system.actors.sponsor).setMarket(system.settlement, false);
      return sponsored(10n * ASK)(system);
    },
  },
  {
    name: "has a requester that does not allow the lane",
    reason: Rejection.LaneNotAllowed,
    make: async (system) => {
      await system.escrow.connect(system.actors.rob).setMarket(system.settlement, false);
      return robs({})(system);
    },
  },
  {
    name: "has a requester with too small a deposit",
    reason: Rejection.DepositTooLow,
    make: async (system) => {
      await system.escrow.connect(system.actors.rob).thaw(system.token, FUNDS - ASK + 1n);
      return robs({})(system);
    },
  },
];

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

  it("takes of one requester as many orders as its deposit covers, the first ones", async () => {
    const system = await deploy();
    const { settlement, actors } = system;
    const { rob } = actors;
    await system.escrow.connect(rob).thaw(system.token, FUNDS - 3n * ASK + 1n);
    const served = await Promise.all(
      [0n, 1n, 2n, 3n].map(async (bit) =>
        serve(system, rob, await orderOf(system, rob, { nonce: 256n * 9n + bit })),
      ),
    );
    const { transaction, accepted, record } = await claim(system, served);
    expect(accepted).to.equal(0b11n);
    expect(record?.collateral).to.equal(2n * COLLATERAL);
    for (const index of [2, 3]) {
      await expect(transaction)
        .to.emit(settlement, "ItemRejected")
        .withArgs(
          actors.ada.address,
          hashOrder((served[index] as ServedOrder).order),
          index,
          Rejection.DepositTooLow,
        );
    }
    expect(await depositOf(system, rob)).to.equal(ASK - 1n);
    expect(await settlement.noncesUsed(rob, 9n)).to.equal(0b11n);
  });

  it("takes of one sponsor as many orders as it pays for, and gives back what its deposit lacks", async () => {
    const system = await deploy();
    const { settlement, token, actors } = system;
    const { rob, sponsor } = actors;
    await settlement.connect(sponsor).setSponsorship(rob, token, 3n * ASK + 5n);
    await system.escrow.connect(sponsor).thaw(token, FUNDS - 2n * ASK);
    const served = await Promise.all(
      [0n, 1n, 2n, 3n].map(async (bit) =>
        serve(
          system,
          rob,
          await orderOf(system, rob, { nonce: 256n * 9n + bit, sponsor: sponsor.address }),
        ),
      ),
    );
    const { transaction, accepted } = await claim(system, served);
    expect(accepted).to.equal(0b11n);
    const reasons = [Rejection.DepositTooLow, Rejection.SponsorshipTooLow];
    for (const [i, reason] of reasons.entries()) {
      await expect(transaction)
        .to.emit(settlement, "ItemRejected")
        .withArgs(
          actors.ada.address,
          hashOrder((served[2 + i] as ServedOrder).order),
          2 + i,
          reason,
        );
    }
    expect(await settlement.sponsorshipOf(sponsor, rob, token)).to.equal(ASK + 5n);
    expect(await settlement.noncesUsed(rob, 9n)).to.equal(0b11n);
    expect(await depositOf(system, sponsor)).to.equal(0n);
  });

  it("leaves out what the stake does not back beside the items before it, and returns its price", async () => {
    const system = await deploy();
    const { settlement, escrow, token, actors } = system;
    const { rita, rob, sponsor } = actors;
    await settlement.connect(sponsor).setSponsorship(rob, token, 5n * ASK);
    const most = { collateral: STAKE - 2n * COLLATERAL };
    const served = [
      ...(await serveMany(system, rita, 1, most)),
      ...(await serveMany(system, rob, 1, { ...most, sponsor: sponsor.address })),
      ...(await serveMany(system, rita, 2)),
      ...(await serveMany(system, rob, 1)),
    ];
    const { transaction, accepted, record } = await claim(system, served);
    expect(accepted).to.equal(0b1101n);
    expect(record?.collateral).to.equal(STAKE);
    for (const index of [1, 4]) {
      const { order } = served[index] as ServedOrder;
      await expect(transaction)
        .to.emit(settlement, "ItemRejected")
        .withArgs(actors.ada.address, hashOrder(order), index, Rejection.StakeTooLow);
      expect(
        (await settlement.noncesUsed(rob, order.nonce >> 8n)) & (1n << (order.nonce & 255n)),
      ).to.equal(0n);
    }
    await expect(transaction)
      .to.emit(escrow, "EscrowPaid")
      .withArgs(settlement, sponsor.address, token, ASK);
    expect(await depositOf(system, sponsor)).to.equal(FUNDS);
    expect(await settlement.sponsorshipOf(sponsor, rob, token)).to.equal(5n * ASK);
    expect(await depositOf(system, rob)).to.equal(FUNDS);
    expect(await escrow.lockedBy(settlement, token)).to.equal(3n * ASK);
  });

  it("lets no order that nobody pays for take the stake of those that are", async () => {
    const system = await deploy();
    const { escrow, settlement, actors } = system;
    await escrow.connect(actors.rob).setMarket(settlement, false);
    const served = [
      ...(await serveMany(system, actors.rob, 1, { collateral: STAKE })),
      ...(await serveMany(system, actors.rita, 2)),
    ];
    expect((await claim(system, served)).accepted).to.equal(0b110n);
  });

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

  it("lets no run of another requester pay for what one lacks", async () => {
    const system = await deploy();
    const { actors, chain: connection } = system;
    const poor = connection.ethers.Wallet.createRandom(connection.ethers.provider);
    await fund(system, poor as never, ASK - 1n);
    const served = [
      ...(await serveMany(system, actors.rita, 1)),
      ...(await serveMany(system, poor as never, 2)),
      ...(await serveMany(system, actors.rob, 1)),
    ];
    const { accepted } = await claim(system, served);
    expect(accepted).to.equal(0b1001n);
    expect(await depositOf(system, actors.rita)).to.equal(FUNDS - ASK);
    expect(await depositOf(system, actors.rob)).to.equal(FUNDS - ASK);
    expect(await depositOf(system, poor)).to.equal(ASK - 1n);
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

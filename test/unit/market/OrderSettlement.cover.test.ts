import { hashOrder, Rejection, type ServedOrder } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { claim, depositOf, orderOf, serve, serveMany } from "../../helpers/settlement.ts";
import { ASK, COLLATERAL, deployLane, FUNDS, fund, STAKE } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);

describe("OrderSettlement: what deposits, sponsors and stake cover of a batch", () => {
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
      .withArgs(settlement, token, (legs: { recipient: string; amount: bigint }[]) =>
        legs.some(({ recipient, amount }) => recipient === sponsor.address && amount === ASK),
      );
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
});

import { Rejection } from "@lattice/sdk";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { network } from "hardhat";
import { claim, depositOf, recordOf } from "../../helpers/settlement.ts";
import { expectLeftOut, serveAll } from "../../helpers/settlement-batches.ts";
import {
  ASK,
  beginEpochs,
  COLLATERAL,
  deployLane,
  FUNDS,
  STAKE,
} from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);

describe("OrderSettlement: what is left out of a batch after all", () => {
  it("PAY-4: the last orders of each payer whose deposit does not suffice, and their windows", async () => {
    const system = await deploy();
    const { escrow, token, actors } = system;
    await escrow.connect(actors.rob).thaw(token, FUNDS - 3n * ASK);
    const long = { challengeSeconds: 900 };
    const served = await serveAll(system, [
      ["rob"],
      ["rita"],
      ["rob", { nonce: 9_000n * 256n }],
      ["rob", { nonce: 9_000n * 256n + 2n }],
      ["rob", { nonce: 9_000n * 256n + 3n, ...long }],
      ["rita"],
      ["rob", long],
    ]);
    await expectLeftOut(system, served, [4, 6], Rejection.DepositTooLow);
    expect(await depositOf(system, actors.rob)).to.equal(0n);
    expect(await system.settlement.noncesUsed(actors.rob, 9_000n)).to.equal(0b101n);
  });

  it("PAY-4: finds a run's unpaid orders beside some that were bad before", async () => {
    const system = await deploy();
    const { escrow, token, settlement, actors } = system;
    await escrow.connect(actors.rob).thaw(token, FUNDS - 2n * ASK);
    const nonce = 9_500n * 256n;
    const served = await serveAll(system, [
      ["rob", { nonce, validUntil: 1 }],
      ["rob", { nonce: nonce + 1n }],
      ["rita"],
      ["rob", { nonce: nonce + 2n }],
      ["rob", { nonce: nonce + 3n, validUntil: 1 }],
      ["rob", { nonce: nonce + 4n }],
      ["rob", { nonce: nonce + 5n }],
    ]);
    const { record, accepted } = await claim(system, served);
    expect(accepted).to.equal(0b000_1110n);
    const stay = served.slice(1, 4);
    const claimedAt = await chain.networkHelpers.time.latest();
    expect(record).to.deep.equal(await recordOf(system, stay, claimedAt));
    expect(await settlement.noncesUsed(actors.rob, 9_500n)).to.equal(0b110n);
  });

  it("PAY-4: orders that stake does not cover beside those before them, and their windows", async () => {
    const system = await deploy();
    const { settlement, token, actors } = system;
    const { sponsor } = actors;
    await settlement.connect(sponsor).setSponsorship(actors.rob, token, 5n * ASK);
    const served = await serveAll(system, [
      ["rita"],
      ["rob", { collateral: 1_900n * COLLATERAL, challengeSeconds: 800 }],
      ["rob", { collateral: 200n * COLLATERAL, challengeSeconds: 900 }],
      ["rita", { challengeSeconds: 700 }],
      ["rita", { collateral: 100n * COLLATERAL }],
      ["rob", { collateral: 99n * COLLATERAL, sponsor: sponsor.address }],
      ["rob", { sponsor: sponsor.address }],
    ]);
    await expectLeftOut(system, served, [2, 4, 5], Rejection.StakeTooLow);
    expect(await depositOf(system, actors.rob)).to.equal(FUNDS - ASK);
    expect(await depositOf(system, actors.rita)).to.equal(FUNDS - 2n * ASK);
    expect(await depositOf(system, sponsor)).to.equal(FUNDS - ASK);
    expect(await settlement.sponsorshipOf(sponsor, actors.rob, token)).to.equal(4n * ASK);
  });
});

describe("OrderSettlement: what stake covers", () => {
  it("one order may take all that is free, after which none has any", async () => {
    const system = await deploy();
    const { vault, registry, actors } = system;
    const served = await serveAll(system, [["rita", { collateral: STAKE }], ["rob"]]);
    await expectLeftOut(system, served, [1], Rejection.StakeTooLow);
    expect(await vault.freeStake(actors.ada, registry)).to.equal(0n);
  });
});

describe("OrderSettlement: what a sponsor covers", () => {
  it("counts from where its run begins, not from where the batch does", async () => {
    const system = await deploy();
    const { settlement, token, actors } = system;
    const { rob, sponsor } = actors;
    await settlement.connect(sponsor).setSponsorship(rob, token, 2n * ASK);
    const sponsored = { sponsor: sponsor.address };
    const served = await serveAll(system, [
      ["rita"],
      ["rita"],
      ["rita"],
      ["rob", { ...sponsored, nonce: 7_000n * 256n, validUntil: 1 }],
      ["rob", { ...sponsored, nonce: 7_000n * 256n + 1n }],
      ["rob", { ...sponsored, nonce: 7_000n * 256n + 2n }],
      ["rob", { ...sponsored, nonce: 7_000n * 256n + 3n }],
    ]);
    const { accepted } = await claim(system, served);
    expect(accepted).to.equal(0b011_0111n);
    expect(await settlement.sponsorshipOf(sponsor, rob, token)).to.equal(0n);
  });

  it("has no end when it pays whatever its requester orders, at the lowest of prices", async () => {
    const system = await deploy();
    const { registry, settlement, token, modelVersion, actors } = system;
    const { rita, rob, sponsor, ada } = actors;
    await registry.connect(ada).setOffer(modelVersion, token, 1n);
    await beginEpochs(system, 2);
    await settlement.connect(sponsor).setSponsorship(rob, token, MaxUint256);
    const served = await serveAll(system, [["rita"], ["rob", { sponsor: sponsor.address }]]);
    expect((await claim(system, served)).accepted).to.equal(0b11n);
    expect(await depositOf(system, rita)).to.equal(FUNDS - 1n);
    expect(await depositOf(system, rob)).to.equal(FUNDS);
    expect(await depositOf(system, sponsor)).to.equal(FUNDS - 1n);
    expect(await settlement.sponsorshipOf(sponsor, rob, token)).to.equal(MaxUint256 - 1n);
  });
});

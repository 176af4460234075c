import {
  hashOrder,
  type Order,
  Rejection,
  type ServedOrder,
  settlementBatch,
  Tier,
} from "@lattice/sdk";
import { expect } from "chai";
import { id, MaxUint256, toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  claim,
  claimOf,
  depositOf,
  lockEntry,
  orderOf,
  recordOf,
  serveMany,
} from "../../helpers/settlement.ts";
import { expectLeftOut, serveAll } from "../../helpers/settlement-batches.ts";
import { ASK, COLLATERAL, deployLane, FUNDS, MAX_PRICE } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);

/** Above the index of the requester, which nothing reads. */
const ABOVE = 144n;
const INDEX = 136n;

describe("OrderSettlement: what a batch says once", () => {
  it("settles orders of several requesters on several conditions, however they are mixed", async () => {
    const system = await deploy();
    const { settlement, escrow, token, actors } = system;
    const { rita, rob, sponsor } = actors;
    await settlement.connect(sponsor).setSponsorship(rob, token, 10n * ASK);
    const dear = { maxPrice: MAX_PRICE + 1n };
    const sponsored = { sponsor: sponsor.address };
    const word = { nonce: 5_000n * 256n };
    const served = await serveAll(system, [
      ["rita", word],
      ["rita", { ...dear, nonce: word.nonce + 1n }],
      ["rita", { nonce: word.nonce + 255n }],
      ["rita", { nonce: word.nonce + 256n }],
      ["rob", { ...sponsored, nonce: word.nonce }],
      ["rob", { ...sponsored, nonce: word.nonce + 9n, collateral: COLLATERAL }],
      ["rob", { nonce: word.nonce + 7n, collateral: 2n * COLLATERAL, challengeSeconds: 700 }],
      ["rita", { ...dear, nonce: word.nonce + 2n, validUntil: 1_900_000_000 }],
    ]);
    const { transaction, record, accepted } = await claim(system, served);
    expect(accepted).to.equal(0b1111_1111n);
    const claimedAt = await chain.networkHelpers.time.latest();
    expect(record).to.deep.equal(await recordOf(system, served, claimedAt));
    const [locked] = await escrow.queryFilter(
      escrow.filters.EscrowUnitsLocked(),
      transaction.blockNumber ?? undefined,
    );
    expect([...(locked?.args.locks ?? [])]).to.deep.equal([
      lockEntry(rita, 1),
      lockEntry(rita, 1),
      lockEntry(rita, 1),
      lockEntry(rita, 1),
      lockEntry(sponsor, 2),
      lockEntry(rob, 1),
      lockEntry(rita, 1),
    ]);
    const used = (1n << 0n) | (1n << 1n) | (1n << 2n) | (1n << 255n);
    expect(await settlement.noncesUsed(rita, 5_000n)).to.equal(used);
    expect(await settlement.noncesUsed(rita, 5_001n)).to.equal(1n);
    const robs = (1n << 0n) | (1n << 7n) | (1n << 9n);
    expect(await settlement.noncesUsed(rob, 5_000n)).to.equal(robs);
    expect(await depositOf(system, rita)).to.equal(FUNDS - 5n * ASK);
    expect(await depositOf(system, rob)).to.equal(FUNDS - ASK);
    expect(await depositOf(system, sponsor)).to.equal(FUNDS - 2n * ASK);
    expect(await settlement.sponsorshipOf(sponsor, rob, token)).to.equal(8n * ASK);
  });

  it("hashes any order as its requester does, whatever stands around it", async () => {
    const system = await deploy();
    const { settlement, actors } = system;
    const random = (label: string, bits: bigint) => BigInt(id(label)) & ((1n << bits) - 1n);
    const orders: ServedOrder[] = [];
    for (let i = 0; i < 40; ++i) {
      const who = `party ${random(`who ${i}`, 3n)}`;
      const changes: Partial<Order> = {
        requester: toBeHex(random(who, 160n), 20),
        sponsor: toBeHex(random(`sponsor ${who}`, 160n), 20),
        nonce: random(`nonce ${i}`, 64n),
        validUntil: Number(random(`until ${i}`, 40n)),
        inputCommitment: id(`input ${i}`),
        inputDigest: id(`digest ${i}`),
        maxPrice: random(`price ${who}`, 96n),
        collateral: random(`collateral ${who}`, 96n),
        challengeSeconds: Number(random(`window ${i}`, 32n)),
      };
      const order = await orderOf(system, actors.rita, changes);
      const signature = `0x${"11".repeat(64)}1b`;
      orders.push({ order, signature, outputCommitment: id("out"), outputDigest: id("trace") });
    }
    const { terms, items } = settlementBatch(actors.ada.address, orders);
    expect(terms.requesters.length).to.be.within(2, 8);
    for (const [i, { order }] of orders.entries()) {
      const given = items[i] as (typeof items)[number];
      const answer = await settlement.hashItem(terms, given, order.tier, actors.ada);
      expect(answer).to.equal(hashOrder(order));
      const noisy = { ...given, limits: given.limits | (MaxUint256 & ~((1n << ABOVE) - 1n)) };
      expect(await settlement.hashItem(terms, noisy, order.tier, actors.ada)).to.equal(answer);
    }
  });

  it("reads nothing above the index of an item's requester", async () => {
    const system = await deploy();
    const { settlement, escrow, actors } = system;
    const nonce = 6_000n * 256n;
    const served = await serveAll(system, [
      ["rita", { nonce }],
      ["rita", { nonce: nonce + 1n }],
    ]);
    const [terms, items, signatures] = claimOf(system, served);
    const noisy = items.map((item, i) => ({ ...item, limits: item.limits | (BigInt(i) << ABOVE) }));
    await expect(settlement.connect(actors.ada).claim(terms, noisy, signatures))
      .to.emit(escrow, "EscrowUnitsLocked")
      .withArgs(settlement, system.token, ASK, [lockEntry(actors.rita, 2)], []);
  });

  it("reverts for an item that names a requester beyond those of the terms", async () => {
    const system = await deploy();
    const { settlement, actors } = system;
    const served = await serveMany(system, actors.rita, 2);
    const [terms, items, signatures] = claimOf(system, served);
    const [first, second] = items as [(typeof items)[number], (typeof items)[number]];
    const proof = Array.from({ length: 8 }, () => 1n) as never;
    const asAda = settlement.connect(actors.ada);
    for (const index of [1n, 255n]) {
      const stray = { ...second, limits: second.limits | (index << INDEX) };
      for (const call of [
        () => asAda.claim(terms, [first, stray], signatures),
        () => asAda.settleProven(terms, [first, stray], signatures, [proof, proof]),
        () => settlement.hashItem(terms, stray, Tier.Optimistic, actors.ada),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(settlement, "OrderSettlementUnknownRequester")
          .withArgs(index, 1n);
      }
    }
    expect(await depositOf(system, actors.rita)).to.equal(FUNDS);
  });

  it("takes items of a requester for another's only with that one's signature", async () => {
    const system = await deploy();
    const { settlement, actors } = system;
    const served = await serveAll(system, [["rita"], ["rob"]]);
    const [terms, items, signatures] = claimOf(system, served);
    const swapped = items.map((item) => ({ ...item, limits: item.limits ^ (1n << INDEX) }));
    const call = settlement.connect(actors.ada).claim(terms, swapped, signatures);
    await expect(call).not.to.emit(settlement, "BatchClaimed");
    for (const who of [actors.rita, actors.rob]) {
      expect(await depositOf(system, who)).to.equal(FUNDS);
    }
  });

  it("takes no order of nobody, whom every signature that recovers nothing would name", async () => {
    const system = await deploy();
    const order = await orderOf(system, { address: ZeroAddress });
    const signature = `0x${"ff".repeat(32)}${"00".repeat(31)}091b`;
    const served = { order, signature, outputCommitment: id("out"), outputDigest: id("trace") };
    await expectLeftOut(
      system,
      [served, ...(await serveMany(system, system.actors.rita, 1))],
      [0],
      Rejection.InvalidSignature,
    );
  });
});

import type { BatchRecord, Order, ServedOrder } from "@lattice/sdk";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { claim, legsOf, orderOf, serve } from "../../helpers/settlement.ts";
import { ASK, COLLATERAL, deployLane, type Lane } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const ROUNDS = 40;

/** Numbers below `bound` that follow from a seed, so that a failure can be repeated. */
function dice(seed: string) {
  let state = BigInt(id(seed));
  return (bound: number) => {
    state = BigInt(id(state.toString()));
    return Number(state % BigInt(bound));
  };
}

/** All that the escrow owes of the lane's token: accounts of everyone that ever had one, and locks. */
async function owed({ escrow, token, settlement, treasury, actors }: Lane) {
  const owners = [
    ...Object.values(actors).map(({ address }) => address),
    await treasury.getAddress(),
  ];
  let sum = await escrow.lockedBy(settlement, token);
  for (const owner of owners) {
    const { deposit, earnings, thawing } = await escrow.accountOf(owner, token);
    sum += deposit + earnings + thawing;
  }
  return sum;
}

describe("OrderSettlement with random batches", () => {
  it("SOL-1, PAY-2, EXP-1: escrow and vault hold exactly what is owed after every batch and release", async () => {
    const system = await deployLane(chain);
    const { settlement, escrow, vault, registry, token, actors } = system;
    const { rita, rob, sponsor, ada, adaPayout, royalties } = actors;
    const roll = dice("random batches");
    await settlement.connect(sponsor).setSponsorship(rita, token, 60n * ASK);
    await escrow.connect(rob).thaw(token, 850n * 1_000_000n);
    const seen: ServedOrder[] = [];
    const open: BatchRecord[] = [];
    let paid = 0n;
    let rejected = 0;
    for (let round = 0; round < ROUNDS; ++round) {
      const served: ServedOrder[] = [];
      for (let i = 1 + roll(10); i > 0; --i) {
        const old = roll(6) === 0 ? seen[roll(seen.length || 1)] : undefined;
        served.push(old ?? (await randomOrder(system, roll)));
      }
      seen.push(...served);
      const { record, accepted } = await claim(system, served);
      const count = accepted.toString(2).replaceAll("0", "").length;
      rejected += served.length - count;
      if (record) {
        expect(record.count).to.equal(BigInt(count));
        open.push(record);
      }
      if (open.length > 0 && roll(2) === 0) {
        const [due] = open.splice(roll(open.length), 1) as [BatchRecord];
        if (BigInt(await chain.networkHelpers.time.latest()) < due.releaseAt) {
          await chain.networkHelpers.time.increaseTo(due.releaseAt);
        }
        await settlement.release(due);
        paid += due.count;
        const legs = legsOf(due.count * due.price);
        expect(legs.provider + legs.publisher + legs.fee).to.equal(due.count * due.price);
      }
      const locked = open.reduce((sum, { count: jobs, price }) => sum + jobs * price, 0n);
      const exposure = open.reduce((sum, { collateral }) => sum + collateral, 0n);
      expect(await escrow.lockedBy(settlement, token)).to.equal(locked);
      expect(await vault.lockedBy(ada, registry, settlement)).to.equal(exposure);
      expect(await owed(system)).to.equal(await token.balanceOf(escrow));
    }
    // The batches were neither all good nor all bad.
    expect(paid > 20n).to.equal(true);
    expect(rejected).to.be.greaterThan(20);
    const earned = await Promise.all(
      [adaPayout.address, royalties.address, await system.treasury.getAddress()].map(
        async (owner) => (await escrow.accountOf(owner, token)).earnings,
      ),
    );
    expect(earned.reduce((sum, amount) => sum + amount, 0n)).to.equal(paid * ASK);
  });

  async function randomOrder(system: Lane, roll: (bound: number) => number) {
    const { rita, rob, sponsor, stranger } = system.actors;
    const requester = roll(2) === 0 ? rita : rob;
    const changes: Partial<Order> = {
      sponsor: roll(3) === 0 ? sponsor.address : ORDER_WITHOUT_SPONSOR,
      collateral: COLLATERAL * BigInt([1, 1, 2, 50, 300][roll(5)] ?? 1),
      challengeSeconds: [60, 120, 600, 10][roll(4)] ?? 60,
      maxPrice: [ASK, 2n * ASK, ASK - 1n][roll(3)] ?? ASK,
    };
    const signer = roll(8) === 0 ? stranger : requester;
    return serve(system, signer, await orderOf(system, requester, changes));
  }
});

const ORDER_WITHOUT_SPONSOR = `0x${"00".repeat(20)}`;

import { JobState, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { candidatesOf } from "../helpers/draws.ts";
import { advanceToDraw } from "../helpers/epochs.ts";
import {
  acceptProof,
  deployMarketplace,
  drawOrder,
  OUTPUT_COMMITMENT,
  OUTPUT_DIGEST,
  PROOF,
  post,
} from "../helpers/orders.ts";
import { COLLATERAL, expectSlash, passDeadline } from "../helpers/slashes.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

/** Seeds come from BLS signatures of the leaders that the beacon draws. */
async function marketplace() {
  return deployMarketplace(chain, { beacon: "real" });
}

type Place = Awaited<ReturnType<typeof marketplace>>;

async function providerOf({ market }: Place, jobId: bigint) {
  return ethers.getSigner((await market.jobOf(jobId)).provider);
}

describe("A marketplace on the real beacon", () => {
  it("RND-3: draws jobs from revealed seeds, as anyone recomputes", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { market, beacon } = place;
    const orders = new Map<bigint, Order>();
    for (let count = 0; count < 8; count++) {
      const order = await drawOrder(place);
      orders.set(await post(place, order), order);
    }
    const epoch = await advanceToDraw(place, [...orders.keys()].at(-1) as bigint);
    expect((await beacon.epochInfo(epoch)).drawable).to.equal(true);
    const drawn = new Set<string>();
    for (const [jobId, order] of orders) {
      await market.assign(order);
      const { provider } = await market.jobOf(jobId);
      expect(provider).to.equal((await candidatesOf(place, jobId, epoch))[0]);
      drawn.add(provider);
    }
    expect(drawn.size).to.be.greaterThan(1);
  });

  it("slashes a provider that went silent, draws another time and pays who finished", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { market, escrow, vault, registry, token, actors } = place;
    const order = await drawOrder(place);
    const deposit = (await escrow.accountOf(actors.requester, token)).deposit;
    const jobId = await post(place, order);
    await advanceToDraw(place, jobId);
    await market.assign(order);

    const silent = await providerOf(place, jobId);
    await passDeadline(place, jobId);
    const late = { jobId, order, provider: silent };
    await expectSlash(place, late, actors.reporter, JobState.Assigned);

    const epoch = await advanceToDraw(place, jobId);
    await market.assign(order);
    const second = await providerOf(place, jobId);
    expect(second.address).to.equal((await candidatesOf(place, jobId, epoch, 1n))[0]);
    await market.connect(second).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
    await acceptProof(place, jobId, order);
    await expect(market.prove(order, PROOF)).to.emit(market, "JobSettled");
    const { price } = await market.jobOf(jobId);

    const after = (await escrow.accountOf(actors.requester, token)).deposit;
    expect(deposit - after).to.equal(price);
    expect(await escrow.lockedBy(market, token)).to.equal(0);
    for (const provider of [silent, second]) {
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(0);
    }
    expect(await vault.lockedBy(silent, registry, market)).to.equal(0);
    expect(COLLATERAL).to.equal(order.collateral);
  });

  it("keeps a leader's withholding slash and a job's slash apart", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { market, beacon, vault, registry, actors } = place;
    const order = await drawOrder(place);
    const jobId = await post(place, order);
    await advanceToDraw(place, jobId);
    await market.assign(order);
    const provider = await providerOf(place, jobId);
    await passDeadline(place, jobId);
    // Nobody revealed meanwhile, so at least the first leader of the next epoch is late as well.
    const epoch = (await beacon.currentEpoch()) + 1n;
    const leader = await beacon.leaderOf(0);
    const before = (await vault.provisionOf(leader, registry)).tokens;
    await expect(beacon.connect(actors.stranger).reportWithholding(epoch, 0)).to.emit(
      beacon,
      "LeaderSlashed",
    );
    expect((await vault.provisionOf(leader, registry)).tokens).to.be.lessThan(before);
    await expectSlash(place, { jobId, order, provider }, actors.reporter, JobState.Assigned);
  });
});

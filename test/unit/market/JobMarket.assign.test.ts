import { JobState, jobIdOf, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { AbiCoder, id, keccak256, parseEther } from "ethers";
import { network } from "hardhat";
import { candidatesOf, postDrawable } from "../../helpers/draws.ts";
import { advanceEpoch } from "../../helpers/epochs.ts";
import {
  ASKS,
  deployMarketplace,
  drawOrder,
  type Marketplace,
  post,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;

async function marketplace() {
  return deployMarketplace(chain);
}

/** Posts until the first candidate of a job is `first` and a later one is another. */
async function postWithFirstCandidate(
  system: Marketplace,
  first: string,
  changes: Partial<Order> = {},
) {
  for (let tries = 0; tries < 50; tries++) {
    const posted = await postDrawable(system, changes);
    const next = posted.candidates.findIndex((candidate) => candidate !== first);
    if (posted.candidates[0] === first && next > 0) {
      return { ...posted, nextPick: next, next: posted.candidates[next] as string };
    }
  }
  throw new Error("no job drew the wanted provider first; the draw is broken or the test unlucky");
}

describe("JobMarket", () => {
  describe("assign", () => {
    it("assigns the drawn provider at its ask and locks its collateral", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, vault, registry, actors } = system;
      const { order, jobId, epoch, candidates } = await postDrawable(system);
      const provider = candidates[0] as string;
      const name = (["ada", "ben", "cal"] as const).find(
        (actor) => actors[actor].address === provider,
      );
      if (!name) throw new Error("the drawn provider is none of the three");

      const assigning = market.connect(actors.stranger).assign(order);
      await assigning;
      const commitBy = (await networkHelpers.time.latest()) + order.commitSeconds;
      await expect(assigning)
        .to.emit(market, "JobAssigned")
        .withArgs(jobId, provider, ASKS[name], epoch, 0, commitBy);
      await expect(assigning)
        .to.emit(vault, "StakeLocked")
        .withArgs(provider, registry.target, market.target, order.collateral);

      const job = await market.jobOf(jobId);
      expect(job.provider).to.equal(provider);
      expect(job.state).to.equal(JobState.Assigned);
      expect(job.price).to.equal(ASKS[name]);
      expect(job.deadline).to.equal(commitBy);
      expect(await vault.lockedBy(provider, registry, market)).to.equal(order.collateral);
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(order.collateral);
    });

    it("RND-3: draws whom anyone computes from the seed, and not always the same", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const orders: Order[] = [];
      for (let index = 0; index < 12; index++) {
        const order = await drawOrder(system);
        await post(system, order);
        orders.push(order);
      }
      await advanceEpoch(system);
      const epoch = await advanceEpoch(system);
      const drawn = new Set<string>();
      for (const order of orders) {
        const jobId = jobIdOf(order);
        await system.market.assign(order);
        const { provider } = await system.market.jobOf(jobId);
        expect(provider).to.equal((await candidatesOf(system, jobId, epoch))[0]);
        drawn.add(provider);
      }
      expect(drawn.size).to.be.greaterThan(1);
    });

    it("gives drawRandomness as keccak256 of seed, market, job, attempt and pick", async () => {
      const { market, matchmaker } = await networkHelpers.loadFixture(marketplace);
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "address", "uint256", "uint256", "uint256"],
        [id("seed"), market.target, 7, 2, 5],
      );
      const drawn = await matchmaker.drawRandomness(id("seed"), market, 7, 2, 5);
      expect(drawn).to.equal(BigInt(keccak256(encoded)));
    });

    const obstacles: Record<string, (system: Marketplace) => Promise<unknown>> = {
      "is draining": ({ registry, actors }) => registry.connect(actors.cal).setDraining(true),
      "is jailed": ({ registry, actors }) =>
        registry.connect(actors.governance).setJailed(actors.cal, true),
      "has too little free stake": ({ vault, registry, actors }) =>
        vault.connect(actors.cal).thaw(registry, parseEther("49950")),
    };

    for (const [obstacle, apply] of Object.entries(obstacles)) {
      it(`passes over a candidate that ${obstacle}, to the next pick`, async () => {
        const system = await networkHelpers.loadFixture(marketplace);
        const { market, actors } = system;
        const posted = await postWithFirstCandidate(system, actors.cal.address);
        await apply(system);
        await market.assign(posted.order);
        const [assigned] = await market.queryFilter(market.filters.JobAssigned(posted.jobId));
        expect(assigned?.args.provider).to.equal(posted.next);
        expect(assigned?.args.pick).to.equal(posted.nextPick);
      });
    }

    it("passes over a candidate that asks more than the maximum", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, actors } = system;
      const { jobId, order, next } = await postWithFirstCandidate(system, actors.cal.address, {
        maxPrice: ASKS.cal - 1n,
      });
      await market.assign(order);
      expect((await market.jobOf(jobId)).provider).to.equal(next);
    });

    it("PAY-3: takes an ask that equals the maximum", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, actors } = system;
      const { jobId, order } = await postWithFirstCandidate(system, actors.cal.address, {
        maxPrice: ASKS.cal,
      });
      await market.assign(order);
      const job = await market.jobOf(jobId);
      expect(job.provider).to.equal(actors.cal.address);
      expect(job.price).to.equal(order.maxPrice);
    });

    it("passes over a candidate whose offer was withdrawn before the draw's epoch", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, registry, modelVersion, actors } = system;
      await registry.connect(actors.cal).withdrawOffer(modelVersion, system.token);
      await registry.connect(actors.ben).withdrawOffer(modelVersion, system.token);
      await advanceEpoch(system);
      const { jobId, order, candidates } = await postDrawable(system);
      expect(new Set(candidates)).to.deep.equal(new Set([actors.ada.address]));
      await market.assign(order);
      expect((await market.jobOf(jobId)).provider).to.equal(actors.ada.address);
    });
  });
});

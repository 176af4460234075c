import { JobState, type Order, parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { AbiCoder, id, keccak256, parseEther, ZeroHash } from "ethers";
import { network } from "hardhat";
import { drawFromWeights, drawTicket } from "../../../packages/sdk/src/draw.ts";
import { advanceEpoch } from "../../helpers/epochs.ts";
import {
  ASKS,
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  post,
  publishModel,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

async function marketplace() {
  return deployMarketplace(chain);
}

/** The first eight candidates of a job, recomputed from the seed as anyone can off-chain. */
async function candidatesOf(system: Marketplace, jobId: bigint, epoch: bigint, attempt = 0n) {
  const { registry, beacon, market, modelVersion } = system;
  const { seed } = await beacon.epochInfo(epoch);
  const members = await registry.poolMembers(modelVersion, 0, 100);
  const weights = await Promise.all(
    members.map((member) => registry.weightOf(member, modelVersion, epoch)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  return Array.from({ length: 8 }, (_, pick) => {
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "address", "uint256", "uint256", "uint256"],
      [seed, market.target, jobId, attempt, pick],
    );
    return members[
      drawFromWeights(weights, drawTicket(BigInt(keccak256(encoded)), total))
    ] as string;
  });
}

/** Posts a drawn order and begins the epoch that draws it. */
async function postDrawable(system: Marketplace, changes: Partial<Order> = {}) {
  const order = await drawOrder(system, changes);
  const jobId = await post(system, order);
  const epoch = await advanceEpoch(system);
  return { order, jobId, epoch, candidates: await candidatesOf(system, jobId, epoch) };
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

      const assigning = market.connect(actors.stranger).assign(jobId, order);
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
      const order = await drawOrder(system);
      const jobs = [];
      for (let index = 0; index < 12; index++) jobs.push(await post(system, order));
      const epoch = await advanceEpoch(system);
      const drawn = new Set<string>();
      for (const jobId of jobs) {
        await system.market.assign(jobId, order);
        const { provider } = await system.market.jobOf(jobId);
        expect(provider).to.equal((await candidatesOf(system, jobId, epoch))[0]);
        drawn.add(provider);
      }
      expect(drawn.size).to.be.greaterThan(1);
    });

    it("gives drawRandomness as keccak256 of seed, market, job, attempt and pick", async () => {
      const { market } = await networkHelpers.loadFixture(marketplace);
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "address", "uint256", "uint256", "uint256"],
        [id("seed"), market.target, 7, 2, 5],
      );
      expect(await market.drawRandomness(id("seed"), 7, 2, 5)).to.equal(BigInt(keccak256(encoded)));
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
        await market.assign(posted.jobId, posted.order);
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
      await market.assign(jobId, order);
      expect((await market.jobOf(jobId)).provider).to.equal(next);
    });

    it("PAY-3: takes an ask that equals the maximum", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, actors } = system;
      const { jobId, order } = await postWithFirstCandidate(system, actors.cal.address, {
        maxPrice: ASKS.cal,
      });
      await market.assign(jobId, order);
      const job = await market.jobOf(jobId);
      expect(job.provider).to.equal(actors.cal.address);
      expect(job.price).to.equal(order.maxPrice);
    });

    it("passes over a candidate whose offer was withdrawn before the draw's epoch", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, registry, modelVersion, actors } = system;
      await registry.connect(actors.cal).withdrawOffer(modelVersion);
      await registry.connect(actors.ben).withdrawOffer(modelVersion);
      await advanceEpoch(system);
      const { jobId, order, candidates } = await postDrawable(system);
      expect(new Set(candidates)).to.deep.equal(new Set([actors.ada.address]));
      await market.assign(jobId, order);
      expect((await market.jobOf(jobId)).provider).to.equal(actors.ada.address);
    });

    it("reverts when none of the picks may take the job, and can be tried again", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, registry, actors } = system;
      const { ada, ben, cal } = actors;
      const { jobId, order, candidates } = await postDrawable(system);
      for (const provider of [ada, ben, cal]) {
        await registry.connect(provider).setDraining(true);
      }
      await expect(market.assign(jobId, order))
        .to.be.revertedWithCustomError(market, "JobMarketNoEligibleProvider")
        .withArgs(jobId, 8);
      for (const provider of [ada, ben, cal]) {
        await registry.connect(provider).setDraining(false);
      }
      await market.assign(jobId, order);
      expect((await market.jobOf(jobId)).provider).to.equal(candidates[0]);
    });

    it("reverts when nobody offers the model", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const verifier = await ethers.deployContract("TableVerifier");
      const modelVersion = await publishModel(system, await verifier.getAddress());
      const order = await drawOrder(system, { modelVersion });
      const jobId = await post(system, order);
      const epoch = await advanceEpoch(system);
      await expect(system.market.assign(jobId, order))
        .to.be.revertedWithCustomError(system.registry, "ProviderRegistryEmptyPool")
        .withArgs(modelVersion, epoch);
    });

    it("works while new work is paused, the model retired and its verifier stopped", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, models, router, actors } = system;
      const { jobId, order } = await postDrawable(system);
      await market.connect(actors.guardian).setNewWorkPaused(true);
      await models.connect(actors.publisher).retire(system.modelVersion);
      await router.connect(actors.governance).stop(system.selector);
      await expect(market.assign(jobId, order)).to.emit(market, "JobAssigned");
    });

    describe("seeds", () => {
      async function posted() {
        const system = await deployMarketplace(chain);
        const { steered } = system;
        if (!steered) throw new Error("these tests choose their seeds");
        const order = await drawOrder(system);
        const jobId = await post(system, order);
        const { drawEpoch } = await system.market.jobOf(jobId);
        return { system, steered, order, jobId, drawEpoch, market: system.market };
      }

      it("RND-1: reverts while the seed does not exist", async () => {
        const { market, order, jobId, drawEpoch } = await networkHelpers.loadFixture(posted);
        await expect(market.assign(jobId, order))
          .to.be.revertedWithCustomError(market, "JobMarketDrawTooEarly")
          .withArgs(jobId, drawEpoch, drawEpoch - 1n);
      });

      it("draws from the first seed also one epoch later", async () => {
        const { system, market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        await steered.start(id("first"), true);
        const [expected] = await candidatesOf(system, jobId, drawEpoch);
        await steered.start(id("second"), true);
        await market.assign(jobId, order);
        const [assigned] = await market.queryFilter(market.filters.JobAssigned(jobId));
        expect(assigned?.args.epoch).to.equal(drawEpoch);
        expect(assigned?.args.provider).to.equal(expected);
      });

      it("waits for the next seed when the first may not draw", async () => {
        const { system, market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        await steered.start(id("bootstrap"), false);
        await expect(market.assign(jobId, order))
          .to.be.revertedWithCustomError(market, "JobMarketDrawTooEarly")
          .withArgs(jobId, drawEpoch + 1n, drawEpoch);
        await steered.start(id("second"), true);
        const [expected] = await candidatesOf(system, jobId, drawEpoch + 1n);
        await market.assign(jobId, order);
        const [assigned] = await market.queryFilter(market.filters.JobAssigned(jobId));
        expect(assigned?.args.epoch).to.equal(drawEpoch + 1n);
        expect(assigned?.args.provider).to.equal(expected);
      });

      it("reverts when neither seed may draw", async () => {
        const { market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        await steered.start(id("bootstrap"), false);
        await steered.start(id("bootstrap again"), false);
        await expect(market.assign(jobId, order))
          .to.be.revertedWithCustomError(market, "JobMarketDrawWindowPassed")
          .withArgs(jobId, drawEpoch, drawEpoch + 1n);
      });

      it("reverts two epochs later", async () => {
        const { market, steered, order, jobId, drawEpoch } =
          await networkHelpers.loadFixture(posted);
        for (const seed of ["first", "second", "third"]) await steered.start(id(seed), true);
        await expect(market.assign(jobId, order))
          .to.be.revertedWithCustomError(market, "JobMarketDrawWindowPassed")
          .withArgs(jobId, drawEpoch, drawEpoch + 2n);
      });
    });

    it("reverts from the deadline on", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market } = system;
      const { jobId, order } = await postDrawable(system);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.assign(jobId, order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
    });

    it("works until the second before the deadline", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market } = system;
      const { jobId, order } = await postDrawable(system);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(market.assign(jobId, order)).to.emit(market, "JobAssigned");
    });

    it("reverts for a direct order", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const order = await directOrder(system, system.actors.ada);
      const jobId = await post(system, order);
      await expect(system.market.assign(jobId, order))
        .to.be.revertedWithCustomError(system.market, "JobMarketWrongMode")
        .withArgs(jobId, order.mode);
    });

    it("reverts for another order and for a job that does not exist", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market } = system;
      const { jobId, order } = await postDrawable(system);
      const other = { ...order, maxPrice: order.maxPrice + 1n };
      await expect(market.assign(jobId, other))
        .to.be.revertedWithCustomError(market, "JobMarketOrderMismatch")
        .withArgs(jobId, await market.hashOrder(order), await market.hashOrder(other));
      await expect(market.assign(99, order))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(99, JobState.None);
    });
  });

  describe("accept", () => {
    async function postedForAda() {
      const system = await deployMarketplace(chain);
      const order = await directOrder(system, system.actors.ada);
      const jobId = await post(system, order);
      return { system, market: system.market, ada: system.actors.ada, order, jobId };
    }

    it("assigns the named provider at its ask and locks its collateral", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const { vault, registry, beacon } = system;
      const accepting = market.connect(ada).accept(jobId, order);
      await accepting;
      const commitBy = (await networkHelpers.time.latest()) + order.commitSeconds;
      await expect(accepting)
        .to.emit(market, "JobAssigned")
        .withArgs(jobId, ada.address, ASKS.ada, await beacon.currentEpoch(), 0, commitBy);
      await expect(accepting)
        .to.emit(vault, "StakeLocked")
        .withArgs(ada.address, registry.target, market.target, order.collateral);
      const job = await market.jobOf(jobId);
      expect([job.provider, job.state, job.price, job.deadline]).to.deep.equal([
        ada.address,
        BigInt(JobState.Assigned),
        ASKS.ada,
        BigInt(commitBy),
      ]);
      expect((await vault.provisionOf(ada, registry)).exposure).to.equal(order.collateral);
    });

    it("charges the ask that counts now, not one that counts later", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      await system.registry.connect(ada).setOffer(system.modelVersion, parseEther("2.9"));
      await market.connect(ada).accept(jobId, order);
      expect((await market.jobOf(jobId)).price).to.equal(ASKS.ada);
    });

    it("GOV-2: reverts while new work is paused", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      await market.connect(system.actors.guardian).setNewWorkPaused(true);
      await expect(market.connect(ada).accept(jobId, order)).to.be.revertedWithCustomError(
        market,
        "JobMarketNewWorkPaused",
      );
    });

    it("reverts for anyone but the named provider", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const { ben } = system.actors;
      await expect(market.connect(ben).accept(jobId, order))
        .to.be.revertedWithCustomError(market, "JobMarketNotProvider")
        .withArgs(jobId, ada.address, ben.address);
    });

    it("reverts from the deadline on", async () => {
      const { market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.connect(ada).accept(jobId, order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
    });

    it("reverts while the provider is draining or jailed", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const { registry, actors } = system;
      const refused = () =>
        expect(market.connect(ada).accept(jobId, order))
          .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
          .withArgs(ada.address, order.modelVersion);
      await registry.connect(ada).setDraining(true);
      await refused();
      await registry.connect(ada).setDraining(false);
      await registry.connect(actors.governance).setJailed(ada, true);
      await refused();
    });

    it("reverts when the provider does not offer the model or asks more", async () => {
      const { system, market, ada } = await networkHelpers.loadFixture(postedForAda);
      const verifier = await ethers.deployContract("TableVerifier");
      const notOffered = await directOrder(system, ada, {
        modelVersion: await publishModel(system, await verifier.getAddress()),
      });
      const tooCheap = await directOrder(system, ada, { maxPrice: ASKS.ada - 1n });
      for (const order of [notOffered, tooCheap]) {
        const jobId = await post(system, order);
        await expect(market.connect(ada).accept(jobId, order))
          .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
          .withArgs(ada.address, order.modelVersion);
      }
    });

    it("EXP-2: reverts when the provider's free stake does not cover the collateral", async () => {
      const { system, market, ada } = await networkHelpers.loadFixture(postedForAda);
      const { vault, registry } = system;
      const order = await directOrder(system, ada, { collateral: parseEther("20001") });
      const jobId = await post(system, order);
      await expect(market.connect(ada).accept(jobId, order))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientFree")
        .withArgs(ada.address, registry.target, parseEther("20000"), parseEther("20001"));
    });

    it("reverts for a drawn order, another order and a job that does not exist", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      const drawn = await drawOrder(system);
      const drawnId = await post(system, drawn);
      const asAda = market.connect(ada);
      await expect(asAda.accept(drawnId, drawn))
        .to.be.revertedWithCustomError(market, "JobMarketWrongMode")
        .withArgs(drawnId, drawn.mode);
      await expect(asAda.accept(jobId, drawn))
        .to.be.revertedWithCustomError(market, "JobMarketOrderMismatch")
        .withArgs(jobId, await market.hashOrder(order), await market.hashOrder(drawn));
      await expect(asAda.accept(99, order))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(99, JobState.None);
    });

    it("keeps the provider's word after parameters change", async () => {
      const { system, market, ada, order, jobId } = await networkHelpers.loadFixture(postedForAda);
      await system.parameters
        .connect(system.actors.governance)
        .set(parameterIndex("ZkCollateralFloor"), parseEther("1000"));
      await expect(market.connect(ada).accept(jobId, order)).to.emit(market, "JobAssigned");
      expect((await market.jobOf(jobId)).outputCommitment).to.equal(ZeroHash);
    });
  });
});

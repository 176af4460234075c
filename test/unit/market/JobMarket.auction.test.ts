import { drawRandomness, JobState, jobIdOf } from "@lattice/sdk";
import { expect } from "chai";
import { AbiCoder, id, keccak256, parseEther } from "ethers";
import { network } from "hardhat";
import { bid, closeBidding, postAuction } from "../../helpers/auctions.ts";
import { candidatesOf } from "../../helpers/draws.ts";
import { advanceEpoch } from "../../helpers/epochs.ts";
import { deployMarketplace, drawOrder, type Marketplace, post } from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const PRICES = { ada: parseEther("1.2"), ben: parseEther("0.6"), cal: parseEther("2.5") } as const;

async function auction() {
  const system = await deployMarketplace(chain);
  return { system, ...system, ...(await postAuction(system)) };
}

async function bidFor() {
  const place = await auction();
  for (const name of ["ada", "ben", "cal"] as const) {
    await bid(place.system, place.actors[name], place.order, PRICES[name]);
  }
  return place;
}

/** The winner that anyone can compute off-chain: seed and weights are public. */
async function expectedWinner(system: Marketplace, jobId: bigint, seed: string, pick = 0) {
  const bids = await system.matchmaker.bidsOf(system.market, jobId);
  const types = ["bytes32", "bytes32", "address", "uint256", "uint256"];
  const values = [id("LATTICE-V3-BID"), seed, system.market.target, jobId, pick];
  const word = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
  let ticket = word % bids.reduce((sum, { weight }) => sum + weight, 0n);
  for (const { provider, price, weight } of bids) {
    if (ticket < weight) return { provider, price };
    ticket -= weight;
  }
  throw new Error("no ticket hits");
}

describe("JobMarket", () => {
  describe("award", () => {
    it("RND-3: gives the job to the bidder that the seed draws, at its bid", async () => {
      const { system, market, beacon, vault, registry, jobId, order, closesAt } =
        await networkHelpers.loadFixture(bidFor);
      const closingEpoch = await closeBidding(system, closesAt);
      const epoch = closingEpoch + 3n;
      const { seed } = await beacon.epochInfo(epoch);
      const winner = await expectedWinner(system, jobId, seed);
      const awarding = market.award(order, closingEpoch);
      await awarding;
      const commitBy = (await networkHelpers.time.latest()) + order.commitSeconds;
      await expect(awarding)
        .to.emit(market, "JobAssigned")
        .withArgs(jobId, winner.provider, winner.price, epoch, 0, commitBy)
        .and.to.emit(vault, "StakeLocked")
        .withArgs(winner.provider, registry.target, market.target, order.collateral);
      const { price, state } = await market.jobOf(jobId);
      expect([price, state]).to.deep.equal([winner.price, BigInt(JobState.Assigned)]);
    });

    it("PAY-3: the requester pays the winning price, never the maximum", async () => {
      const { system, market, jobId, order, closesAt } = await networkHelpers.loadFixture(bidFor);
      await market.award(order, await closeBidding(system, closesAt));
      const { price, provider } = await market.jobOf(jobId);
      const bids = await system.matchmaker.bidsOf(market, jobId);
      expect(price).to.equal(bids.find((each) => each.provider === provider)?.price);
      expect(price).to.be.lessThan(order.maxPrice);
    });

    it("RND-1: reverts until a seed exists that nobody knew when bidding closed", async () => {
      const { system, market, matchmaker, beacon, jobId, order, closesAt } =
        await networkHelpers.loadFixture(bidFor);
      const closingEpoch = await beacon.currentEpoch();
      await networkHelpers.time.setNextBlockTimestamp(closesAt - 1n);
      await expect(market.award(order, closingEpoch))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerBiddingOpen")
        .withArgs(jobId, closesAt);
      await networkHelpers.time.increaseTo(closesAt);
      for (let epochs = 0n; epochs < 3n; epochs++) {
        await expect(market.award(order, closingEpoch))
          .to.be.revertedWithCustomError(matchmaker, "MatchmakerDrawTooEarly")
          .withArgs(jobId, closingEpoch + 3n, closingEpoch + epochs);
        await advanceEpoch(system);
      }
      await market.award(order, closingEpoch);
    });

    it("RND-1: reverts for any epoch but the one in which bidding closed: nobody picks a seed", async () => {
      const { system, market, matchmaker, jobId, order, closesAt } =
        await networkHelpers.loadFixture(bidFor);
      const closingEpoch = await closeBidding(system, closesAt);
      for (const epoch of [closingEpoch - 1n, closingEpoch + 1n, closingEpoch + 9n]) {
        await expect(market.award(order, epoch))
          .to.be.revertedWithCustomError(matchmaker, "MatchmakerNotClosingEpoch")
          .withArgs(jobId, epoch, closesAt);
      }
    });

    it("passes over bidders that can no longer take the job", async () => {
      const { system, market, registry, actors, beacon, jobId, order, closesAt } =
        await networkHelpers.loadFixture(bidFor);
      const closingEpoch = await closeBidding(system, closesAt);
      const { seed } = await beacon.epochInfo(closingEpoch + 3n);
      const first = await expectedWinner(system, jobId, seed);
      const signer = await system.chain.ethers.getSigner(first.provider);
      await registry.connect(signer).setDraining(true);
      await market.award(order, closingEpoch);
      const { provider } = await market.jobOf(jobId);
      expect(provider).not.to.equal(first.provider);
      let pick = 1;
      while ((await expectedWinner(system, jobId, seed, pick)).provider === first.provider) pick++;
      expect(provider).to.equal((await expectedWinner(system, jobId, seed, pick)).provider);
      expect([actors.ada.address, actors.ben.address, actors.cal.address]).to.include(provider);
    });

    it("escalates to the pool when nobody bid, at the drawn provider's ask", async () => {
      const { system, market, registry, jobId, order, closesAt } =
        await networkHelpers.loadFixture(auction);
      const closingEpoch = await closeBidding(system, closesAt);
      const [expected] = await candidatesOf(system, jobId, closingEpoch + 3n);
      await market.award(order, closingEpoch);
      const { provider, price } = await market.jobOf(jobId);
      expect(provider).to.equal(expected);
      const pool = await registry.poolOf(order.modelVersion, order.paymentToken);
      const { ask } = await registry.askOf(provider, pool, closingEpoch + 3n);
      expect(price).to.equal(ask);
    });

    it("is drawn from the pool after a slash, not awarded twice", async () => {
      const { system, market, jobId, order, closesAt } = await networkHelpers.loadFixture(bidFor);
      const closingEpoch = await closeBidding(system, closesAt);
      await market.award(order, closingEpoch);
      await networkHelpers.time.increase(order.commitSeconds);
      await market.timeOut(order);
      await expect(market.award(order, closingEpoch))
        .to.be.revertedWithCustomError(market, "JobMarketWrongMode")
        .withArgs(jobId, order.mode);
      const { drawEpoch } = await market.jobOf(jobId);
      while ((await system.beacon.currentEpoch()) < drawEpoch) await advanceEpoch(system);
      const [expected] = await candidatesOf(system, jobId, drawEpoch, 1n);
      await market.assign(order);
      expect((await market.jobOf(jobId)).provider).to.equal(expected);
    });

    it("reverts for orders of other modes, for another order, and from the deadline on", async () => {
      const { system, market, jobId, order, closesAt } = await networkHelpers.loadFixture(bidFor);
      const drawn = await drawOrder(system);
      const drawnId = await post(system, drawn);
      await expect(market.award(drawn, 0))
        .to.be.revertedWithCustomError(market, "JobMarketWrongMode")
        .withArgs(drawnId, drawn.mode);
      await expect(market.assign(order))
        .to.be.revertedWithCustomError(market, "JobMarketWrongMode")
        .withArgs(jobId, order.mode);
      const other = { ...order, collateral: order.collateral + 1n };
      await expect(market.award(other, 0))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
      const closingEpoch = await closeBidding(system, closesAt);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.award(order, closingEpoch))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
      await expect(market.refund(order)).to.emit(market, "JobRefunded");
    });

    it("RND-2: wins follow weights over many seeds", async () => {
      const { system, market, matchmaker, steered, jobId, order, closesAt } =
        await networkHelpers.loadFixture(bidFor);
      const closingEpoch = await closeBidding(system, closesAt);
      const bids = await matchmaker.bidsOf(market, jobId);
      const total = bids.reduce((sum, { weight }) => sum + weight, 0n);
      const wins = new Map<string, number>();
      const rounds = 600;
      for (let round = 0; round < rounds; round++) {
        const { provider } = await expectedWinner(system, jobId, id(`seed ${round}`));
        wins.set(provider, (wins.get(provider) ?? 0) + 1);
      }
      let chiSquare = 0;
      for (const { provider, weight } of bids) {
        const expected = (rounds * Number(weight)) / Number(total);
        chiSquare += ((wins.get(provider) ?? 0) - expected) ** 2 / expected;
      }
      // 99.9 % of the chi-square distribution with two degrees of freedom.
      expect(chiSquare).to.be.lessThan(13.82);
      expect(steered).not.to.equal(undefined);
      await market.award(order, closingEpoch);
    });

    it("lets its requester cancel while bidding is open, and not after", async () => {
      const { market, actors, jobId, order, closesAt } = await networkHelpers.loadFixture(bidFor);
      const open = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(closesAt - 1n);
      await expect(market.connect(actors.requester).cancel(order)).to.emit(market, "JobRefunded");
      await open.restore();
      await networkHelpers.time.setNextBlockTimestamp(closesAt);
      await expect(market.connect(actors.requester).cancel(order))
        .to.be.revertedWithCustomError(market, "JobMarketBiddingClosed")
        .withArgs(jobId, closesAt);
    });

    it("keeps pool draws and bid draws apart in their randomness", async () => {
      const { market, jobId } = await networkHelpers.loadFixture(bidFor);
      const pool = drawRandomness(id("seed"), await market.getAddress(), jobId, 0, 0n);
      const types = ["bytes32", "bytes32", "address", "uint256", "uint256"];
      const values = [id("LATTICE-V3-BID"), id("seed"), market.target, jobId, 0];
      const bids = keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
      expect(pool).not.to.equal(BigInt(bids));
    });
  });
});

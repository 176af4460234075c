import { AssignmentMode, hashOrder, jobIdOf, type Order, parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import { network } from "hardhat";
import { auctionOrder, bid, postAuction } from "../../helpers/auctions.ts";
import { CAPABILITIES, joinAsProvider } from "../../helpers/joining.ts";
import { deployMarketplace, directOrder, post } from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const PPM = 1_000_000n;
const PRICE = parseEther("1");
const MAX_BIDS = 32;

async function auction() {
  const system = await deployMarketplace(chain);
  return { system, ...system, ...(await postAuction(system)) };
}

describe("Matchmaker", () => {
  describe("bid", () => {
    it("records price and weight: free stake in whole LAT times the price advantage", async () => {
      const { system, matchmaker, market, actors, jobId, order } =
        await networkHelpers.loadFixture(auction);
      const advantage = (order.maxPrice * PPM) / PRICE;
      await expect(bid(system, actors.ada, order, PRICE))
        .to.emit(matchmaker, "BidPlaced")
        .withArgs(market.target, jobId, actors.ada.address, PRICE, 20_000n * advantage);
      await bid(system, actors.cal, order, order.maxPrice);
      expect(await matchmaker.bidsOf(market, jobId)).to.deep.equal([
        [actors.ada.address, PRICE, 20_000n * advantage],
        [actors.cal.address, order.maxPrice, 50_000n * PPM],
      ]);
    });

    it("caps stake and advantage", async () => {
      const { matchmaker, parameters, actors } = await networkHelpers.loadFixture(auction);
      await parameters
        .connect(actors.governance)
        .set(parameterIndex("WeightCap"), parseEther("5000"));
      const weight = (free: bigint, price: bigint) => matchmaker.weightOf(free, price, 100n);
      expect(await weight(parseEther("9000"), 100n)).to.equal(5_000n * PPM);
      expect(await weight(parseEther("4999.9"), 100n)).to.equal(4_999n * PPM);
      expect(await weight(parseEther("1000"), 25n)).to.equal(4_000n * PPM);
      expect(await weight(parseEther("1000"), 1n)).to.equal(4_000n * PPM);
      expect(await weight(parseEther("1000"), 50n)).to.equal(2_000n * PPM);
    });

    it("reverts for a price of zero or above the maximum", async () => {
      const { system, matchmaker, actors, order } = await networkHelpers.loadFixture(auction);
      for (const price of [0n, order.maxPrice + 1n]) {
        await expect(bid(system, actors.ada, order, price))
          .to.be.revertedWithCustomError(matchmaker, "MatchmakerInvalidPrice")
          .withArgs(price, order.maxPrice);
      }
    });

    it("reverts for a second bid of one provider", async () => {
      const { system, matchmaker, market, actors, jobId, order } =
        await networkHelpers.loadFixture(auction);
      await bid(system, actors.ada, order, PRICE);
      await expect(bid(system, actors.ada, order, PRICE - 1n))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerAlreadyBid")
        .withArgs(market.target, jobId, actors.ada.address);
    });

    it("reverts from the close of bidding on, and works the second before", async () => {
      const { system, matchmaker, market, actors, jobId, order, closesAt } =
        await networkHelpers.loadFixture(auction);
      await networkHelpers.time.setNextBlockTimestamp(closesAt - 1n);
      await bid(system, actors.ada, order, PRICE);
      await networkHelpers.time.setNextBlockTimestamp(closesAt);
      await expect(bid(system, actors.ben, order, PRICE))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerBiddingClosed")
        .withArgs(market.target, jobId, closesAt);
    });

    it("reverts for what is no open auction, and for another order", async () => {
      const { system, matchmaker, market, actors, order } =
        await networkHelpers.loadFixture(auction);
      const refused = (given: Order) =>
        expect(bid(system, actors.ada, given, PRICE))
          .to.be.revertedWithCustomError(matchmaker, "MatchmakerNotBiddable")
          .withArgs(market.target, jobIdOf(given), given.mode);
      await refused({ ...order, maxPrice: order.maxPrice + 1n });
      const direct = await directOrder(system, actors.ada);
      await post(system, direct);
      await refused(direct);
      await market.connect(actors.requester).cancel(order);
      await refused(order);
      expect(await market.hashOrder(order)).to.equal(hashOrder(order));
      expect(order.mode).to.equal(AssignmentMode.Auction);
    });

    it("reverts for who is not registered, drains, or stakes less on one job", async () => {
      const { system, matchmaker, registry, actors, order } =
        await networkHelpers.loadFixture(auction);
      const refused = (provider: typeof actors.ada) =>
        expect(bid(system, provider, order, PRICE))
          .to.be.revertedWithCustomError(matchmaker, "MatchmakerNotEligible")
          .withArgs(provider.address, order.modelVersion);
      await refused(actors.stranger);
      await registry.connect(actors.ada).setDraining(true);
      await refused(actors.ada);
      await registry.connect(actors.ben).update("https://ben.example", actors.benPayout, {
        ...CAPABILITIES,
        maxCollateral: order.collateral - 1n,
      });
      await refused(actors.ben);
    });

    it("EXP-2: reverts when the bidder's free stake does not cover the collateral", async () => {
      const { system, matchmaker, actors } = await networkHelpers.loadFixture(auction);
      const { order } = await postAuction(system, { collateral: parseEther("20001") });
      await expect(bid(system, actors.ada, order, PRICE))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerInsufficientStake")
        .withArgs(actors.ada.address, parseEther("20000"), parseEther("20001"));
    });

    it("LIV-3: takes no more bids than a draw can read", async () => {
      const { system, matchmaker, market, actors, token, jobId, order } =
        await networkHelpers.loadFixture(auction);
      for (let i = 0; i <= MAX_BIDS; i++) {
        const bidder = await ethers.getImpersonatedSigner(
          ethers.computeAddress(ethers.id(`bidder ${i}`)),
        );
        await networkHelpers.setBalance(bidder.address, parseEther("1"));
        await token.connect(actors.deployer).transfer(bidder, parseEther("1000"));
        await joinAsProvider(system, bidder, { stake: parseEther("1000"), payout: bidder });
        const bidding = bid(system, bidder, order, PRICE);
        if (i < MAX_BIDS) await bidding;
        else {
          await expect(bidding)
            .to.be.revertedWithCustomError(matchmaker, "MatchmakerFull")
            .withArgs(market.target, jobId, MAX_BIDS);
        }
      }
    });

    it("asks an auction for a bidding window within its bounds", async () => {
      const { system, policy, market, actors } = await networkHelpers.loadFixture(auction);
      for (const bidSeconds of [0, 29, 3_601]) {
        const order = await auctionOrder(system, { bidSeconds });
        await expect(market.connect(actors.requester).post(order))
          .to.be.revertedWithCustomError(policy, "OrderPolicyInvalidWindow")
          .withArgs(0, bidSeconds, 30, 3_600);
      }
    });
  });
});

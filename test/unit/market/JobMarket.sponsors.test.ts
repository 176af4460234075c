import { JobState, jobIdOf } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import { network } from "hardhat";
import { deployMarketplace, drawOrder, fundRequester } from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;

describe("JobMarket", () => {
  describe("sponsors", () => {
    const ALLOWANCE = parseEther("4");

    async function sponsored() {
      const system = await deployMarketplace(chain);
      const { requester, stranger: sponsor } = system.actors;
      await fundRequester(system, sponsor, parseEther("50"));
      const { market, token } = system;
      await market.connect(sponsor).setSponsorship(requester, token, ALLOWANCE);
      const order = await drawOrder(system, { sponsor: sponsor.address });
      return { system, market, sponsor, order };
    }

    it("pay from their deposit within their allowance, and are refunded", async () => {
      const { system, market, sponsor, order } = await networkHelpers.loadFixture(sponsored);
      const { escrow, token, actors } = system;
      const depositOf = async (owner: string) => (await escrow.accountOf(owner, token)).deposit;
      const [paid, own] = [await depositOf(sponsor.address), await depositOf(order.requester)];
      await market.connect(actors.requester).post(order);
      expect(paid - (await depositOf(sponsor.address))).to.equal(order.maxPrice);
      expect(await depositOf(order.requester)).to.equal(own);
      const left = ALLOWANCE - order.maxPrice;
      expect(await market.sponsorshipOf(sponsor, order.requester, token)).to.equal(left);
      await expect(market.connect(actors.requester).cancel(order))
        .to.emit(market, "JobRefunded")
        .withArgs(jobIdOf(order), sponsor.address, order.maxPrice);
      expect(await depositOf(sponsor.address)).to.equal(paid);
      // What was locked counts as spent: an allowance is not refilled.
      expect(await market.sponsorshipOf(sponsor, order.requester, token)).to.equal(left);
    });

    it("PAY-4: revert whole beyond the allowance, or without one", async () => {
      const { system, market, sponsor, order } = await networkHelpers.loadFixture(sponsored);
      const { token, actors } = system;
      await market.connect(actors.requester).post(order);
      const left = ALLOWANCE - order.maxPrice;
      const next = { ...order, nonce: order.nonce + 1_000n };
      await expect(market.connect(actors.requester).post(next))
        .to.be.revertedWithCustomError(market, "MarketSponsorshipTooLow")
        .withArgs(sponsor.address, order.requester, token.target, left, order.maxPrice);
      const others = { ...next, sponsor: actors.ada.address };
      await expect(market.connect(actors.requester).post(others))
        .to.be.revertedWithCustomError(market, "MarketSponsorshipTooLow")
        .withArgs(actors.ada.address, order.requester, token.target, 0, order.maxPrice);
      expect((await market.jobOf(jobIdOf(next))).state).to.equal(JobState.None);
    });

    it("tell what they allow, and may take it back", async () => {
      const { system, market, sponsor, order } = await networkHelpers.loadFixture(sponsored);
      const { token, actors } = system;
      await expect(market.connect(sponsor).setSponsorship(order.requester, token, 0))
        .to.emit(market, "SponsorshipSet")
        .withArgs(sponsor.address, order.requester, token.target, 0);
      await expect(market.connect(actors.requester).post(order)).to.be.revertedWithCustomError(
        market,
        "MarketSponsorshipTooLow",
      );
    });

    it("need no allowance to sponsor themselves", async () => {
      const { system, market, order } = await networkHelpers.loadFixture(sponsored);
      const own = { ...order, sponsor: order.requester };
      await expect(market.connect(system.actors.requester).post(own)).to.emit(market, "JobPosted");
    });
  });
});

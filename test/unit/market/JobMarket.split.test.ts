import { expect } from "chai";
import { network } from "hardhat";
import {
  ASKS,
  deployMarketplace,
  directOrder,
  postProved,
  ROYALTY_PPM,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const PPM = 1_000_000n;

async function provedJob() {
  const system = await deployMarketplace(chain);
  const order = await directOrder(system, system.actors.ada);
  return { system, market: system.market, order, ...(await postProved(system, order)) };
}

/** The split written out again: royalty down, fee up, burn down. */
function expectedLegs(price: bigint, locked: bigint, burnSharePpm = 400_000n) {
  const publisher = (price * ROYALTY_PPM) / PPM;
  const fee = (price * 50_000n + PPM - 1n) / PPM;
  const burn = (fee * burnSharePpm) / PPM;
  return {
    provider: price - publisher - fee,
    publisher,
    treasury: fee - burn,
    burn,
    refund: locked - price,
  };
}

describe("JobMarket", () => {
  describe("splitPrice", () => {
    it("gives the legs of settle", async () => {
      const { market } = await networkHelpers.loadFixture(provedJob);
      for (const price of [0n, 1n, 2n, 19n, 20n, 21n, 999_999n, ASKS.cal]) {
        const legs = await market.splitPrice(price, price + 5n, ROYALTY_PPM, 50_000, 400_000);
        expect(legs).to.deep.equal(Object.values(expectedLegs(price, price + 5n)));
      }
    });

    it("splits at the highest rates: all royalty, all fee, all of it burnt", async () => {
      const { market } = await networkHelpers.loadFixture(provedJob);
      expect(await market.splitPrice(7, 9, PPM, 0, 0)).to.deep.equal([0n, 7n, 0n, 0n, 2n]);
      expect(await market.splitPrice(7, 9, 0, PPM, 0)).to.deep.equal([0n, 0n, 7n, 0n, 2n]);
      expect(await market.splitPrice(7, 9, 0, PPM, PPM)).to.deep.equal([0n, 0n, 0n, 7n, 2n]);
    });

    it("reverts for a price above what is locked, rates above the whole and amounts beyond 128 bits", async () => {
      const { market } = await networkHelpers.loadFixture(provedJob);
      await expect(market.splitPrice(6, 5, 0, 0, 0))
        .to.be.revertedWithCustomError(market, "FeeSplitPriceAboveLocked")
        .withArgs(6, 5);
      await expect(market.splitPrice(5, 5, 500_001, 500_000, 0))
        .to.be.revertedWithCustomError(market, "FeeSplitRatesTooHigh")
        .withArgs(500_001, 500_000, 0);
      await expect(market.splitPrice(5, 2n ** 128n, 0, 0, 0))
        .to.be.revertedWithCustomError(market, "SafeCastOverflowedUintDowncast")
        .withArgs(128, 2n ** 128n);
    });
  });

  describe("peers", () => {
    it("are fixed in code", async () => {
      const { system, market } = await networkHelpers.loadFixture(provedJob);
      const {
        escrow,
        vault,
        registry,
        beacon,
        models,
        router,
        parameters,
        treasury,
        burner,
        token,
      } = system;
      expect([
        await market.ESCROW(),
        await market.VAULT(),
        await market.REGISTRY(),
        await market.BEACON(),
        await market.MODELS(),
        await market.ROUTER(),
        await market.PARAMETERS(),
        await market.TREASURY(),
        await market.BURNER(),
        await market.LAT(),
      ]).to.deep.equal(
        [escrow, vault, registry, beacon, models, router, parameters, treasury, burner, token].map(
          (peer) => peer.target,
        ),
      );
    });

    it("send it no ether", async () => {
      const { system, market } = await networkHelpers.loadFixture(provedJob);
      await expect(system.actors.stranger.sendTransaction({ to: market, value: 1n })).to.revert(
        ethers,
      );
      expect(await ethers.provider.getBalance(market)).to.equal(0);
    });
  });
});

import { expect } from "chai";
import { network } from "hardhat";
import { deployMarketplace, directOrder, postProvable } from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

async function provableJob() {
  const system = await deployMarketplace(chain);
  const order = await directOrder(system, system.actors.ada);
  return { system, market: system.market, order, ...(await postProvable(system, order)) };
}

describe("JobMarket", () => {
  describe("peers", () => {
    it("are fixed in code", async () => {
      const { system, market } = await networkHelpers.loadFixture(provableJob);
      const {
        escrow,
        vault,
        registry,
        beacon,
        models,
        router,
        parameters,
        treasury,
        policy,
        matchmaker,
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
        await market.POLICY(),
        await market.MATCHMAKER(),
      ]).to.deep.equal(
        [
          escrow,
          vault,
          registry,
          beacon,
          models,
          router,
          parameters,
          treasury,
          policy,
          matchmaker,
        ].map((peer) => peer.target),
      );
    });

    it("send it no ether", async () => {
      const { system, market } = await networkHelpers.loadFixture(provableJob);
      await expect(system.actors.stranger.sendTransaction({ to: market, value: 1n })).to.revert(
        ethers,
      );
      expect(await ethers.provider.getBalance(market)).to.equal(0);
    });
  });
});

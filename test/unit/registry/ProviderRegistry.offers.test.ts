import { poolOf } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { advance, deployProviders, join, stake } from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const MODEL = ethers.id("model");
const TOKEN = `0x${"70".repeat(20)}`;
const OTHER_TOKEN = `0x${"07".repeat(20)}`;
const POOL = poolOf(MODEL, TOKEN);
const ASK = 700n;
const MAX_OFFERS = 8;

async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  return base;
}

async function withOffer() {
  const base = await withAlice();
  await base.registry.connect(base.alice).setOffer(MODEL, TOKEN, ASK);
  return base;
}

/** [offered, ask] of Alice in each of the epochs. */
async function asks({ registry, alice }: Awaited<ReturnType<typeof withAlice>>, epochs: number[]) {
  return Promise.all(epochs.map(async (epoch) => [...(await registry.askOf(alice, POOL, epoch))]));
}

describe("ProviderRegistry: offers", () => {
  describe("setOffer", () => {
    it("counts from two epochs later, with the provider's weight", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { registry, alice } = base;
      await expect(registry.connect(alice).setOffer(MODEL, TOKEN, ASK))
        .to.emit(registry, "OfferSet")
        .withArgs(alice, MODEL, TOKEN, ASK, 2n)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, POOL, 5_000n, 2n);
      expect(await registry.offersOf(alice)).to.deep.equal([POOL]);
      expect(await registry.poolMembers(POOL, 0, 9)).to.deep.equal([alice.address]);
      expect(await registry.totalWeight(POOL, 1)).to.equal(0n);
      expect(await registry.totalWeight(POOL, 2)).to.equal(5_000n);
      expect(await asks(base, [0, 1, 2, 9])).to.deep.equal([
        [false, 0n],
        [false, 0n],
        [true, ASK],
        [true, ASK],
      ]);
    });

    it("RND-1: changes of the ask do not reach draws whose seed is known or next", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice } = base;
      await advance(base, networkHelpers, 3);
      await expect(registry.connect(alice).setOffer(MODEL, TOKEN, 900n))
        .to.emit(registry, "OfferSet")
        .withArgs(alice, MODEL, TOKEN, 900n, 5n)
        .and.not.to.emit(registry, "WeightChanged");
      await advance(base, networkHelpers);
      await registry.connect(alice).setOffer(MODEL, TOKEN, 1n);
      expect(await asks(base, [3, 4, 5, 6])).to.deep.equal([
        [true, ASK],
        [true, ASK],
        [true, 900n],
        [true, 1n],
      ]);
      await expect(registry.askOf(alice, POOL, 2))
        .to.be.revertedWithCustomError(registry, "AskHistoryExpired")
        .withArgs(2, 3);
      // Changing an ask is no second offer.
      expect(await registry.offersOf(alice)).to.deep.equal([POOL]);
    });

    it("keeps offers for different tokens apart", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice } = base;
      await registry.connect(alice).setOffer(MODEL, OTHER_TOKEN, 3n);
      const other = poolOf(MODEL, OTHER_TOKEN);
      expect(await registry.poolOf(MODEL, OTHER_TOKEN)).to.equal(other);
      expect(await registry.offersOf(alice)).to.deep.equal([POOL, other]);
      expect([...(await registry.askOf(alice, other, 2))]).to.deep.equal([true, 3n]);
      expect([...(await registry.askOf(alice, POOL, 2))]).to.deep.equal([true, ASK]);
      await registry.connect(alice).withdrawOffer(MODEL, TOKEN);
      expect(await registry.weightOf(alice, POOL, 2)).to.equal(0n);
      expect(await registry.weightOf(alice, other, 2)).to.equal(5_000n);
    });

    it("reverts when the caller is not registered", async () => {
      const { registry, bob } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.connect(bob).setOffer(MODEL, TOKEN, ASK))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNotRegistered")
        .withArgs(bob);
    });

    it("reverts when the provision fell below the least", async () => {
      const { registry, vault, alice } = await networkHelpers.loadFixture(withAlice);
      await vault.connect(alice).thaw(registry, ethers.parseEther("4001"));
      await expect(registry.connect(alice).setOffer(MODEL, TOKEN, ASK))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryProvisionTooLow")
        .withArgs(alice, ethers.parseEther("999"), ethers.parseEther("1000"));
    });

    it("LIV-3: reverts at one offer more than allowed, and takes it when another was withdrawn", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withAlice);
      const own = registry.connect(alice);
      for (let i = 0; i < MAX_OFFERS; i++) await own.setOffer(ethers.id(`model ${i}`), TOKEN, ASK);
      await expect(own.setOffer(MODEL, TOKEN, ASK))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryTooManyOffers")
        .withArgs(alice, MAX_OFFERS);
      await own.setOffer(ethers.id("model 7"), TOKEN, 2n);
      await own.withdrawOffer(ethers.id("model 3"), TOKEN);
      await own.setOffer(MODEL, TOKEN, ASK);
      expect(await registry.offersOf(alice)).to.have.members([
        POOL,
        ...[0, 1, 2, 4, 5, 6, 7].map((i) => poolOf(ethers.id(`model ${i}`), TOKEN)),
      ]);
    });
  });

  describe("withdrawOffer", () => {
    it("ends offer and weight two epochs later", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice } = base;
      await advance(base, networkHelpers, 2);
      await expect(registry.connect(alice).withdrawOffer(MODEL, TOKEN))
        .to.emit(registry, "OfferWithdrawn")
        .withArgs(alice, MODEL, TOKEN, 4n)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, POOL, 0n, 4n);
      expect(await registry.offersOf(alice)).to.deep.equal([]);
      expect(await asks(base, [2, 3, 4])).to.deep.equal([
        [true, ASK],
        [true, ASK],
        [false, 0n],
      ]);
      expect(await registry.weightOf(alice, POOL, 3)).to.equal(5_000n);
      expect(await registry.weightOf(alice, POOL, 4)).to.equal(0n);
    });

    it("leaves stake that comes later out of the pool, and the place in the tree as it was", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice } = base;
      await registry.connect(alice).withdrawOffer(MODEL, TOKEN);
      await stake(base, alice, 100n);
      expect(await registry.weightOf(alice, POOL, 2)).to.equal(0n);
      await registry.connect(alice).setOffer(MODEL, TOKEN, 5n);
      expect(await registry.weightOf(alice, POOL, 2)).to.equal(5_100n);
      expect(await registry.poolMembers(POOL, 0, 9)).to.deep.equal([alice.address]);
    });

    it("reverts when there is no such offer, or no longer", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withOffer);
      const other = ethers.id("other");
      await expect(registry.connect(alice).withdrawOffer(other, TOKEN))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNoOffer")
        .withArgs(alice, other, TOKEN);
      await registry.connect(alice).withdrawOffer(MODEL, TOKEN);
      await expect(registry.connect(alice).withdrawOffer(MODEL, TOKEN))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNoOffer")
        .withArgs(alice, MODEL, TOKEN);
    });
  });

  describe("quoteOf", () => {
    it("is willing while offering, available and within its ceiling", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice } = base;
      const quote = async (collateral: bigint, epoch = 2) => [
        ...(await registry.quoteOf(alice, POOL, epoch, collateral)),
      ];
      const { capabilities } = await registry.providerOf(alice);
      const ceiling = capabilities.maxCollateral;
      expect(await quote(ceiling)).to.deep.equal([true, ASK]);
      expect(await quote(ceiling + 1n)).to.deep.equal([false, ASK]);
      expect(await quote(ceiling, 1)).to.deep.equal([false, 0n]);
      await registry.connect(alice).setDraining(true);
      expect(await quote(0n)).to.deep.equal([false, ASK]);
    });
  });

  describe("poolMembers", () => {
    it("pages through the tree in the order of joining", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice, bob, carol } = base;
      await join(base, carol, 1_000n);
      await registry.connect(carol).setOffer(MODEL, TOKEN, 1n);
      await join(base, bob, 1_000n);
      await registry.connect(bob).setOffer(MODEL, TOKEN, 1n);
      const order = [alice.address, carol.address, bob.address];
      expect(await registry.poolMembers(POOL, 0, 2)).to.deep.equal(order.slice(0, 2));
      expect(await registry.poolMembers(POOL, 2, 2)).to.deep.equal(order.slice(2));
      expect(await registry.poolMembers(POOL, 3, 2)).to.deep.equal([]);
      expect(await registry.poolMembers(ethers.id("other"), 0, 2)).to.deep.equal([]);
    });
  });
});

import { expect } from "chai";
import { network } from "hardhat";
import { advance, deployProviders, join, stake } from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const MODEL = ethers.id("model");
const ASK = 700n;
const MAX_OFFERS = 8;

async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  return base;
}

async function withOffer() {
  const base = await withAlice();
  await base.registry.connect(base.alice).setOffer(MODEL, ASK);
  return base;
}

/** [offered, ask] of Alice in each of the epochs. */
async function asks({ registry, alice }: Awaited<ReturnType<typeof withAlice>>, epochs: number[]) {
  return Promise.all(epochs.map(async (epoch) => [...(await registry.askOf(alice, MODEL, epoch))]));
}

describe("ProviderRegistry: offers", () => {
  describe("setOffer", () => {
    it("counts from two epochs later, with the provider's weight", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { registry, alice } = base;
      await expect(registry.connect(alice).setOffer(MODEL, ASK))
        .to.emit(registry, "OfferSet")
        .withArgs(alice, MODEL, ASK, 2n)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, MODEL, 5_000n, 2n);
      expect(await registry.offersOf(alice)).to.deep.equal([MODEL]);
      expect(await registry.poolMembers(MODEL, 0, 9)).to.deep.equal([alice.address]);
      expect(await registry.totalWeight(MODEL, 1)).to.equal(0n);
      expect(await registry.totalWeight(MODEL, 2)).to.equal(5_000n);
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
      await expect(registry.connect(alice).setOffer(MODEL, 900n))
        .to.emit(registry, "OfferSet")
        .withArgs(alice, MODEL, 900n, 5n)
        .and.not.to.emit(registry, "WeightChanged");
      await advance(base, networkHelpers);
      await registry.connect(alice).setOffer(MODEL, 1n);
      expect(await asks(base, [3, 4, 5, 6])).to.deep.equal([
        [true, ASK],
        [true, ASK],
        [true, 900n],
        [true, 1n],
      ]);
      await expect(registry.askOf(alice, MODEL, 2))
        .to.be.revertedWithCustomError(registry, "AskHistoryExpired")
        .withArgs(2, 3);
      // Changing an ask is no second offer.
      expect(await registry.offersOf(alice)).to.deep.equal([MODEL]);
    });

    it("reverts when the model version is the leader pool's", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.connect(alice).setOffer(ethers.ZeroHash, ASK))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryInvalidModelVersion")
        .withArgs(ethers.ZeroHash);
    });

    it("reverts when the caller is not registered", async () => {
      const { registry, bob } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.connect(bob).setOffer(MODEL, ASK))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNotRegistered")
        .withArgs(bob);
    });

    it("reverts when the provision fell below the least", async () => {
      const { registry, vault, alice } = await networkHelpers.loadFixture(withAlice);
      await vault.connect(alice).thaw(registry, ethers.parseEther("4001"));
      await expect(registry.connect(alice).setOffer(MODEL, ASK))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryProvisionTooLow")
        .withArgs(alice, ethers.parseEther("999"), ethers.parseEther("1000"));
    });

    it("reverts at one offer more than allowed, and takes it when another was withdrawn", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withAlice);
      const own = registry.connect(alice);
      for (let i = 0; i < MAX_OFFERS; i++) await own.setOffer(ethers.id(`model ${i}`), ASK);
      await expect(own.setOffer(MODEL, ASK))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryTooManyOffers")
        .withArgs(alice, MAX_OFFERS);
      await own.setOffer(ethers.id("model 7"), 2n);
      await own.withdrawOffer(ethers.id("model 3"));
      await own.setOffer(MODEL, ASK);
      expect(await registry.offersOf(alice)).to.have.members([
        MODEL,
        ...[0, 1, 2, 4, 5, 6, 7].map((i) => ethers.id(`model ${i}`)),
      ]);
    });
  });

  describe("withdrawOffer", () => {
    it("ends offer and weight two epochs later", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice } = base;
      await advance(base, networkHelpers, 2);
      await expect(registry.connect(alice).withdrawOffer(MODEL))
        .to.emit(registry, "OfferWithdrawn")
        .withArgs(alice, MODEL, 4n)
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, MODEL, 0n, 4n);
      expect(await registry.offersOf(alice)).to.deep.equal([]);
      expect(await asks(base, [2, 3, 4])).to.deep.equal([
        [true, ASK],
        [true, ASK],
        [false, 0n],
      ]);
      expect(await registry.weightOf(alice, MODEL, 3)).to.equal(5_000n);
      expect(await registry.weightOf(alice, MODEL, 4)).to.equal(0n);
    });

    it("leaves stake that comes later out of the pool, and the place in the tree as it was", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice } = base;
      await registry.connect(alice).withdrawOffer(MODEL);
      await stake(base, alice, 100n);
      expect(await registry.weightOf(alice, MODEL, 2)).to.equal(0n);
      await registry.connect(alice).setOffer(MODEL, 5n);
      expect(await registry.weightOf(alice, MODEL, 2)).to.equal(5_100n);
      expect(await registry.poolMembers(MODEL, 0, 9)).to.deep.equal([alice.address]);
    });

    it("reverts when there is no such offer, or no longer", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withOffer);
      const other = ethers.id("other");
      await expect(registry.connect(alice).withdrawOffer(other))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNoOffer")
        .withArgs(alice, other);
      await registry.connect(alice).withdrawOffer(MODEL);
      await expect(registry.connect(alice).withdrawOffer(MODEL))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNoOffer")
        .withArgs(alice, MODEL);
    });
  });

  describe("poolMembers", () => {
    it("pages through the tree in the order of joining", async () => {
      const base = await networkHelpers.loadFixture(withOffer);
      const { registry, alice, bob, carol } = base;
      await join(base, carol, 1_000n);
      await registry.connect(carol).setOffer(MODEL, 1n);
      await join(base, bob, 1_000n);
      await registry.connect(bob).setOffer(MODEL, 1n);
      const order = [alice.address, carol.address, bob.address];
      expect(await registry.poolMembers(MODEL, 0, 2)).to.deep.equal(order.slice(0, 2));
      expect(await registry.poolMembers(MODEL, 2, 2)).to.deep.equal(order.slice(2));
      expect(await registry.poolMembers(MODEL, 3, 2)).to.deep.equal([]);
      expect(await registry.poolMembers(ethers.id("other"), 0, 2)).to.deep.equal([]);
    });
  });
});

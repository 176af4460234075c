import { bls } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  CAPABILITIES,
  deployProviders,
  ENDPOINT,
  join,
  LEADER_POOL,
  registration,
  secretOf,
  stake,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const MIN_PROVISION = ethers.parseEther("1000");
const OTHER_CAPABILITIES = {
  accelerator: 3n,
  memoryMiB: 64n,
  maxTensorBytes: 9n,
  tiers: 7n,
  maxCollateral: 5n,
};

async function world() {
  return deployProviders(ethers);
}

async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n, base.payout);
  return base;
}

describe("ProviderRegistry: profiles", () => {
  describe("register", () => {
    it("stores the profile and joins the leader pool with its stake's weight", async () => {
      const base = await networkHelpers.loadFixture(world);
      const { registry, alice, payout } = base;
      await stake(base, alice, 5_000n);
      const args = await registration(base, alice, payout);
      const key = args[3];
      await expect(registry.connect(alice).register(...args))
        .to.emit(registry, "ProviderRegistered")
        .withArgs(alice, payout, ENDPOINT, Object.values(key))
        .and.to.emit(registry, "ProviderUpdated")
        .withArgs(alice, payout, ENDPOINT, Object.values(CAPABILITIES))
        .and.to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 5_000n, 2n);

      const provider = await registry.providerOf(alice);
      expect(provider.registered).to.equal(true);
      expect(provider.draining).to.equal(false);
      expect(provider.jailed).to.equal(false);
      expect([...provider.capabilities]).to.deep.equal(Object.values(CAPABILITIES));
      expect(provider.payout).to.equal(payout.address);
      expect(provider.blsKeyHash).to.equal(bls.publicKeyHash(key));
      expect(provider.endpoint).to.equal(ENDPOINT);
      expect(await registry.payoutOf(alice)).to.equal(payout.address);
      expect(await registry.blsKeyHashOf(alice)).to.equal(bls.publicKeyHash(key));
      expect(await registry.isAvailable(alice)).to.equal(true);
      expect(await registry.poolMembers(LEADER_POOL, 0, 10)).to.deep.equal([alice.address]);
    });

    it("takes an endpoint of 256 bytes", async () => {
      const base = await networkHelpers.loadFixture(world);
      await stake(base, base.alice, 1_000n);
      const [, ...rest] = await registration(base, base.alice);
      await base.registry.connect(base.alice).register("e".repeat(256), ...rest);
      expect((await base.registry.providerOf(base.alice)).endpoint).to.have.lengthOf(256);
    });

    it("reverts when the caller is registered", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { registry, alice } = base;
      await expect(registry.connect(alice).register(...(await registration(base, alice))))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryAlreadyRegistered")
        .withArgs(alice);
    });

    it("reverts when the provision is below the least, thawing stake not counted", async () => {
      const base = await networkHelpers.loadFixture(world);
      const { registry, vault, alice } = base;
      await stake(base, alice, 1_000n);
      await vault.connect(alice).thaw(registry, 1n);
      await expect(registry.connect(alice).register(...(await registration(base, alice))))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryProvisionTooLow")
        .withArgs(alice, MIN_PROVISION - 1n, MIN_PROVISION);
    });

    it("reverts when the key belongs to another provider", async () => {
      const base = await networkHelpers.loadFixture(withAlice);
      const { registry, alice, bob } = base;
      await stake(base, bob, 1_000n);
      const key = bls.publicKeyOf(secretOf(alice));
      const proof = bls.sign(
        secretOf(alice),
        await registry.possessionMessage(bob),
        bls.POSSESSION_DST,
      );
      await expect(registry.connect(bob).register(ENDPOINT, bob, CAPABILITIES, key, proof))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryKeyTaken")
        .withArgs(bls.publicKeyHash(key));
    });

    it("reverts when the proof of possession is another provider's, another registry's or a reveal", async () => {
      const base = await networkHelpers.loadFixture(world);
      const other = await deployProviders(ethers);
      const { registry, alice, bob } = base;
      await stake(base, bob, 1_000n);
      const secret = secretOf(alice);
      const key = bls.publicKeyOf(secret);
      const own = await registry.possessionMessage(bob);
      const proofs = [
        bls.sign(secret, await registry.possessionMessage(alice), bls.POSSESSION_DST),
        bls.sign(secret, await other.registry.possessionMessage(bob), bls.POSSESSION_DST),
        bls.sign(secret, own, bls.BEACON_DST),
        bls.sign(secretOf(bob), own, bls.POSSESSION_DST),
      ];
      for (const proof of proofs) {
        await expect(registry.connect(bob).register(ENDPOINT, bob, CAPABILITIES, key, proof))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryInvalidPossessionProof")
          .withArgs(bob);
      }
    });

    for (const length of [0, 257]) {
      it(`reverts when the endpoint has ${length} bytes`, async () => {
        const base = await networkHelpers.loadFixture(world);
        const { registry, alice } = base;
        await stake(base, alice, 1_000n);
        const [, ...rest] = await registration(base, alice);
        await expect(registry.connect(alice).register("e".repeat(length), ...rest))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryInvalidEndpoint")
          .withArgs(length, 256);
      });
    }

    it("reverts when the payout is zero", async () => {
      const base = await networkHelpers.loadFixture(world);
      const { registry, alice } = base;
      await stake(base, alice, 1_000n);
      const [endpoint, , ...rest] = await registration(base, alice);
      await expect(
        registry.connect(alice).register(endpoint, ethers.ZeroAddress, ...rest),
      ).to.be.revertedWithCustomError(registry, "ProviderRegistryZeroPayout");
    });
  });

  describe("update", () => {
    it("replaces endpoint, payout and capabilities, and keeps the key", async () => {
      const { registry, alice, bob } = await networkHelpers.loadFixture(withAlice);
      const keyHash = await registry.blsKeyHashOf(alice);
      await expect(registry.connect(alice).update("https://new.example", bob, OTHER_CAPABILITIES))
        .to.emit(registry, "ProviderUpdated")
        .withArgs(alice, bob, "https://new.example", Object.values(OTHER_CAPABILITIES));
      const provider = await registry.providerOf(alice);
      expect(provider.endpoint).to.equal("https://new.example");
      expect(provider.payout).to.equal(bob.address);
      expect([...provider.capabilities]).to.deep.equal(Object.values(OTHER_CAPABILITIES));
      expect(provider.blsKeyHash).to.equal(keyHash);
    });

    it("reverts when the caller is not registered, the endpoint empty or the payout zero", async () => {
      const { registry, alice, bob } = await networkHelpers.loadFixture(withAlice);
      await expect(registry.connect(bob).update(ENDPOINT, bob, CAPABILITIES))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNotRegistered")
        .withArgs(bob);
      await expect(registry.connect(alice).update("", alice, CAPABILITIES))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryInvalidEndpoint")
        .withArgs(0, 256);
      await expect(
        registry.connect(alice).update(ENDPOINT, ethers.ZeroAddress, CAPABILITIES),
      ).to.be.revertedWithCustomError(registry, "ProviderRegistryZeroPayout");
    });
  });

  describe("possessionMessage", () => {
    it("binds domain, chain, registry and provider", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(world);
      const { chainId } = await ethers.provider.getNetwork();
      expect(await registry.possessionMessage(alice)).to.equal(
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["bytes32", "uint256", "address", "address"],
          [ethers.id("LATTICE-V3-POSSESSION"), chainId, await registry.getAddress(), alice.address],
        ),
      );
      expect(await registry.POSSESSION_DST()).to.equal(bls.POSSESSION_DST);
    });
  });
});

import { expect } from "chai";
import { network } from "hardhat";
import { deployProviders, join, LEADER_POOL, registration } from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const lat = ethers.parseEther;
const CUT = 200_000n;
const THAW_SECONDS = 7_200n;

/** Alice provides 5 000 LAT; her earnings go to `payout`. Bob holds LAT and approved the vault. */
async function withAlice() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n, base.payout);
  await base.lat.transfer(base.bob, lat("100000"));
  await base.lat.connect(base.bob).approve(base.vault, ethers.MaxUint256);
  return base;
}

/** The same, Alice's pool open at a cut of 20 %, with 1 000 LAT of Bob's. */
async function withBob() {
  const base = await withAlice();
  await base.registry.connect(base.alice).openDelegation(CUT);
  await base.vault.connect(base.bob).delegate(base.alice, base.registry, lat("1000"));
  return base;
}

async function bobLeaves({ vault, registry, alice, bob }: Awaited<ReturnType<typeof withBob>>) {
  const { shares } = await vault.delegationOf(bob, alice, registry);
  await vault.connect(bob).undelegate(alice, registry, shares);
  await networkHelpers.time.increase(THAW_SECONDS);
  await vault.connect(bob).withdrawDelegated(alice, registry);
}

describe("ProviderRegistry: delegation", () => {
  describe("openDelegation", () => {
    it("opens the pool and sends earnings to a contract whose address was known before", async () => {
      const { registry, vault, alice, payout } = await networkHelpers.loadFixture(withAlice);
      const expected = await registry.delegationPayoutOf(alice);
      expect(await ethers.provider.getCode(expected)).to.equal("0x");
      expect(await registry.payoutOf(alice)).to.equal(payout.address);
      const opening = registry.connect(alice).openDelegation(CUT);
      await expect(opening).to.emit(registry, "DelegationOpened").withArgs(alice, expected);
      const now = await networkHelpers.time.latest();
      await expect(opening).to.emit(registry, "DelegationCutSet").withArgs(alice, CUT, now);
      await expect(opening).to.emit(vault, "DelegationOpenSet").withArgs(alice, registry, true);
      expect(await registry.payoutOf(alice)).to.equal(expected);
      expect(await registry.ownPayoutOf(alice)).to.equal(payout.address);
      expect(await registry.delegationPayoutOf(alice)).to.equal(expected);
      expect(await registry.delegationTermsOf(alice)).to.deep.equal([
        expected,
        true,
        true,
        payout.address,
        CUT,
        CUT,
        BigInt(now),
      ]);
      const clone = await ethers.getContractAt("DelegationPayout", expected);
      expect(await clone.earner()).to.equal(alice.address);
      expect(await clone.registry()).to.equal(await registry.getAddress());
    });

    it("keeps a payout that is declared later, without redirecting earnings", async () => {
      const base = await networkHelpers.loadFixture(withBob);
      const { registry, alice, carol } = base;
      const shared = await registry.payoutOf(alice);
      const [endpoint, , capabilities] = await registration(base, alice);
      await registry.connect(alice).update(endpoint, carol, capabilities);
      expect(await registry.payoutOf(alice)).to.equal(shared);
      expect(await registry.ownPayoutOf(alice)).to.equal(carol.address);
    });

    it("reverts when it is open, for who is not registered, and for a cut above all", async () => {
      const { registry, alice, bob } = await networkHelpers.loadFixture(withBob);
      await expect(registry.connect(alice).openDelegation(CUT))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryDelegationOpen")
        .withArgs(alice);
      await expect(registry.connect(bob).openDelegation(CUT))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNotRegistered")
        .withArgs(bob);
      await expect(registry.connect(alice).setDelegationCut(1_000_001n))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryInvalidCut")
        .withArgs(1_000_001n, 1_000_000n);
    });
  });

  describe("weight", () => {
    it("counts delegations, yet never for the least provision", async () => {
      const { registry, vault, alice, bob } = await networkHelpers.loadFixture(withBob);
      expect(await registry.weightOf(alice, LEADER_POOL, 2)).to.equal(6_000n);
      await expect(vault.connect(alice).thaw(registry, lat("4900")))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 0n, 2n)
        .and.not.to.emit(vault, "StakeHookFailed");
      await expect(registry.connect(alice).setOffer(ethers.id("model"), ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryProvisionTooLow")
        .withArgs(alice, lat("100"), lat("1000"));
      await vault.connect(alice).cancelThaw(registry, lat("4900"));
      const { shares } = await vault.delegationOf(bob, alice, registry);
      await expect(vault.connect(bob).undelegate(alice, registry, shares / 2n))
        .to.emit(registry, "WeightChanged")
        .withArgs(alice, LEADER_POOL, 5_500n, 2n);
    });
  });

  describe("setDelegationCut", () => {
    it("lowers at once, and raises after a thaw in which delegators can leave", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withBob);
      await registry.connect(alice).setDelegationCut(100_000n);
      expect(await registry.delegationCutOf(alice)).to.equal(100_000n);
      const raising = registry.connect(alice).setDelegationCut(900_000n);
      await raising;
      const from = BigInt(await networkHelpers.time.latest()) + THAW_SECONDS;
      await expect(raising).to.emit(registry, "DelegationCutSet").withArgs(alice, 900_000n, from);
      await networkHelpers.time.increaseTo(from - 1n);
      expect(await registry.delegationCutOf(alice)).to.equal(100_000n);
      await networkHelpers.time.increaseTo(from);
      expect(await registry.delegationCutOf(alice)).to.equal(900_000n);
    });

    it("forgets a raise that waited when the cut is set again", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withBob);
      await registry.connect(alice).setDelegationCut(900_000n);
      await registry.connect(alice).setDelegationCut(CUT);
      await networkHelpers.time.increase(THAW_SECONDS);
      expect(await registry.delegationCutOf(alice)).to.equal(CUT);
    });

    it("is not raised by closing and opening again while delegators are left", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withBob);
      await registry.connect(alice).closeDelegation();
      await registry.connect(alice).openDelegation(1_000_000n);
      expect(await registry.delegationCutOf(alice)).to.equal(CUT);
      await networkHelpers.time.increase(THAW_SECONDS);
      expect(await registry.delegationCutOf(alice)).to.equal(1_000_000n);
    });

    it("reverts without delegation", async () => {
      const { registry, alice } = await networkHelpers.loadFixture(withAlice);
      for (const call of [
        () => registry.connect(alice).setDelegationCut(CUT),
        () => registry.connect(alice).closeDelegation(),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoDelegation")
          .withArgs(alice);
      }
    });
  });

  describe("closeDelegation", () => {
    it("takes no new delegations, and ends once the last delegator left", async () => {
      const base = await networkHelpers.loadFixture(withBob);
      const { registry, vault, alice, bob, payout } = base;
      const shared = await registry.payoutOf(alice);
      const closing = registry.connect(alice).closeDelegation();
      await expect(closing).to.emit(registry, "DelegationClosed").withArgs(alice);
      await expect(closing).not.to.emit(registry, "DelegationEnded");
      expect(await registry.payoutOf(alice)).to.equal(shared);
      await expect(vault.connect(bob).delegate(alice, registry, lat("1")))
        .to.be.revertedWithCustomError(vault, "StakeVaultDelegationClosed")
        .withArgs(alice, registry);
      const { shares } = await vault.delegationOf(bob, alice, registry);
      await expect(registry.connect(alice).closeDelegation())
        .to.be.revertedWithCustomError(registry, "ProviderRegistryDelegatorsLeft")
        .withArgs(alice, shares);

      await bobLeaves(base);
      await expect(registry.connect(alice).closeDelegation())
        .to.emit(registry, "DelegationEnded")
        .withArgs(alice, payout);
      expect(await registry.payoutOf(alice)).to.equal(payout.address);
    });

    it("ends at once without delegators, and opens again at any cut, with the same payout", async () => {
      const { registry, alice, payout } = await networkHelpers.loadFixture(withAlice);
      await registry.connect(alice).openDelegation(CUT);
      const shared = await registry.payoutOf(alice);
      await expect(registry.connect(alice).closeDelegation())
        .to.emit(registry, "DelegationEnded")
        .withArgs(alice, payout);
      await registry.connect(alice).openDelegation(500_000n);
      expect(await registry.delegationCutOf(alice)).to.equal(500_000n);
      expect(await registry.payoutOf(alice)).to.equal(shared);
    });
  });

  describe("isOwnAddress", () => {
    it("SLA-3: names the provider, its own payout and its shared payout, before and after it opens", async () => {
      const { registry, alice, bob, payout } = await networkHelpers.loadFixture(withAlice);
      const shared = await registry.delegationPayoutOf(alice);
      const check = async () => {
        for (const own of [alice.address, payout.address, shared]) {
          expect(await registry.isOwnAddress(alice, own)).to.equal(true);
        }
        expect(await registry.isOwnAddress(alice, bob)).to.equal(false);
      };
      await check();
      await registry.connect(alice).openDelegation(CUT);
      await check();
    });
  });
});

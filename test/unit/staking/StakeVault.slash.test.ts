import { expect } from "chai";
import { network } from "hardhat";
import { LAT, SUPPLY } from "../../helpers/custody.ts";
import { deployService, PROVISIONED, SLASH_GAS } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  const fixture = await deployService(ethers);
  await fixture.vault.connect(fixture.market).lock(fixture.service, fixture.provider, 300n * LAT);
  return fixture;
}

describe("StakeVault", () => {
  describe("slash", () => {
    it("SLA-2: releases the lock, pays the legs, and burns the rest", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      const legs = [
        { recipient: f.requester, amount: 50n * LAT },
        { recipient: f.reporter, amount: 10n * LAT },
      ];
      const slashing = f.vault
        .connect(f.market)
        .slash(f.service, f.provider, 100n * LAT, 100n * LAT, legs, SLASH_GAS);
      await expect(slashing)
        .to.emit(f.vault, "StakeUnlocked")
        .withArgs(f.provider, f.service, f.market, 100n * LAT);
      await expect(slashing)
        .to.emit(f.vault, "StakeSlashed")
        .withArgs(f.provider, f.service, f.market, 100n * LAT, 40n * LAT);
      await expect(slashing).to.emit(f.service, "HookCalled");
      await expect(slashing).to.changeTokenBalances(
        ethers,
        f.lat,
        [f.vault, f.requester, f.reporter, f.provider],
        [-100n * LAT, 50n * LAT, 10n * LAT, 0n],
      );
      expect(await f.lat.totalSupply()).to.equal(SUPPLY - 40n * LAT);
      const provision = [PROVISIONED - 100n * LAT, 200n * LAT, 0n, 0n];
      expect(await f.vault.provisionOf(f.provider, f.service)).to.deep.equal(provision);
      expect(await f.vault.lockedBy(f.provider, f.service, f.market)).to.equal(200n * LAT);
    });

    it("returns what was taken", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deploy);
      const call = vault.connect(market).slash;
      expect(await call.staticCall(service, provider, 300n * LAT, 7n * LAT, [])).to.equal(7n * LAT);
      expect(await call.staticCall(service, provider, 300n * LAT, 2_000n * LAT, [])).to.equal(
        PROVISIONED,
      );
    });

    it("SLA-3: burns legs to the slashed provider and to nobody", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      const legs = [
        { recipient: f.provider, amount: 60n * LAT },
        { recipient: ethers.ZeroAddress, amount: 20n * LAT },
        { recipient: f.requester, amount: 0n },
      ];
      const slashing = f.vault
        .connect(f.market)
        .slash(f.service, f.provider, 100n * LAT, 100n * LAT, legs, SLASH_GAS);
      await expect(slashing)
        .to.emit(f.vault, "StakeSlashed")
        .withArgs(f.provider, f.service, f.market, 100n * LAT, 100n * LAT);
      await expect(slashing).to.changeTokenBalances(
        ethers,
        f.lat,
        [f.vault, f.provider, f.requester],
        [-100n * LAT, 0n, 0n],
      );
      expect(await f.lat.totalSupply()).to.equal(SUPPLY - 100n * LAT);
    });

    it("SLA-1: takes no more than is there, and shrinks the legs pro rata, rounded down", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      // All of the lock is released, so the whole provision of 1 000 LAT may be taken: a third of 3 000.
      const legs = [
        { recipient: f.requester, amount: 1_000n * LAT + 1n },
        { recipient: f.reporter, amount: 300n * LAT + 2n },
      ];
      const slashing = f.vault
        .connect(f.market)
        .slash(f.service, f.provider, 300n * LAT, 3_000n * LAT, legs, SLASH_GAS);
      const toRequester = (1_000n * LAT + 1n) / 3n;
      const toReporter = (300n * LAT + 2n) / 3n;
      const burned = PROVISIONED - toRequester - toReporter;
      await expect(slashing)
        .to.emit(f.vault, "StakeSlashed")
        .withArgs(f.provider, f.service, f.market, PROVISIONED, burned);
      await expect(slashing).to.changeTokenBalances(
        ethers,
        f.lat,
        [f.vault, f.requester, f.reporter],
        [-PROVISIONED, toRequester, toReporter],
      );
      expect(await f.lat.totalSupply()).to.equal(SUPPLY - burned);
      expect(await f.vault.provisionOf(f.provider, f.service)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("EXP-2: spares what other open jobs have locked", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.beacon).lock(f.service, f.provider, 600n * LAT);
      // 1 000 provisioned, 900 locked; 50 of the beacon's lock are released, so 150 may be taken.
      await expect(
        f.vault
          .connect(f.beacon)
          .slash(f.service, f.provider, 50n * LAT, 500n * LAT, [], SLASH_GAS),
      )
        .to.emit(f.vault, "StakeSlashed")
        .withArgs(f.provider, f.service, f.beacon, 150n * LAT, 150n * LAT);
      const provision = [850n * LAT, 850n * LAT, 0n, 0n];
      expect(await f.vault.provisionOf(f.provider, f.service)).to.deep.equal(provision);
    });

    it("takes thawing stake last", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.provider).thaw(f.service, 600n * LAT);
      const { thawingUntil } = await f.vault.provisionOf(f.provider, f.service);
      const slash = (amount: bigint) =>
        f.vault.connect(f.beacon).slash(f.service, f.provider, 0n, amount, [], SLASH_GAS);
      await f.vault.connect(f.market).unlock(f.service, f.provider, 300n * LAT);

      await slash(400n * LAT);
      const spared = [600n * LAT, 0n, thawingUntil, 600n * LAT];
      expect(await f.vault.provisionOf(f.provider, f.service)).to.deep.equal(spared);
      await slash(1n * LAT);
      const hit = [599n * LAT, 0n, thawingUntil, 599n * LAT];
      expect(await f.vault.provisionOf(f.provider, f.service)).to.deep.equal(hit);
      await slash(599n * LAT);
      expect(await f.vault.provisionOf(f.provider, f.service)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("reaches thawing stake after the thaw ended, while it is not withdrawn", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.provider).thaw(f.service, 700n * LAT);
      await networkHelpers.time.increase(100_000);
      await expect(
        f.vault
          .connect(f.market)
          .slash(f.service, f.provider, 300n * LAT, PROVISIONED, [], SLASH_GAS),
      ).to.changeTokenBalance(ethers, f.lat, f.vault, -PROVISIONED);
    });

    it("records a fault even when nothing is taken", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      for (const provider of [f.provider, f.outsider]) {
        const slashing = f.vault
          .connect(f.beacon)
          .slash(f.service, provider, 0n, 0n, [], SLASH_GAS);
        await expect(slashing)
          .to.emit(f.vault, "StakeSlashed")
          .withArgs(provider, f.service, f.beacon, 0n, 0n);
        await expect(slashing).to.changeTokenBalance(ethers, f.lat, f.vault, 0n);
      }
      const legs = [{ recipient: f.reporter, amount: 5n * LAT }];
      await expect(
        f.vault.connect(f.beacon).slash(f.service, f.outsider, 0n, 9n * LAT, legs, SLASH_GAS),
      )
        .to.emit(f.vault, "StakeSlashed")
        .withArgs(f.outsider, f.service, f.beacon, 0n, 0n);
    });

    it("reverts when the caller is not, or no longer, a module", async () => {
      const { vault, service, provider, market, outsider } =
        await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(outsider).slash(service, provider, 0n, 1n, [], SLASH_GAS))
        .to.be.revertedWithCustomError(vault, "StakeVaultNotModule")
        .withArgs(service, outsider);
      await service.setModule(market, false);
      await expect(vault.connect(market).slash(service, provider, 1n, 1n, [], SLASH_GAS))
        .to.be.revertedWithCustomError(vault, "StakeVaultNotModule")
        .withArgs(service, market);
    });

    it("reverts when the legs add up to more than is slashed", async () => {
      const { vault, service, provider, market, requester, reporter } =
        await networkHelpers.loadFixture(deploy);
      const legs = [
        { recipient: requester, amount: 8n },
        { recipient: reporter, amount: 3n },
      ];
      await expect(vault.connect(market).slash(service, provider, 10n, 10n, legs, SLASH_GAS))
        .to.be.revertedWithCustomError(vault, "StakeVaultSlashLegsExceedAmount")
        .withArgs(11n, 10n);
    });

    it("reverts when more would be released than the module has locked", async () => {
      const { vault, service, provider, beacon } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(beacon).slash(service, provider, 1n, 1n, [], SLASH_GAS))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientLocked")
        .withArgs(provider, service, 0n, 1n);
    });
  });
});

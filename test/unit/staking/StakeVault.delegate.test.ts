import { expect } from "chai";
import { network } from "hardhat";
import { LAT, SUPPLY } from "../../helpers/custody.ts";
import {
  deployDelegated,
  deployService,
  PROVISIONED,
  SHARES,
  SLASH_GAS,
} from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployDelegated(ethers);
}

async function deployOpen() {
  const fixture = await deployService(ethers);
  const { lat, vault, service, provider, outsider } = fixture;
  await service.setDelegationOpen(provider, true);
  await lat.connect(provider).transfer(outsider, SUPPLY / 2n);
  await lat.connect(outsider).approve(vault, ethers.MaxUint256);
  return fixture;
}

describe("StakeVault: delegation", () => {
  describe("setDelegationOpen", () => {
    it("opens and closes a pool of the calling service only", async () => {
      const { vault, service, provider, outsider } = await networkHelpers.loadFixture(deployOpen);
      await vault.connect(outsider).setDelegationOpen(provider, false);
      expect((await vault.delegationPoolOf(provider, service)).open).to.equal(true);
      await expect(service.setDelegationOpen(provider, false))
        .to.emit(vault, "DelegationOpenSet")
        .withArgs(provider, service, false);
      await expect(vault.connect(outsider).delegate(provider, service, LAT))
        .to.be.revertedWithCustomError(vault, "StakeVaultDelegationClosed")
        .withArgs(provider, service);
    });
  });

  describe("delegate", () => {
    it("SOL-2: moves LAT into the pool for shares, and tells the service", async () => {
      const { vault, lat, service, provider, outsider } =
        await networkHelpers.loadFixture(deployOpen);
      const delegating = vault.connect(outsider).delegate(provider, service, 7n * LAT);
      await expect(delegating)
        .to.emit(vault, "StakeDelegated")
        .withArgs(outsider, provider, service, 7n * LAT, 7n * SHARES);
      await expect(delegating).to.emit(service, "HookCalled");
      await expect(delegating).to.changeTokenBalances(
        ethers,
        lat,
        [outsider, vault],
        [-7n * LAT, 7n * LAT],
      );
      const pool = [7n * LAT, 7n * SHARES, 0n, 0n, true];
      expect(await vault.delegationPoolOf(provider, service)).to.deep.equal(pool);
      const delegation = [7n * SHARES, 0n, 0n];
      expect(await vault.delegationOf(outsider, provider, service)).to.deep.equal(delegation);
      expect(await vault.provisionOf(provider, service)).to.deep.equal([PROVISIONED, 0n, 0n, 0n]);
    });

    it("counts beside the provider's own stake for jobs and draws", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deploy);
      expect(await vault.freeStake(provider, service)).to.equal(2_500n * LAT);
      expect(await vault.activeStake(provider, service)).to.deep.equal([
        1_000n * LAT,
        1_500n * LAT,
      ]);
      await vault.connect(market).lock(service, provider, 2_400n * LAT);
      await expect(vault.connect(market).lock(service, provider, 100n * LAT + 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientFree")
        .withArgs(provider, service, 100n * LAT, 100n * LAT + 1n);
      await vault.connect(market).lock(service, provider, 100n * LAT);
      expect(await vault.freeStake(provider, service)).to.equal(0n);
    });

    it("counts up to four times the provider's own stake", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deploy);
      await vault.connect(provider).thaw(service, 900n * LAT);
      expect(await vault.activeStake(provider, service)).to.deep.equal([100n * LAT, 400n * LAT]);
      expect(await vault.freeStake(provider, service)).to.equal(500n * LAT);
    });

    it("EXP-2: keeps the provider from leaving its jobs to its delegators", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deploy);
      await vault.connect(market).lock(service, provider, 1_600n * LAT);
      // 320 of its own allow for 1 280 of the pool's, which is more than a fifth of the exposure.
      await expect(vault.connect(provider).thaw(service, 680n * LAT + 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientFree")
        .withArgs(provider, service, 680n * LAT, 680n * LAT + 1n);
      await vault.connect(provider).thaw(service, 680n * LAT);
      expect(await vault.freeStake(provider, service)).to.equal(0n);
      // A slash makes thawing stake back jobs: of the 800 that it leaves beside a pool of 1 200, half stays.
      await vault.connect(market).slash(service, provider, 0n, 500n * LAT, [], SLASH_GAS);
      await networkHelpers.time.increase(7_200);
      await expect(vault.connect(provider).withdraw(service))
        .to.emit(vault, "StakeWithdrawn")
        .withArgs(provider, service, 400n * LAT);
      expect((await vault.provisionOf(provider, service)).tokens).to.equal(400n * LAT);
    });

    it("reverts above four times the provider's own stake, thawing stake not counted", async () => {
      const { vault, service, provider, dana } = await networkHelpers.loadFixture(deploy);
      await vault.connect(provider).thaw(service, 500n * LAT);
      await expect(vault.connect(dana).delegate(provider, service, 500n * LAT + 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultDelegationAboveCap")
        .withArgs(provider, service, 2_000n * LAT, 2_000n * LAT + 1n);
      await vault.connect(dana).delegate(provider, service, 500n * LAT);
    });

    it("reverts below one LAT", async () => {
      const { vault, service, provider, dana } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(dana).delegate(provider, service, LAT - 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultDelegationTooSmall")
        .withArgs(LAT - 1n, LAT);
    });
  });

  describe("addRewards", () => {
    it("raises the price of all shares, whoever pays", async () => {
      const { vault, lat, service, provider, dana, emil } =
        await networkHelpers.loadFixture(deploy);
      const rewarding = vault.connect(provider).addRewards(provider, service, 500n * LAT);
      // The vault has the provider's unlimited approval.
      await expect(rewarding)
        .to.emit(vault, "DelegationRewarded")
        .withArgs(provider, provider, service, 500n * LAT);
      await expect(rewarding).to.changeTokenBalances(
        ethers,
        lat,
        [provider, vault],
        [-500n * LAT, 500n * LAT],
      );
      const worth = async (delegator: typeof dana) => {
        const { shares } = await vault.delegationOf(delegator, provider, service);
        return vault.delegatedTokens(provider, service, shares);
      };
      // Less than one wei in 10^9 goes to the virtual shares.
      expect(await worth(dana)).to.be.within(1_600n * LAT - 2_000n, 1_600n * LAT);
      expect(await worth(emil)).to.be.within(400n * LAT - 2_000n, 400n * LAT);
    });

    it("reverts when nobody holds shares", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deployOpen);
      await expect(vault.connect(provider).addRewards(provider, service, LAT))
        .to.be.revertedWithCustomError(vault, "StakeVaultNoDelegators")
        .withArgs(provider, service);
    });
  });

  describe("share price", () => {
    it("leaves who inflates it before a first delegation with a loss, and the delegator with its stake", async () => {
      const { vault, lat, service, provider, outsider, requester } =
        await networkHelpers.loadFixture(deployOpen);
      await lat.connect(provider).transfer(requester, 10_000n * LAT);
      await lat.connect(requester).approve(vault, ethers.MaxUint256);
      // The attacker keeps one share of a first delegation, and makes it dear.
      await vault.connect(outsider).delegate(provider, service, LAT);
      await vault.connect(outsider).undelegate(provider, service, SHARES - 1n);
      await networkHelpers.time.increase(7_200);
      await vault.connect(outsider).withdrawDelegated(provider, service);
      await vault.connect(outsider).addRewards(provider, service, 10n * LAT);
      // A donation straight to the vault moves nothing.
      await lat.connect(outsider).transfer(vault, 1_000n * LAT);

      await vault.connect(requester).delegate(provider, service, 100n * LAT);
      const { shares } = await vault.delegationOf(requester, provider, service);
      const worth = await vault.delegatedTokens(provider, service, shares);
      expect(worth).to.be.within((100n * LAT * 999_999n) / 1_000_000n, 100n * LAT);
      // Of its 10 LAT the attacker's only share has next to nothing.
      expect(await vault.delegatedTokens(provider, service, 1n)).to.be.lessThan(LAT / 10_000n);
    });

    it("refuses a delegation that would lose more than a millionth to rounding", async () => {
      const { vault, service, provider, outsider } = await networkHelpers.loadFixture(deployOpen);
      await vault.connect(outsider).delegate(provider, service, LAT);
      await vault.connect(outsider).undelegate(provider, service, SHARES - 1n);
      await networkHelpers.time.increase(7_200);
      await vault.connect(outsider).withdrawDelegated(provider, service);
      await vault.connect(outsider).addRewards(provider, service, 10n * LAT);
      // The least amount that is worth a million shares, at the price with the million that nobody holds.
      const { tokens, shares } = await vault.delegationPoolOf(provider, service);
      const least = (1_000_000n * (tokens + 1n)) / (shares + 1_000_000n) + 1n;
      for (const amount of [9n * LAT, least - 1n]) {
        await expect(vault.connect(outsider).delegate(provider, service, amount))
          .to.be.revertedWithCustomError(vault, "StakeVaultUnfairPrice")
          .withArgs(provider, service, amount);
      }
      await expect(vault.connect(outsider).delegate(provider, service, least))
        .to.emit(vault, "StakeDelegated")
        .withArgs(outsider, provider, service, least, 1_000_000n);
    });

    it("refuses a delegation whose shares would not fit, after a slash left next to nothing", async () => {
      const f = await networkHelpers.loadFixture(deployOpen);
      const { vault, service, provider, outsider, market } = f;
      await vault.connect(outsider).delegate(provider, service, 4_000n * LAT);
      await vault.connect(market).slash(service, provider, 0n, 5_000n * LAT - 5n, [], SLASH_GAS);
      expect((await vault.delegationPoolOf(provider, service)).tokens).to.be.greaterThan(0n);
      await vault.connect(provider).provision(service, 1_000n * LAT);
      await expect(vault.connect(outsider).delegate(provider, service, 1_000n * LAT))
        .to.be.revertedWithCustomError(vault, "StakeVaultUnfairPrice")
        .withArgs(provider, service, 1_000n * LAT);
    });
  });
});

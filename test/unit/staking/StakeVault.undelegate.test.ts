import { expect } from "chai";
import { network } from "hardhat";
import { LAT } from "../../helpers/custody.ts";
import {
  deployDelegated,
  HOOK,
  PROVISIONED,
  SHARES,
  SLASH_GAS,
} from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

const THAW_SECONDS = 7_200;

async function deploy() {
  return deployDelegated(ethers);
}

/** Emil's 300 LAT thaw. */
async function deployThawing() {
  const fixture = await deployDelegated(ethers);
  const { vault, service, provider, emil } = fixture;
  await vault.connect(emil).undelegate(provider, service, 300n * SHARES);
  return fixture;
}

describe("StakeVault: delegation", () => {
  describe("undelegate", () => {
    it("starts a thaw in which shares no longer count, yet stay in the pool", async () => {
      const { vault, lat, service, provider, emil } = await networkHelpers.loadFixture(deploy);
      const undelegating = vault.connect(emil).undelegate(provider, service, 100n * SHARES);
      await expect(undelegating).to.changeTokenBalance(ethers, lat, vault, 0n);
      const until = BigInt(await networkHelpers.time.latest()) + BigInt(THAW_SECONDS);
      await expect(undelegating)
        .to.emit(vault, "UndelegationStarted")
        .withArgs(emil, provider, service, 100n * SHARES, until);
      await expect(undelegating).to.emit(service, "HookCalled");
      expect(await vault.delegationOf(emil, provider, service)).to.deep.equal([
        300n * SHARES,
        100n * SHARES,
        until,
      ]);
      const pool = await vault.delegationPoolOf(provider, service);
      expect(pool).to.deep.equal([1_500n * LAT, 1_500n * SHARES, 100n * SHARES, 0n, true]);
      expect(await vault.freeStake(provider, service)).to.equal(2_400n * LAT);
    });

    it("restarts the clock when more is added", async () => {
      const { vault, service, provider, emil } = await networkHelpers.loadFixture(deploy);
      await vault.connect(emil).undelegate(provider, service, 100n * SHARES);
      await networkHelpers.time.increase(THAW_SECONDS - 100);
      await vault.connect(emil).undelegate(provider, service, 1n);
      const until = BigInt(await networkHelpers.time.latest()) + BigInt(THAW_SECONDS);
      const delegation = [300n * SHARES, 100n * SHARES + 1n, until];
      expect(await vault.delegationOf(emil, provider, service)).to.deep.equal(delegation);
    });

    it("LIV-2: is not refused for what the shares back", async () => {
      const { vault, service, provider, market, dana } = await networkHelpers.loadFixture(deploy);
      await vault.connect(market).lock(service, provider, 2_500n * LAT);
      await vault.connect(dana).undelegate(provider, service, 1_200n * SHARES);
      expect(await vault.freeStake(provider, service)).to.equal(0n);
    });

    it("reverts for none, and for more than is held and does not thaw", async () => {
      const { vault, service, provider, emil, outsider } =
        await networkHelpers.loadFixture(deployThawing);
      const refused = [
        [outsider, 0n, 0n],
        [outsider, 0n, 1n],
        [emil, 0n, 1n],
      ] as const;
      for (const [delegator, held, asked] of refused) {
        await expect(vault.connect(delegator).undelegate(provider, service, asked))
          .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientShares")
          .withArgs(delegator, provider, service, held, asked);
      }
    });
  });

  describe("withdrawDelegated", () => {
    it("pays thawed shares at their present price, rewards in the meantime included", async () => {
      const { vault, lat, service, provider, emil } =
        await networkHelpers.loadFixture(deployThawing);
      await vault.connect(provider).addRewards(provider, service, 150n * LAT);
      await networkHelpers.time.increase(THAW_SECONDS);
      const paid = await vault.delegatedTokens(provider, service, 300n * SHARES);
      expect(paid).to.be.within(330n * LAT - 1_000n, 330n * LAT);
      const withdrawing = vault.connect(emil).withdrawDelegated(provider, service);
      await expect(withdrawing)
        .to.emit(vault, "DelegationWithdrawn")
        .withArgs(emil, provider, service, paid, 300n * SHARES);
      await expect(withdrawing).to.emit(service, "HookCalled");
      await expect(withdrawing).to.changeTokenBalances(ethers, lat, [emil, vault], [paid, -paid]);
      expect(await vault.delegationOf(emil, provider, service)).to.deep.equal([0n, 0n, 0n]);
      const pool = [1_650n * LAT - paid, 1_200n * SHARES, 0n, 0n, true];
      expect(await vault.delegationPoolOf(provider, service)).to.deep.equal(pool);
    });

    it("LIV-2: works while the pool is closed, and with a service that fails", async () => {
      const { vault, lat, service, provider, emil } =
        await networkHelpers.loadFixture(deployThawing);
      await service.setDelegationOpen(provider, false);
      await service.setMode(HOOK.revert);
      await networkHelpers.time.increase(THAW_SECONDS);
      const withdrawing = vault.connect(emil).withdrawDelegated(provider, service);
      await expect(withdrawing).to.emit(vault, "StakeHookFailed").withArgs(provider, service);
      await expect(withdrawing).to.changeTokenBalance(ethers, lat, emil, 300n * LAT);
    });

    it("EXP-2: leaves what backs open jobs, and pays the rest once they close", async () => {
      const { vault, lat, service, provider, market, beacon, dana } =
        await networkHelpers.loadFixture(deploy);
      await vault.connect(market).lock(service, provider, 2_300n * LAT);
      await vault.connect(dana).undelegate(provider, service, 1_200n * SHARES);
      await networkHelpers.time.increase(THAW_SECONDS);
      await expect(vault.connect(dana).withdrawDelegated(provider, service)).to.changeTokenBalance(
        ethers,
        lat,
        dana,
        200n * LAT,
      );
      const { shares, thawing, thawingUntil } = await vault.delegationOf(dana, provider, service);
      expect([shares, thawing]).to.deep.equal([1_000n * SHARES, 1_000n * SHARES]);
      await expect(vault.connect(dana).withdrawDelegated(provider, service))
        .to.be.revertedWithCustomError(vault, "StakeVaultNoDelegation")
        .withArgs(dana, provider, service);
      expect(thawingUntil).to.be.greaterThan(0n);
      // A job that fails takes its collateral in full, from both sides; then all else may leave.
      await vault.connect(market).slash(service, provider, 2_300n * LAT, 460n * LAT, [], SLASH_GAS);
      expect(await vault.lockedBy(provider, service, beacon)).to.equal(0n);
      await vault.connect(dana).withdrawDelegated(provider, service);
      expect(await vault.delegationOf(dana, provider, service)).to.deep.equal([0n, 0n, 0n]);
    });

    it("hands what roundings left to the provider with the last share", async () => {
      const { vault, service, provider, dana, emil } =
        await networkHelpers.loadFixture(deployThawing);
      await vault.connect(provider).addRewards(provider, service, 100n * LAT);
      await vault.connect(dana).undelegate(provider, service, 1_200n * SHARES);
      await networkHelpers.time.increase(THAW_SECONDS);
      await vault.connect(emil).withdrawDelegated(provider, service);
      const last = vault.connect(dana).withdrawDelegated(provider, service);
      await expect(last)
        .to.emit(vault, "DelegationEmptied")
        .withArgs(provider, service, (left: bigint) => left > 0n && left < 10n ** 6n);
      expect((await vault.provisionOf(provider, service)).tokens).to.be.within(
        PROVISIONED + 1n,
        PROVISIONED + 10n ** 6n,
      );
      const pool = await vault.delegationPoolOf(provider, service);
      expect(pool).to.deep.equal([0n, 0n, 0n, 0n, true]);
    });

    it("reverts before the thaw ended, and when nothing thaws", async () => {
      const { vault, service, provider, dana, emil } =
        await networkHelpers.loadFixture(deployThawing);
      const { thawingUntil } = await vault.delegationOf(emil, provider, service);
      await networkHelpers.time.setNextBlockTimestamp(thawingUntil - 1n);
      await expect(vault.connect(emil).withdrawDelegated(provider, service))
        .to.be.revertedWithCustomError(vault, "StakeVaultDelegationThawing")
        .withArgs(emil, provider, service, thawingUntil);
      await expect(vault.connect(dana).withdrawDelegated(provider, service))
        .to.be.revertedWithCustomError(vault, "StakeVaultNoDelegation")
        .withArgs(dana, provider, service);
    });
  });

  describe("history", () => {
    it("remembers shares by second, of each and of all", async () => {
      const { vault, service, provider, dana, emil } =
        await networkHelpers.loadFixture(deployThawing);
      const before = await networkHelpers.time.latest();
      await networkHelpers.time.increase(THAW_SECONDS);
      await vault.connect(emil).withdrawDelegated(provider, service);
      const after = await networkHelpers.time.latest();
      const held = (who: typeof dana, at: number | bigint) =>
        vault.sharesAt(who, provider, service, 0n, at);
      expect(await held(emil, before)).to.equal(300n * SHARES);
      expect(await held(emil, after - 1)).to.equal(300n * SHARES);
      expect(await held(emil, after)).to.equal(0n);
      expect(await held(dana, ethers.MaxUint256)).to.equal(1_200n * SHARES);
      expect(await vault.totalSharesAt(provider, service, 0n, before)).to.equal(1_500n * SHARES);
      expect(await vault.totalSharesAt(provider, service, 0n, after)).to.equal(1_200n * SHARES);
      expect(await vault.totalSharesAt(provider, service, 1n, after)).to.equal(0n);
    });
  });
});

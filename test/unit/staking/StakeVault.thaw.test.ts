import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { LAT, PARAMETER_VALUES } from "../../helpers/custody.ts";
import { deployService, PROVISIONED, SLASH_GAS } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const THAW = PARAMETER_VALUES.StakeThawSeconds;

async function deploy() {
  return deployService(ethers);
}

async function deployThawing() {
  const fixture = await deployService(ethers);
  await fixture.vault.connect(fixture.provider).thaw(fixture.service, 400n * LAT);
  const until = BigInt(await time.latest()) + THAW;
  return { ...fixture, until };
}

/** The next block's timestamp, set so that a test can state it. */
async function nextTimestamp(): Promise<bigint> {
  const next = (await time.latest()) + 10;
  await time.setNextBlockTimestamp(next);
  return BigInt(next);
}

describe("StakeVault", () => {
  describe("thaw", () => {
    it("takes stake out of work until the thaw ends, and tells the service", async () => {
      const { vault, lat, service, provider } = await networkHelpers.loadFixture(deploy);
      const until = (await nextTimestamp()) + THAW;
      const thawing = vault.connect(provider).thaw(service, 400n * LAT);
      await expect(thawing)
        .to.emit(vault, "StakeThawStarted")
        .withArgs(provider, service, 400n * LAT, until);
      await expect(thawing).to.emit(service, "HookCalled");
      await expect(thawing).to.changeTokenBalances(ethers, lat, [provider, vault], [0n, 0n]);
      const provision = [PROVISIONED, 0n, until, 400n * LAT];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(provision);
      expect(await vault.freeStake(provider, service)).to.equal(600n * LAT);
    });

    it("restarts the clock for all that thaws when more is added", async () => {
      const { vault, service, provider, until } = await networkHelpers.loadFixture(deployThawing);
      await time.increaseTo(until - 100n);
      const later = (await nextTimestamp()) + THAW;
      await expect(vault.connect(provider).thaw(service, 1n))
        .to.emit(vault, "StakeThawStarted")
        .withArgs(provider, service, 1n, later);
      const provision = [PROVISIONED, 0n, later, 400n * LAT + 1n];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(provision);
    });

    it("keeps its end when governance changes the parameter", async () => {
      const { vault, service, provider, until, parameters, admin } =
        await networkHelpers.loadFixture(deployThawing);
      await parameters.connect(admin).set(parameterIndex("StakeThawSeconds"), 5_000_000n);
      await time.increaseTo(until);
      await expect(vault.connect(provider).withdraw(service)).to.emit(vault, "StakeWithdrawn");
    });

    it("reverts when the amount is zero", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(provider).thaw(service, 0n))
        .to.be.revertedWithCustomError(vault, "StakeVaultZeroAmount")
        .withArgs();
    });

    it("reverts when less is free", async () => {
      const { vault, service, provider, market } = await networkHelpers.loadFixture(deployThawing);
      await vault.connect(market).lock(service, provider, 100n * LAT);
      await expect(vault.connect(provider).thaw(service, 500n * LAT + 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientFree")
        .withArgs(provider, service, 500n * LAT, 500n * LAT + 1n);
    });
  });

  describe("cancelThaw", () => {
    it("puts a part back to work and keeps the clock", async () => {
      const { vault, service, provider, until } = await networkHelpers.loadFixture(deployThawing);
      const cancelling = vault.connect(provider).cancelThaw(service, 150n * LAT);
      await expect(cancelling)
        .to.emit(vault, "StakeThawCancelled")
        .withArgs(provider, service, 150n * LAT);
      await expect(cancelling).to.emit(service, "HookCalled");
      const provision = [PROVISIONED, 0n, until, 250n * LAT];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(provision);
      expect(await vault.freeStake(provider, service)).to.equal(750n * LAT);
    });

    it("stops the clock when all is put back", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deployThawing);
      await vault.connect(provider).cancelThaw(service, 400n * LAT);
      const provision = [PROVISIONED, 0n, 0n, 0n];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(provision);
    });

    it("reverts when the amount is zero", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deployThawing);
      await expect(vault.connect(provider).cancelThaw(service, 0n))
        .to.be.revertedWithCustomError(vault, "StakeVaultZeroAmount")
        .withArgs();
    });

    it("reverts when less is thawing", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deployThawing);
      await expect(vault.connect(provider).cancelThaw(service, 400n * LAT + 1n))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientThawing")
        .withArgs(provider, service, 400n * LAT, 400n * LAT + 1n);
    });
  });

  describe("withdraw", () => {
    it("pays the thawed stake from the second the thaw ends", async () => {
      const { vault, lat, service, provider, until } =
        await networkHelpers.loadFixture(deployThawing);
      await time.setNextBlockTimestamp(until);
      const withdrawing = vault.connect(provider).withdraw(service);
      await expect(withdrawing)
        .to.emit(vault, "StakeWithdrawn")
        .withArgs(provider, service, 400n * LAT);
      await expect(withdrawing).to.emit(service, "HookCalled");
      await expect(withdrawing).to.changeTokenBalances(
        ethers,
        lat,
        [provider, vault],
        [400n * LAT, -400n * LAT],
      );
      const provision = [600n * LAT, 0n, 0n, 0n];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(provision);
    });

    it("returns the amount", async () => {
      const { vault, service, provider, until } = await networkHelpers.loadFixture(deployThawing);
      await time.increaseTo(until);
      const amount = await vault.connect(provider).withdraw.staticCall(service);
      expect(amount).to.equal(400n * LAT);
    });

    it("reverts one second before the thaw ends", async () => {
      const { vault, service, provider, until } = await networkHelpers.loadFixture(deployThawing);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(vault.connect(provider).withdraw(service))
        .to.be.revertedWithCustomError(vault, "StakeVaultStillThawing")
        .withArgs(provider, service, until);
    });

    it("reverts when nothing thaws", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deploy);
      await expect(vault.connect(provider).withdraw(service))
        .to.be.revertedWithCustomError(vault, "StakeVaultNothingToWithdraw")
        .withArgs(provider, service);
    });

    it("EXP-2: leaves what backs open jobs until they close", async () => {
      const { vault, lat, service, provider, market, beacon, until } =
        await networkHelpers.loadFixture(deployThawing);
      // 600 LAT back jobs; a slash for another fault takes 300 of what does not thaw first.
      await vault.connect(market).lock(service, provider, 500n * LAT);
      await vault.connect(beacon).slash(service, provider, 0n, 300n * LAT, [], SLASH_GAS);
      const provision = [700n * LAT, 500n * LAT, until, 400n * LAT];
      expect(await vault.provisionOf(provider, service)).to.deep.equal(provision);
      expect(await vault.freeStake(provider, service)).to.equal(0n);

      await time.increaseTo(until);
      await expect(vault.connect(provider).withdraw(service)).to.changeTokenBalance(
        ethers,
        lat,
        provider,
        200n * LAT,
      );
      await expect(vault.connect(provider).withdraw(service))
        .to.be.revertedWithCustomError(vault, "StakeVaultNothingToWithdraw")
        .withArgs(provider, service);

      await vault.connect(market).unlock(service, provider, 500n * LAT);
      await expect(vault.connect(provider).withdraw(service)).to.changeTokenBalance(
        ethers,
        lat,
        provider,
        200n * LAT,
      );
    });
  });
});

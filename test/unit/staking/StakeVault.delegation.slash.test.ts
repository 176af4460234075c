import { expect } from "chai";
import { network } from "hardhat";
import { LAT, SUPPLY } from "../../helpers/custody.ts";
import { deployDelegated, SHARES, SLASH_GAS } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployDelegated(ethers);
}

describe("StakeVault: delegation", () => {
  describe("slash", () => {
    it("SLA-2: takes from provider and pool pro rata; the provider pays the legs, the pool burns", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.market).lock(f.service, f.provider, 250n * LAT);
      const legs = [
        { recipient: f.requester, amount: 125n * LAT },
        { recipient: f.reporter, amount: 25n * LAT },
      ];
      // 1 000 beside 1 500: of 250 the provider loses 100, of which the legs get 60 %.
      const slashing = f.vault
        .connect(f.market)
        .slash(f.service, f.provider, 250n * LAT, 250n * LAT, legs, SLASH_GAS);
      await expect(slashing)
        .to.emit(f.vault, "StakeSlashed")
        .withArgs(f.provider, f.service, f.market, 250n * LAT, 190n * LAT);
      await expect(slashing)
        .to.emit(f.vault, "DelegationSlashed")
        .withArgs(f.provider, f.service, 150n * LAT);
      await expect(slashing).to.changeTokenBalances(
        ethers,
        f.lat,
        [f.vault, f.requester, f.reporter, f.provider],
        [-250n * LAT, 50n * LAT, 10n * LAT, 0n],
      );
      expect(await f.lat.totalSupply()).to.equal(SUPPLY - 190n * LAT);
      expect((await f.vault.provisionOf(f.provider, f.service)).tokens).to.equal(900n * LAT);
      const pool = [1_350n * LAT, 1_500n * SHARES, 0n, 0n, true];
      expect(await f.vault.delegationPoolOf(f.provider, f.service)).to.deep.equal(pool);
      // A tenth of every delegation is gone, a wei rounded away.
      const worth = await f.vault.delegatedTokens(f.provider, f.service, 300n * SHARES);
      expect(worth).to.be.within(270n * LAT - 1n, 270n * LAT);
    });

    it("reaches thawing shares", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.emil).undelegate(f.provider, f.service, 300n * SHARES);
      await networkHelpers.time.increase(7_200);
      await f.vault.connect(f.market).slash(f.service, f.provider, 0n, 1_250n * LAT, [], SLASH_GAS);
      await expect(
        f.vault.connect(f.emil).withdrawDelegated(f.provider, f.service),
      ).to.changeTokenBalance(ethers, f.lat, f.emil, 150n * LAT);
    });

    it("rounds in the pool's favour", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.market).slash(f.service, f.provider, 0n, 1n, [], SLASH_GAS);
      expect((await f.vault.provisionOf(f.provider, f.service)).tokens).to.equal(1_000n * LAT - 1n);
      const pool = await f.vault.delegationPoolOf(f.provider, f.service);
      expect(pool.tokens).to.equal(1_500n * LAT);
    });

    it("SLA-1: voids all shares with the pool's last LAT, and the next pool owes them nothing", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.emil).undelegate(f.provider, f.service, 300n * SHARES);
      const slashing = f.vault
        .connect(f.market)
        .slash(f.service, f.provider, 0n, 9_000n * LAT, [], SLASH_GAS);
      await expect(slashing)
        .to.emit(f.vault, "DelegationVoided")
        .withArgs(f.provider, f.service, 0n);
      await expect(slashing).to.changeTokenBalance(ethers, f.lat, f.vault, -2_500n * LAT);
      const empty = [0n, 0n, 0n, 1n, true];
      expect(await f.vault.delegationPoolOf(f.provider, f.service)).to.deep.equal(empty);

      await f.vault.connect(f.provider).provision(f.service, 1_000n * LAT);
      await f.vault.connect(f.dana).delegate(f.provider, f.service, 40n * LAT);
      const fresh = [40n * SHARES, 0n, 0n];
      expect(await f.vault.delegationOf(f.dana, f.provider, f.service)).to.deep.equal(fresh);
      expect(await f.vault.delegationOf(f.emil, f.provider, f.service)).to.deep.equal([0n, 0n, 0n]);
      await networkHelpers.time.increase(7_200);
      await expect(f.vault.connect(f.emil).withdrawDelegated(f.provider, f.service))
        .to.be.revertedWithCustomError(f.vault, "StakeVaultNoDelegation")
        .withArgs(f.emil, f.provider, f.service);
    });

    it("EXP-2: spares what other open jobs have locked of both", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.vault.connect(f.beacon).lock(f.service, f.provider, 2_000n * LAT);
      await expect(
        f.vault.connect(f.market).slash(f.service, f.provider, 0n, 800n * LAT, [], SLASH_GAS),
      )
        .to.emit(f.vault, "StakeSlashed")
        .withArgs(f.provider, f.service, f.market, 500n * LAT, 500n * LAT);
      expect(await f.vault.freeStake(f.provider, f.service)).to.equal(0n);
    });

    it("SLA-3: lets a delegator that reports have the bounty, and a provider none of its delegators' LAT", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      // The provider stands behind requester and reporter, and leaves as much to them as a slash can.
      const legs = [
        { recipient: f.requester, amount: 240n * LAT },
        { recipient: f.emil, amount: 10n * LAT },
      ];
      const slashing = f.vault
        .connect(f.market)
        .slash(f.service, f.provider, 0n, 250n * LAT, legs, SLASH_GAS);
      await expect(slashing).to.changeTokenBalances(
        ethers,
        f.lat,
        [f.requester, f.emil],
        [96n * LAT, 4n * LAT],
      );
      // They got exactly what its own stake lost; any leg that burns makes it lose.
      expect((await f.vault.provisionOf(f.provider, f.service)).tokens).to.equal(900n * LAT);
    });
  });
});

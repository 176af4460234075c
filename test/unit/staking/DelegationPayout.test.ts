import { expect } from "chai";
import { network } from "hardhat";
import { deployProviders, join } from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const lat = ethers.parseEther;
const CUT = 200_000n;
const THAW_SECONDS = 7_200n;

/**
 * Alice provides 3 000 LAT at a cut of 20 %; Bob delegated 600 and Carol 400. Of 100 earned, Alice keeps 20 and three
 * quarters of the rest; Bob and Carol share 20. `market` may pay LAT and dollars out of escrow to whom it likes.
 */
async function deploy() {
  const base = await deployProviders(ethers);
  const { registry, vault, escrow, alice, bob, carol, payout, stranger: market } = base;
  await join(base, alice, 3_000n, payout);
  await registry.connect(alice).openDelegation(CUT);
  for (const [delegator, amount] of [
    [bob, "600"],
    [carol, "400"],
  ] as const) {
    await base.lat.transfer(delegator, lat("10000"));
    await base.lat.connect(delegator).approve(vault, ethers.MaxUint256);
    await vault.connect(delegator).delegate(alice, registry, lat(amount));
  }
  const dollar = await ethers.deployContract("TaxedToken");
  await dollar.mint(market, lat("10000"));
  await base.lat.transfer(market, lat("10000"));
  await escrow.connect(market).setMarket(market, true);
  for (const token of [dollar, base.lat]) {
    await token.connect(market).approve(escrow, lat("10000"));
    await escrow.connect(market).deposit(token, market, lat("10000"));
  }
  // Holdings count from the second after they began.
  await networkHelpers.time.increase(1);
  const sharing = await ethers.getContractAt("DelegationPayout", await registry.payoutOf(alice));
  const earn = async (token: typeof dollar | typeof base.lat, amount: bigint) => {
    await escrow.connect(market).lock(token, market, amount);
    const leg = { recipient: sharing, amount, toDeposit: false };
    await escrow.connect(market).pay(token, [leg]);
  };
  return { ...base, market, dollar, sharing, earn };
}

describe("DelegationPayout", () => {
  describe("distribute", () => {
    it("adds the delegators' part of LAT to their pool, whoever calls", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.earn(f.lat, lat("100"));
      const distributing = f.sharing.connect(f.reporter).distribute(f.lat);
      await expect(distributing)
        .to.emit(f.sharing, "EarningsDistributed")
        .withArgs(f.lat, lat("100"), lat("20"));
      await expect(distributing)
        .to.emit(f.vault, "DelegationRewarded")
        .withArgs(f.sharing, f.alice, f.registry, lat("20"));
      await expect(distributing).to.changeTokenBalances(
        ethers,
        f.lat,
        [f.escrow, f.sharing, f.payout, f.vault],
        [-lat("100"), 0n, lat("80"), lat("20")],
      );
      const { tokens } = await f.vault.delegationPoolOf(f.alice, f.registry);
      expect(tokens).to.equal(lat("1020"));
    });

    it("keeps the delegators' part of another token for their claims", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.earn(f.dollar, lat("100"));
      const distributing = f.sharing.distribute(f.dollar);
      await expect(distributing)
        .to.emit(f.sharing, "EarningsDistributed")
        .withArgs(f.dollar, lat("100"), lat("20"));
      await expect(distributing).to.changeTokenBalances(
        ethers,
        f.dollar,
        [f.sharing, f.payout],
        [lat("20"), lat("80")],
      );
      expect(await f.sharing.distributionCount(f.dollar)).to.equal(1n);
    });

    it("takes the cut of the time, and leaves all to the provider without delegators", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.registry.connect(f.alice).setDelegationCut(0n);
      await f.earn(f.lat, lat("100"));
      await expect(f.sharing.distribute(f.lat)).to.changeTokenBalance(
        ethers,
        f.lat,
        f.payout,
        lat("75"),
      );
      for (const delegator of [f.bob, f.carol]) {
        const { shares } = await f.vault.delegationOf(delegator, f.alice, f.registry);
        await f.vault.connect(delegator).undelegate(f.alice, f.registry, shares);
      }
      await networkHelpers.time.increase(THAW_SECONDS);
      for (const delegator of [f.bob, f.carol]) {
        await f.vault.connect(delegator).withdrawDelegated(f.alice, f.registry);
      }
      for (const token of [f.lat, f.dollar]) {
        await f.earn(token, lat("100"));
        await expect(f.sharing.distribute(token)).to.changeTokenBalance(
          ethers,
          token,
          f.payout,
          lat("100"),
        );
      }
    });

    it("gives nothing of other tokens to who began to delegate in the same second", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.earn(f.dollar, lat("100"));
      await f.lat.transfer(f.reporter, lat("10000"));
      await f.lat.connect(f.reporter).approve(f.vault, ethers.MaxUint256);
      const at = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(at);
      await f.vault.connect(f.reporter).delegate(f.alice, f.registry, lat("8000"));
      await networkHelpers.time.setNextBlockTimestamp(at);
      await f.sharing.distribute(f.dollar);
      const all = [f.dollar, 0n, 10n] as const;
      expect(await f.sharing.claimable(f.reporter, ...all)).to.equal(0n);
      const bob = await f.sharing.claimable(f.bob, ...all);
      const carol = await f.sharing.claimable(f.carol, ...all);
      // Of 80 the pool has three quarters.
      expect([bob, carol]).to.deep.equal([lat("36"), lat("24")]);
    });

    it("keeps the provider's part when its payout cannot receive it, and pays the delegators", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.earn(f.dollar, lat("100"));
      await f.dollar.setBarred(f.payout, true);
      await expect(f.sharing.distribute(f.dollar))
        .to.emit(f.sharing, "ProviderPartKept")
        .withArgs(f.dollar, f.payout, lat("80"));
      expect(await f.sharing.owedToProvider(f.dollar)).to.equal(lat("80"));
      await expect(f.sharing.connect(f.bob).claim(f.dollar, 0n, 10n)).to.changeTokenBalance(
        ethers,
        f.dollar,
        f.bob,
        lat("12"),
      );
      // What is owed is not distributed again.
      await expect(f.sharing.distribute(f.dollar))
        .to.be.revertedWithCustomError(f.sharing, "DelegationPayoutNothingToDistribute")
        .withArgs(f.dollar);
      await f.dollar.setBarred(f.payout, false);
      await f.earn(f.dollar, lat("10"));
      await expect(f.sharing.distribute(f.dollar)).to.changeTokenBalance(
        ethers,
        f.dollar,
        f.payout,
        lat("88"),
      );
      expect(await f.sharing.owedToProvider(f.dollar)).to.equal(0n);
    });

    it("distributes what arrived of a token that keeps a part of each transfer", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.earn(f.dollar, lat("100"));
      await f.dollar.setTax(100_000n);
      await expect(f.sharing.distribute(f.dollar))
        .to.emit(f.sharing, "EarningsDistributed")
        .withArgs(f.dollar, lat("90"), lat("18"));
    });

    it("reverts when nothing was earned", async () => {
      const { sharing, lat: token } = await networkHelpers.loadFixture(deploy);
      await expect(sharing.distribute(token))
        .to.be.revertedWithCustomError(sharing, "DelegationPayoutNothingToDistribute")
        .withArgs(token);
    });

    it("is nothing that the contract behind the clones could do", async () => {
      const { delegationPayout, lat: token } = await networkHelpers.loadFixture(deploy);
      await token.transfer(delegationPayout, 1n);
      await expect(delegationPayout.distribute(token)).to.be.revertedWithoutReason(ethers);
    });
  });

  describe("claim", () => {
    it("pays each delegator by the shares it held, also after it left", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.earn(f.dollar, lat("100"));
      await f.sharing.distribute(f.dollar);
      const { shares } = await f.vault.delegationOf(f.bob, f.alice, f.registry);
      await f.vault.connect(f.bob).undelegate(f.alice, f.registry, shares);
      await networkHelpers.time.increase(THAW_SECONDS);
      await f.vault.connect(f.bob).withdrawDelegated(f.alice, f.registry);
      await networkHelpers.time.increase(1);
      await f.earn(f.dollar, lat("100"));
      await f.sharing.distribute(f.dollar);
      // 80 by 3 400: Carol alone has the pool's part of the second distribution.
      const second = (lat("80") * 400n) / 3_400n;
      const claiming = f.sharing.connect(f.bob).claim(f.dollar, 0n, 10n);
      await expect(claiming)
        .to.emit(f.sharing, "DelegatorPaid")
        .withArgs(f.bob, f.dollar, lat("12"), 2n);
      await expect(claiming).to.changeTokenBalances(
        ethers,
        f.dollar,
        [f.sharing, f.bob],
        [-lat("12"), lat("12")],
      );
      expect(await f.sharing.claimable(f.carol, f.dollar, 0n, 1n)).to.equal(lat("8"));
      await expect(f.sharing.connect(f.carol).claim(f.dollar, 0n, 10n)).to.changeTokenBalances(
        ethers,
        f.dollar,
        [f.sharing, f.carol],
        [-(lat("8") + second), lat("8") + second],
      );
      expect(await f.dollar.balanceOf(f.sharing)).to.equal(0n);
    });

    it("goes on where it ended, and pays nothing twice", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      for (let i = 0; i < 3; i++) {
        await f.earn(f.dollar, lat("100"));
        await f.sharing.distribute(f.dollar);
      }
      const claim = (from: bigint, count: bigint) =>
        f.sharing.connect(f.bob).claim(f.dollar, from, count);
      await expect(claim(0n, 1n)).to.changeTokenBalance(ethers, f.dollar, f.bob, lat("12"));
      expect(await f.sharing.nextClaimOf(f.bob, f.dollar)).to.equal(1n);
      // Skips the second for good.
      await expect(claim(2n, 9n)).to.changeTokenBalance(ethers, f.dollar, f.bob, lat("12"));
      for (const [from, next] of [
        [0n, 3n],
        [7n, 7n],
      ] as const) {
        await expect(claim(from, 9n))
          .to.be.revertedWithCustomError(f.sharing, "DelegationPayoutNothingToClaim")
          .withArgs(f.bob, f.dollar, next);
      }
      await expect(f.sharing.connect(f.reporter).claim(f.dollar, 0n, 9n))
        .to.emit(f.sharing, "DelegatorPaid")
        .withArgs(f.reporter, f.dollar, 0n, 3n);
    });

    it("keeps what was distributed before a slash emptied the pool", async () => {
      const f = await networkHelpers.loadFixture(deploy);
      await f.earn(f.dollar, lat("100"));
      await f.sharing.distribute(f.dollar);
      await f.registry.setStakeModule(f.reporter, true);
      await f.vault.connect(f.reporter).slash(f.registry, f.alice, 0n, lat("9000"), []);
      await expect(f.sharing.connect(f.carol).claim(f.dollar, 0n, 9n)).to.changeTokenBalance(
        ethers,
        f.dollar,
        f.carol,
        lat("8"),
      );
    });
  });
});

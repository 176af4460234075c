import { expect } from "chai";
import { network } from "hardhat";
import { deploySharing } from "../../helpers/sharing.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const lat = ethers.parseEther;
const THAW_SECONDS = 7_200n;
const deploy = () => deploySharing(chain);

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
});

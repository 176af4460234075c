import { expect } from "chai";
import { network } from "hardhat";
import { deploySharing } from "../../helpers/sharing.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const lat = ethers.parseEther;
const THAW_SECONDS = 7_200n;
const deploy = () => deploySharing(chain);

describe("DelegationPayout", () => {
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

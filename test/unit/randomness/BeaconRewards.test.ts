import { expect } from "chai";
import { network } from "hardhat";
import { advance, deployProviders, join } from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const HELD = 1_000_000n;
const SHARE = 1_000n;
const SHARE_OF_THE_REST = 999n;
const REMEMBERED_EPOCHS = 256;

/** Alice, paid at `payout`, began epoch 3; epochs 1 and 2 began by bootstrap. The account holds two tokens. */
async function withLedEpoch() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n, base.payout);
  await advance(base, networkHelpers, 3);
  const { beacon, registry, lat } = base;
  const rewards = await ethers.deployContract("BeaconRewards", [beacon, registry]);
  const dollar = await ethers.deployContract("MintableToken", ["Test Dollar", "USDT"]);
  await lat.transfer(rewards, HELD);
  await dollar.mint(rewards, 2n * HELD);
  return { ...base, rewards, dollar };
}

describe("BeaconRewards", () => {
  describe("claim", () => {
    it("pays the epoch's leader a share of what is held, at its payout address, whoever calls", async () => {
      const { rewards, lat, alice, payout, stranger } =
        await networkHelpers.loadFixture(withLedEpoch);
      expect(await rewards.SHARE_PPM()).to.equal(1_000n);
      expect(await rewards.connect(stranger).claim.staticCall(3, lat)).to.equal(SHARE);
      const claiming = rewards.connect(stranger).claim(3, lat);
      await expect(claiming)
        .to.emit(rewards, "BeaconRewardPaid")
        .withArgs(3n, alice, lat, payout, SHARE);
      await expect(claiming).to.changeTokenBalances(
        ethers,
        lat,
        [payout, rewards, alice, stranger],
        [SHARE, -SHARE, 0n, 0n],
      );
      expect(await rewards.isPaid(3, lat)).to.equal(true);
    });

    it("pays each epoch a share of what the ones before left", async () => {
      const base = await networkHelpers.loadFixture(withLedEpoch);
      const { rewards, lat, payout } = base;
      await advance(base, networkHelpers);
      await rewards.claim(3, lat);
      await expect(rewards.claim(4, lat)).to.changeTokenBalances(
        ethers,
        lat,
        [payout, rewards],
        [SHARE_OF_THE_REST, -SHARE_OF_THE_REST],
      );
    });

    it("pays each token apart", async () => {
      const { rewards, lat, dollar, alice, payout } =
        await networkHelpers.loadFixture(withLedEpoch);
      await rewards.claim(3, lat);
      expect(await rewards.isPaid(3, dollar)).to.equal(false);
      const claiming = rewards.claim(3, dollar);
      await expect(claiming)
        .to.emit(rewards, "BeaconRewardPaid")
        .withArgs(3n, alice, dollar, payout, 2n * SHARE);
      await expect(claiming).to.changeTokenBalances(
        ethers,
        dollar,
        [payout, rewards],
        [2n * SHARE, -2n * SHARE],
      );
    });

    it("reverts when the epoch's leader has been paid in the token", async () => {
      const { rewards, lat } = await networkHelpers.loadFixture(withLedEpoch);
      await rewards.claim(3, lat);
      await expect(rewards.claim(3, lat))
        .to.be.revertedWithCustomError(rewards, "BeaconRewardsAlreadyPaid")
        .withArgs(3n, lat);
    });

    it("reverts for epochs that no leader began, and for epochs to come", async () => {
      const { rewards, lat } = await networkHelpers.loadFixture(withLedEpoch);
      for (const epoch of [0n, 1n, 2n, 4n, 3n + 256n, ethers.MaxUint256]) {
        await expect(rewards.claim(epoch, lat))
          .to.be.revertedWithCustomError(rewards, "BeaconRewardsNoLeader")
          .withArgs(epoch);
      }
    });

    it("reverts for an epoch that the beacon no longer remembers", async () => {
      const base = await networkHelpers.loadFixture(withLedEpoch);
      const { rewards, beacon, lat, alice } = base;
      await advance(base, networkHelpers, REMEMBERED_EPOCHS - 1);
      expect(await beacon.leaderOfEpoch(3)).to.equal(alice);
      await advance(base, networkHelpers);
      expect(await beacon.leaderOfEpoch(3)).to.equal(ethers.ZeroAddress);
      await expect(rewards.claim(3, lat))
        .to.be.revertedWithCustomError(rewards, "BeaconRewardsNoLeader")
        .withArgs(3n);
      await expect(rewards.claim(4, lat)).to.emit(rewards, "BeaconRewardPaid");
    });

    it("reverts when the share rounds down to nothing, which uses up no claim", async () => {
      const { rewards, alice, payout } = await networkHelpers.loadFixture(withLedEpoch);
      const dust = await ethers.deployContract("MintableToken", ["Dust", "DUST"]);
      await dust.mint(rewards, 999n);
      await expect(rewards.claim(3, dust))
        .to.be.revertedWithCustomError(rewards, "BeaconRewardsNothingToPay")
        .withArgs(dust, 999n);
      await dust.mint(rewards, 1n);
      await expect(rewards.claim(3, dust))
        .to.emit(rewards, "BeaconRewardPaid")
        .withArgs(3n, alice, dust, payout, 1n);
    });

    it("pays once when the token re-enters", async () => {
      const { rewards, payout } = await networkHelpers.loadFixture(withLedEpoch);
      const token = await ethers.deployContract("ReenteringToken");
      await token.mint(rewards, HELD);
      const again = rewards.interface.encodeFunctionData("claim", [3, await token.getAddress()]);
      await token.arm(rewards, again);
      const refusal = rewards.interface.encodeErrorResult("BeaconRewardsAlreadyPaid", [
        3,
        await token.getAddress(),
      ]);
      const claiming = rewards.claim(3, token);
      await expect(claiming).to.emit(token, "Reentered").withArgs(false, refusal);
      await expect(claiming).to.changeTokenBalances(
        ethers,
        token,
        [payout, rewards],
        [SHARE, -SHARE],
      );
    });
  });
});

import { bls } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { itMeasuresGas } from "../../helpers/gas.ts";
import {
  accountOf,
  advance,
  deployProviders,
  join,
  revelation,
  secretOf,
  untilLeadersDiffer,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const EPOCH_SECONDS = 60n;
const REVEAL_SECONDS = 20n;
const coder = ethers.AbiCoder.defaultAbiCoder();

async function world() {
  return deployProviders(ethers);
}

/** Three providers with weight, in epoch 2: the next one is the first that a leader begins. */
async function withLeaders() {
  const base = await deployProviders(ethers);
  await join(base, base.alice, 5_000n);
  await join(base, base.bob, 3_000n);
  await join(base, base.carol, 2_000n);
  await advance(base, networkHelpers, 2);
  return base;
}

async function withDifferentLeaders() {
  const base = await withLeaders();
  await untilLeadersDiffer(base, networkHelpers);
  return base;
}

describe("EpochBeacon: reveal", () => {
  describe("reveal", () => {
    it("begins the next epoch with the hash of the leader's signature, whoever carries it", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon, stranger } = base;
      const leader = await beacon.leaderOf(0);
      const [key, signature] = await revelation(base, accountOf(base, leader));
      const seed = ethers.keccak256(bls.encodeSignature(signature));
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      // The seed before came from no leader: fit to draw, but flagged.
      await expect(beacon.connect(stranger).reveal(key, signature))
        .to.emit(beacon, "EpochStarted")
        .withArgs(3n, leader, seed, 0n, true, true);
      expect(await beacon.currentEpoch()).to.equal(3n);
      const now = BigInt(await networkHelpers.time.latest());
      expect([...(await beacon.epochInfo(3))]).to.deep.equal([seed, true, true, now]);
      expect([...(await beacon.drawSeed(3))]).to.deep.equal([seed, true]);
      expect(await beacon.nextRevealAt()).to.equal(now + EPOCH_SECONDS);

      const next = await beacon.leaderOf(0);
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      const [nextKey, nextSignature] = await revelation(base, accountOf(base, next));
      await expect(beacon.reveal(nextKey, nextSignature))
        .to.emit(beacon, "EpochStarted")
        .withArgs(4n, next, ethers.keccak256(bls.encodeSignature(nextSignature)), 0n, true, false);
    });

    it("hands over to the next rank when a window passes, and flags the epoch", async () => {
      const base = await networkHelpers.loadFixture(withDifferentLeaders);
      const { beacon } = base;
      const epoch = await beacon.currentEpoch();
      const [silent, next] = [await beacon.leaderOf(0), await beacon.leaderOf(1)];
      const opensAt = await beacon.nextRevealAt();
      await networkHelpers.time.increaseTo(opensAt + REVEAL_SECONDS);
      const late = await revelation(base, accountOf(base, silent));
      await expect(beacon.reveal(...late))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconWrongKey")
        .withArgs(
          next,
          bls.publicKeyHash(bls.publicKeyOf(secretOf(accountOf(base, next)))),
          bls.publicKeyHash(late[0]),
        );
      const [key, signature] = await revelation(base, accountOf(base, next));
      await expect(beacon.reveal(key, signature))
        .to.emit(beacon, "EpochStarted")
        .withArgs(
          epoch + 1n,
          next,
          ethers.keccak256(bls.encodeSignature(signature)),
          1n,
          true,
          true,
        );
    });

    it("reverts when the window of rank 0 has not opened", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon } = base;
      const args = await revelation(base, accountOf(base, await beacon.leaderOf(0)));
      const opensAt = await beacon.nextRevealAt();
      await networkHelpers.time.setNextBlockTimestamp(opensAt - 1n);
      await expect(beacon.reveal(...args))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconTooEarly")
        .withArgs(3n, opensAt);
      await networkHelpers.time.setNextBlockTimestamp(opensAt);
      await expect(beacon.reveal(...args)).to.emit(beacon, "EpochStarted");
    });

    it("reverts when the signature is over another epoch, another beacon, another tag, or not one", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon, manager, parameters, registry, vault } = base;
      const leader = accountOf(base, await beacon.leaderOf(0));
      const secret = secretOf(leader);
      const key = bls.publicKeyOf(secret);
      const message = await beacon.revealMessage();
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      const elsewhere = await ethers.deployContract("EpochBeacon", [
        registry,
        vault,
        parameters,
        0,
      ]);
      const [chain, seed] = [31_337n, (await beacon.epochInfo(2)).seed];
      const about = (address: string, chainId: bigint, epoch: bigint) =>
        coder.encode(
          ["bytes32", "uint256", "address", "uint256", "bytes32"],
          [ethers.id("LATTICE-V3-BEACON-REVEAL"), chainId, address, epoch, seed],
        );
      const own = await beacon.getAddress();
      expect(about(own, chain, 3n)).to.equal(message);
      const signature = bls.sign(secret, message, bls.BEACON_DST);
      const wrong = [
        bls.sign(secret, about(own, chain, 4n), bls.BEACON_DST),
        bls.sign(secret, about(own, 1n, 3n), bls.BEACON_DST),
        bls.sign(secret, about(await elsewhere.getAddress(), chain, 3n), bls.BEACON_DST),
        bls.sign(secret, message, bls.POSSESSION_DST),
        bls.sign(secretOf(base.stranger), message, bls.BEACON_DST),
        { ...signature, xLow: signature.yLow },
        {
          xHigh: ethers.ZeroHash,
          xLow: ethers.ZeroHash,
          yHigh: ethers.ZeroHash,
          yLow: ethers.ZeroHash,
        },
      ];
      for (const forged of wrong) {
        await expect(beacon.reveal(key, forged))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconInvalidSignature")
          .withArgs(3n, leader);
      }
      await expect(beacon.reveal(key, signature)).to.emit(beacon, "EpochStarted");
      // The same signature again is about an epoch that has begun.
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      await expect(beacon.reveal(key, signature)).to.be.revert(ethers);
      expect(await beacon.authority()).to.equal(await manager.getAddress());
    });

    it("reverts when the key is not the leader's, even with that key's valid signature", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon } = base;
      const leader = await beacon.leaderOf(0);
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      const args = await revelation(base, base.stranger);
      await expect(beacon.reveal(...args))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconWrongKey")
        .withArgs(
          leader,
          bls.publicKeyHash(bls.publicKeyOf(secretOf(accountOf(base, leader)))),
          bls.publicKeyHash(args[0]),
        );
    });

    it("reverts when nobody has weight", async () => {
      const base = await networkHelpers.loadFixture(world);
      const { beacon, alice } = base;
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      const args = await revelation(base, alice);
      await expect(beacon.reveal(...args))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconWrongKey")
        .withArgs(ethers.ZeroAddress, ethers.ZeroHash, bls.publicKeyHash(args[0]));
    });

    itMeasuresGas("costs less than 300 000 gas", async () => {
      const base = await networkHelpers.loadFixture(withLeaders);
      const { beacon } = base;
      await advance(base, networkHelpers);
      await networkHelpers.time.increaseTo(await beacon.nextRevealAt());
      const args = await revelation(base, accountOf(base, await beacon.leaderOf(0)));
      const receipt = await (await beacon.reveal(...args)).wait();
      expect(receipt?.gasUsed).to.be.lessThan(300_000n);
    });
  });
});

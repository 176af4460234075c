import { drand } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  BEFORE_PUBLISHED_ROUNDS,
  bootstrapAfterFallback,
  publishedSignature,
} from "../../helpers/drand.ts";
import {
  EPOCH_SECONDS,
  FALLBACK_SECONDS,
  fallbackWorlds,
  GAP_SECONDS,
  PUBLISHED_AT,
  RANKS,
  REVEAL_SECONDS,
  ROUND,
  revelationOfRank,
  SIGNATURE,
} from "../../helpers/fallback.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";
import { deployProviders, join, type World } from "../../helpers/providers.ts";

const chain = await network.create({ override: { initialDate: BEFORE_PUBLISHED_ROUNDS } });
const { ethers, networkHelpers } = chain;
const { time } = networkHelpers;
const { withLeaders, withoutLeaders } = fallbackWorlds(chain);
const coder = ethers.AbiCoder.defaultAbiCoder();
const OTHER_SIGNATURE = drand.decodeSignature(publishedSignature(1_001n));

async function seedOf({ beacon }: World, epoch: bigint, signature = SIGNATURE) {
  const { chainId } = await ethers.provider.getNetwork();
  const { xHigh, xLow, yHigh, yLow } = signature;
  return ethers.keccak256(
    coder.encode(
      ["bytes32", "uint256", "address", "uint256", "tuple(bytes32,bytes32,bytes32,bytes32)"],
      [
        ethers.id("LATTICE-V3-BEACON-FALLBACK"),
        chainId,
        await beacon.getAddress(),
        epoch,
        [xHigh, xLow, yHigh, yLow],
      ],
    ),
  );
}

describe("EpochBeacon: fallback", () => {
  describe("revealFallback", () => {
    it("begins the epoch with the round once all leaders stayed silent, whoever brings it", async () => {
      const base = await withLeaders();
      const { beacon, stranger } = base;
      const seed = await seedOf(base, 3n);
      await time.setNextBlockTimestamp(PUBLISHED_AT);
      const falling = beacon.connect(stranger).revealFallback(ROUND, SIGNATURE);
      await expect(falling).to.emit(beacon, "EpochFellBack").withArgs(3n, ROUND);
      await expect(falling)
        .to.emit(beacon, "EpochStarted")
        .withArgs(3n, ethers.ZeroAddress, seed, RANKS, true, true);
      expect(await beacon.currentEpoch()).to.equal(3n);
      expect([...(await beacon.epochInfo(3))]).to.deep.equal([seed, true, true, PUBLISHED_AT]);
      expect([...(await beacon.drawSeed(3))]).to.deep.equal([seed, true]);
      expect(await beacon.leaderOfEpoch(3)).to.equal(ethers.ZeroAddress);
      expect(await beacon.nextRevealAt()).to.equal(PUBLISHED_AT + EPOCH_SECONDS);
    });

    it("begins the epoch with a drawable seed when nobody has weight, without waiting for leaders", async () => {
      const base = await withoutLeaders();
      const { beacon } = base;
      expect(await beacon.fallbackAt()).to.equal((await beacon.nextRevealAt()) + GAP_SECONDS);
      expect(await beacon.fallbackRound()).to.equal(ROUND);
      const seed = await seedOf(base, 2n);
      await time.setNextBlockTimestamp(PUBLISHED_AT);
      await expect(beacon.revealFallback(ROUND, SIGNATURE))
        .to.emit(beacon, "EpochStarted")
        .withArgs(2n, ethers.ZeroAddress, seed, 0n, true, true);
      expect([...(await beacon.drawSeed(2))]).to.deep.equal([seed, true]);
    });

    it("reverts before the fallback opened and from its end on", async () => {
      const base = await withLeaders();
      const { beacon } = base;
      const opensAt = await beacon.fallbackAt();
      const endsAt = opensAt + FALLBACK_SECONDS;
      expect(opensAt).to.equal(
        (await beacon.nextRevealAt()) + RANKS * REVEAL_SECONDS + GAP_SECONDS,
      );
      expect(await beacon.fallbackEndsAt()).to.equal(endsAt);
      for (const at of [await beacon.nextRevealAt(), opensAt - GAP_SECONDS, opensAt - 1n, endsAt]) {
        await time.setNextBlockTimestamp(at);
        await expect(beacon.revealFallback(ROUND, SIGNATURE))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconFallbackClosed")
          .withArgs(3n, opensAt, endsAt);
      }
    });

    it("can be used until the last second before its end", async () => {
      const { beacon } = await withLeaders();
      await time.setNextBlockTimestamp((await beacon.fallbackEndsAt()) - 1n);
      await expect(beacon.revealFallback(ROUND, SIGNATURE))
        .to.emit(beacon, "EpochFellBack")
        .withArgs(3n, ROUND);
    });

    it("reverts while the round's own time has not come", async () => {
      const { beacon } = await withLeaders({ early: 2n });
      expect(await beacon.fallbackAt()).to.equal(PUBLISHED_AT - 2n);
      expect(await beacon.fallbackRound()).to.equal(ROUND);
      for (const early of [2n, 1n]) {
        await time.setNextBlockTimestamp(PUBLISHED_AT - early);
        await expect(beacon.revealFallback(ROUND, SIGNATURE))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconRoundNotDue")
          .withArgs(ROUND, PUBLISHED_AT);
      }
      await time.setNextBlockTimestamp(PUBLISHED_AT);
      await expect(beacon.revealFallback(ROUND, SIGNATURE)).to.emit(beacon, "EpochFellBack");
    });

    it("RND-1: reverts for every other round, published or not", async () => {
      const { beacon } = await withLeaders();
      await time.increaseTo(PUBLISHED_AT + 100n);
      for (const other of [0n, ROUND - 1n, ROUND + 1n, 2n ** 64n - 1n]) {
        await expect(beacon.revealFallback(other, OTHER_SIGNATURE))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconWrongRound")
          .withArgs(3n, ROUND, other);
      }
    });

    it("PRF-2: reverts when the signature is another round's, malformed, or infinity", async () => {
      const { beacon } = await withLeaders();
      await time.increaseTo(PUBLISHED_AT);
      const zero = ethers.ZeroHash;
      for (const forged of [
        OTHER_SIGNATURE,
        { ...SIGNATURE, xLow: SIGNATURE.yLow },
        { ...SIGNATURE, xHigh: `0xff${SIGNATURE.xHigh.slice(4)}` },
        { xHigh: zero, xLow: zero, yHigh: zero, yLow: zero },
      ]) {
        await expect(beacon.revealFallback(ROUND, forged))
          .to.be.revertedWithCustomError(beacon, "EpochBeaconInvalidRound")
          .withArgs(3n, ROUND);
      }
    });

    it("uses a round once: the epoch after needs a later one", async () => {
      const base = await withLeaders();
      const { beacon } = base;
      await time.setNextBlockTimestamp(PUBLISHED_AT);
      await beacon.revealFallback(ROUND, SIGNATURE);
      const [opensAt, endsAt] = [await beacon.fallbackAt(), await beacon.fallbackEndsAt()];
      await expect(beacon.revealFallback(ROUND, SIGNATURE))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconFallbackClosed")
        .withArgs(4n, opensAt, endsAt);
      await time.increaseTo(opensAt + 3n);
      const next = await beacon.fallbackRound();
      expect(next).to.equal(drand.roundFrom(Number(opensAt)));
      await expect(beacon.revealFallback(ROUND, SIGNATURE))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconWrongRound")
        .withArgs(4n, next, ROUND);
    });

    it("never opens on a chain without fallback, where the ranks go on at once", async () => {
      const base = await deployProviders(ethers);
      const { beacon } = base;
      await join(base, base.alice, 4_000n);
      for (let i = 0; i < 2; i++) await bootstrapAfterFallback(base, networkHelpers);
      const at = (await beacon.nextRevealAt()) + RANKS * REVEAL_SECONDS;
      expect(await beacon.fallbackAt()).to.equal(at);
      expect(await beacon.fallbackEndsAt()).to.equal(at);
      await time.increaseTo(at);
      await expect(beacon.revealFallback(await beacon.fallbackRound(), SIGNATURE))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconFallbackClosed")
        .withArgs(3n, at, at);
      expect(await beacon.currentRank()).to.equal(RANKS);
      await expect(beacon.reveal(...(await revelationOfRank(base, RANKS)))).to.emit(
        beacon,
        "EpochStarted",
      );
    });

    itMeasuresGas("costs less than 300 000 gas", async () => {
      const { beacon } = await withLeaders();
      await time.increaseTo(PUBLISHED_AT);
      const sent = await beacon.revealFallback(ROUND, SIGNATURE);
      expect((await sent.wait())?.gasUsed).to.be.lessThan(300_000n);
    });
  });
});

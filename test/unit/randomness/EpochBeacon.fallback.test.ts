import { drand, parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  BEFORE_PUBLISHED_ROUNDS,
  bootstrapAfterFallback,
  bootstrapAt,
  publishedSignature,
} from "../../helpers/drand.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";
import {
  accountOf,
  deployProviders,
  join,
  revelation,
  type World,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create({
  override: { initialDate: BEFORE_PUBLISHED_ROUNDS },
});
const { time } = networkHelpers;
const coder = ethers.AbiCoder.defaultAbiCoder();

const FALLBACK_SECONDS = 21_600n;
const EPOCH_SECONDS = 60n;
const REVEAL_SECONDS = 20n;
const RANKS = 3n;
const GAP_SECONDS = 15n;
const ROUND = 1_000n;
const PUBLISHED_AT = 1_692_806_364n;
const SIGNATURE = drand.decodeSignature(publishedSignature(ROUND));
const OTHER_SIGNATURE = drand.decodeSignature(publishedSignature(1_001n));

async function world() {
  return deployProviders(ethers, {}, FALLBACK_SECONDS);
}

/** Nobody has weight; the fallback of epoch 2 opens when round 1000 is published. */
async function withoutLeaders() {
  const base = await networkHelpers.loadFixture(world);
  await bootstrapAt(base, networkHelpers, PUBLISHED_AT - EPOCH_SECONDS - GAP_SECONDS);
  return base;
}

/**
 * Three leaders, in epoch 2; the fallback of epoch 3 opens `early` seconds before round 1000 is published. The fixture is
 * the world before, for a chain's clock cannot go back to another fixture's.
 */
async function withLeaders({ early = 0n } = {}) {
  const base = await networkHelpers.loadFixture(world);
  for (const provider of [base.alice, base.bob, base.carol]) await join(base, provider, 4_000n);
  await bootstrapAfterFallback(base, networkHelpers);
  const windows = EPOCH_SECONDS + RANKS * REVEAL_SECONDS;
  await bootstrapAt(base, networkHelpers, PUBLISHED_AT - early - windows - GAP_SECONDS);
  return base;
}

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

async function revelationOfRank(base: World, rank: bigint) {
  return revelation(base, accountOf(base, await base.beacon.leaderOf(rank)));
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

  describe("leaders around the fallback", () => {
    it("RND-1: none can begin the epoch once the last window closed, so nobody picks between two seeds", async () => {
      const base = await withLeaders();
      const { beacon } = base;
      const [closesAt, endsAt] = [PUBLISHED_AT - GAP_SECONDS, PUBLISHED_AT + FALLBACK_SECONDS];
      const last = await revelationOfRank(base, RANKS - 1n);
      const next = await revelationOfRank(base, RANKS);
      for (const at of [closesAt, PUBLISHED_AT - 1n, PUBLISHED_AT, endsAt - 1n]) {
        for (const args of [last, next]) {
          await time.setNextBlockTimestamp(at);
          await expect(beacon.reveal(...args))
            .to.be.revertedWithCustomError(beacon, "EpochBeaconWindowsClosed")
            .withArgs(3n, endsAt);
        }
      }
    });

    it("the last rank may reveal until its window closes", async () => {
      const base = await withLeaders();
      const { beacon } = base;
      const leader = await beacon.leaderOf(RANKS - 1n);
      const args = await revelationOfRank(base, RANKS - 1n);
      await time.setNextBlockTimestamp(PUBLISHED_AT - GAP_SECONDS - 1n);
      await expect(beacon.reveal(...args)).to.emit(beacon, "EpochStarted");
      expect(await beacon.leaderOfEpoch(3)).to.equal(leader);
    });

    it("LIV-1: further ranks take over when nobody brought the round, and the round no longer counts", async () => {
      const base = await withLeaders();
      const { beacon } = base;
      const endsAt = await beacon.fallbackEndsAt();
      await time.increaseTo(endsAt + REVEAL_SECONDS);
      expect(await beacon.currentRank()).to.equal(RANKS + 1n);
      await expect(beacon.revealFallback(ROUND, SIGNATURE))
        .to.be.revertedWithCustomError(beacon, "EpochBeaconFallbackClosed")
        .withArgs(3n, PUBLISHED_AT, endsAt);
      const leader = await beacon.leaderOf(RANKS + 1n);
      const args = await revelationOfRank(base, RANKS + 1n);
      await expect(beacon.reveal(...args)).to.emit(beacon, "EpochStarted");
      const [started] = await beacon.queryFilter(beacon.filters.EpochStarted(3n));
      expect(started?.args.rank).to.equal(RANKS + 1n);
      expect([started?.args.leader, started?.args.degraded]).to.deep.equal([leader, true]);
    });

    it("LIV-1: bootstrap takes over when nobody has weight and nobody brought the round", async () => {
      const base = await withoutLeaders();
      const { beacon } = base;
      const endsAt = await beacon.fallbackEndsAt();
      await time.setNextBlockTimestamp(endsAt - 1n);
      await expect(beacon.bootstrap())
        .to.be.revertedWithCustomError(beacon, "EpochBeaconTooEarly")
        .withArgs(2n, endsAt);
      await bootstrapAt(base, networkHelpers, endsAt);
      expect([...(await beacon.drawSeed(2))].at(1)).to.equal(false);
    });

    it("SLA-4: the number of ranks is that with which the epoch began", async () => {
      const { beacon, parameters } = await withLeaders();
      await parameters.set(parameterIndex("FallbackRanks"), 1n);
      expect(await beacon.fallbackAt()).to.equal(PUBLISHED_AT);
      expect(await beacon.fallbackRound()).to.equal(ROUND);
      await time.increaseTo((await beacon.nextRevealAt()) + REVEAL_SECONDS);
      expect(await beacon.currentRank()).to.equal(1n);
    });

    it("RND-1: what is fixed once a seed may be public is drawn by the epoch after", async () => {
      const { beacon } = await withLeaders();
      const opensAt = await beacon.nextRevealAt();
      await time.increaseTo(opensAt - 1n);
      expect(await beacon.nextDrawEpoch()).to.equal(3n);
      for (const at of [opensAt, PUBLISHED_AT, PUBLISHED_AT + 100n]) {
        await time.increaseTo(at);
        expect(await beacon.nextDrawEpoch()).to.equal(4n);
      }
      await beacon.revealFallback(ROUND, SIGNATURE);
      expect(await beacon.nextDrawEpoch()).to.equal(4n);
    });
  });
});

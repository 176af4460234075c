import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { BEFORE_PUBLISHED_ROUNDS, bootstrapAt } from "../../helpers/drand.ts";
import {
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

const chain = await network.create({ override: { initialDate: BEFORE_PUBLISHED_ROUNDS } });
const { networkHelpers } = chain;
const { time } = networkHelpers;
const { withLeaders, withoutLeaders } = fallbackWorlds(chain);

describe("EpochBeacon: fallback", () => {
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

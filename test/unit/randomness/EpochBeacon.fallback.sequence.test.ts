import { drand } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  BEFORE_PUBLISHED_ROUNDS,
  bootstrapAfterFallback,
  bootstrapAt,
  publishedSignature,
} from "../../helpers/drand.ts";
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

const FALLBACK_SECONDS = 21_600n;
const EPOCH_SECONDS = 60n;
const REVEAL_SECONDS = 20n;
const RANKS = 3n;
const GAP_SECONDS = 15n;
const SLASH = ethers.parseEther("50");
const [FIRST, LAST] = [1_000n, 657_413n];
const signatureOf = (round: bigint) => drand.decodeSignature(publishedSignature(round));
const publishedAt = (round: bigint) => BigInt(drand.timeOf(round));

async function world() {
  return deployProviders(ethers, {}, FALLBACK_SECONDS);
}

/** Three silent leaders of epoch 3 to come; its fallback opens with round 1000. */
async function withSilentLeaders() {
  const base = await networkHelpers.loadFixture(world);
  for (const provider of [base.alice, base.bob, base.carol]) {
    await join(base, provider, 4_000n, base.payout);
  }
  await bootstrapAfterFallback(base, networkHelpers);
  const windows = EPOCH_SECONDS + RANKS * REVEAL_SECONDS;
  await bootstrapAt(base, networkHelpers, publishedAt(FIRST) - windows - GAP_SECONDS);
  const silent = [];
  for (let rank = 0n; rank < RANKS + 3n; rank++) silent.push(await base.beacon.leaderOf(rank));
  return { ...base, silent };
}

async function expectNotReportable({ beacon }: World, epoch: bigint, ranks: readonly bigint[]) {
  for (const rank of ranks) {
    await expect(beacon.reportWithholding(epoch, rank))
      .to.be.revertedWithCustomError(beacon, "EpochBeaconNotReportable")
      .withArgs(epoch, rank);
  }
}

describe("EpochBeacon: withholding around the fallback", () => {
  describe("reportWithholding", () => {
    it("reaches every rank before the fallback, and none after, while it is open", async () => {
      const base = await withSilentLeaders();
      const { beacon, reporter, silent } = base;
      await time.increaseTo((await beacon.fallbackEndsAt()) - 100n);
      for (let rank = 0n; rank < RANKS; rank++) {
        await expect(beacon.connect(reporter).reportWithholding(3, rank))
          .to.emit(beacon, "LeaderSlashed")
          .withArgs(3n, silent[Number(rank)], rank, SLASH);
      }
      await expectNotReportable(base, 3n, [0n, RANKS, RANKS + 1n]);
    });

    it("reaches them once the round began the epoch, during that epoch", async () => {
      const base = await withSilentLeaders();
      const { beacon, reporter, silent } = base;
      await time.setNextBlockTimestamp(publishedAt(FIRST));
      await beacon.revealFallback(FIRST, signatureOf(FIRST));
      for (let rank = 0n; rank < RANKS; rank++) {
        await expect(beacon.connect(reporter).reportWithholding(3, rank))
          .to.emit(beacon, "LeaderSlashed")
          .withArgs(3n, silent[Number(rank)], rank, SLASH);
      }
      await expectNotReportable(base, 3n, [RANKS]);
    });

    it("SLA-4: never reaches ranks after the fallback, silent or not", async () => {
      const base = await withSilentLeaders();
      const { beacon, silent } = base;
      const later = RANKS + 2n;
      await time.increaseTo((await beacon.fallbackEndsAt()) + 2n * REVEAL_SECONDS);
      await expectNotReportable(base, 3n, [RANKS, RANKS + 1n, later]);
      const leader = accountOf(base, silent[Number(later)] ?? "");
      await beacon.reveal(...(await revelation(base, leader)));
      await expectNotReportable(base, 3n, [RANKS, RANKS + 1n, later]);
      await expect(beacon.reportWithholding(3, RANKS - 1n))
        .to.emit(beacon, "LeaderSlashed")
        .withArgs(3n, silent[Number(RANKS) - 1], RANKS - 1n, SLASH);
    });

    it("reaches nobody when the round began an epoch that nobody could lead", async () => {
      const base = await networkHelpers.loadFixture(world);
      const { beacon } = base;
      await bootstrapAt(base, networkHelpers, publishedAt(FIRST) - EPOCH_SECONDS - GAP_SECONDS);
      await time.setNextBlockTimestamp(publishedAt(FIRST));
      await expectNotReportable(base, 2n, [0n]);
      await time.setNextBlockTimestamp(publishedAt(FIRST));
      await beacon.revealFallback(FIRST, signatureOf(FIRST));
      await expectNotReportable(base, 2n, [0n, RANKS]);
    });
  });

  it("goes from a network without providers to one whose leaders fail and return, on published rounds", async () => {
    const base = await networkHelpers.loadFixture(world);
    const { beacon, registry } = base;
    // Nobody can lead yet: the first round gives a seed that may draw jobs.
    await bootstrapAt(base, networkHelpers, publishedAt(FIRST) - EPOCH_SECONDS - GAP_SECONDS);
    await time.setNextBlockTimestamp(publishedAt(FIRST));
    await beacon.revealFallback(FIRST, signatureOf(FIRST));
    for (const provider of [base.alice, base.bob, base.carol]) await join(base, provider, 4_000n);
    // The rounds of the next two epochs are not at hand, as if drand were out of reach.
    await bootstrapAfterFallback(base, networkHelpers);
    const windows = EPOCH_SECONDS + RANKS * REVEAL_SECONDS;
    await bootstrapAt(base, networkHelpers, publishedAt(LAST) - windows - GAP_SECONDS - 1n);
    expect(await beacon.currentEpoch()).to.equal(4n);
    expect(await registry.totalWeight(ethers.ZeroHash, 4)).to.equal(12_000n);

    // All leaders stay silent, and the round takes their place.
    expect(await beacon.fallbackRound()).to.equal(LAST);
    await time.setNextBlockTimestamp(publishedAt(LAST));
    await expect(beacon.revealFallback(LAST, signatureOf(LAST)))
      .to.emit(beacon, "EpochFellBack")
      .withArgs(5n, LAST);
    expect((await beacon.epochInfo(5)).drawable).to.equal(true);

    // One returns: its epoch follows a drawable one, so nothing is degraded any more.
    await time.increaseTo(await beacon.nextRevealAt());
    const leader = accountOf(base, await beacon.leaderOf(0));
    await beacon.reveal(...(await revelation(base, leader)));
    const { drawable, degraded } = await beacon.epochInfo(6);
    expect([drawable, degraded]).to.deep.equal([true, false]);
    expect(await beacon.leaderOfEpoch(6)).to.equal(leader);
    expect(await beacon.leaderOfEpoch(5)).to.equal(ethers.ZeroAddress);
  });
});

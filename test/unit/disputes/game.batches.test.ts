import { batchClaim, hashBatchRecord } from "@lattice/sdk";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  type BatchCase,
  batchCase,
  claimAt,
  convictAt,
  orderHashAt,
  recordAfter,
  rootsAt,
} from "../../helpers/dispute-batches.ts";
import { BOND, PRIORITY_SECONDS } from "../../helpers/dispute-cases.ts";
import { depositOf, earningsOf, legsOf } from "../../helpers/settlement.ts";
import { ASK, COLLATERAL } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const claimed = () => batchCase(chain);
const PPM = 1_000_000n;

/** The second job is convicted, and due. */
async function due() {
  const base = await batchCase(chain);
  await convictAt(base, base.record, 1);
  await networkHelpers.time.increase(PRIORITY_SECONDS);
  return base;
}

/** Executes against the job at `index`, checks what moved, and returns the record that is left. */
async function expectPunished(base: BatchCase, record: BatchCase["record"], index: number) {
  const { disputes, settlement, lat, vault, registry, actors, challenger, served } = base;
  const order = served[index]?.order;
  if (!order) throw new Error("no job");
  const [payer, rest] = [order.requester, recordAfter(base, record, index)];
  const restId = rest.count === 0n ? ZeroHash : hashBatchRecord(rest);
  const account = { address: payer };
  const deposit = await depositOf(base.lane, account);
  const shares = [
    (order.collateral * 500_000n) / PPM,
    (order.collateral * 100_000n) / PPM,
  ] as const;
  const act = disputes.execute(settlement, claimAt(base, record, index).claim);
  await expect(act)
    .to.emit(settlement, "BatchJobPunished")
    .withArgs(
      ...[hashBatchRecord(record), orderHashAt(base, index), actors.ada.address, restId],
      ...[challenger.address, order.collateral, payer, ASK],
    );
  await expect(act).to.changeTokenBalances(
    ethers,
    lat,
    [vault, payer, challenger, actors.ada],
    [-order.collateral, ...shares, 0n],
  );
  expect((await depositOf(base.lane, account)) - deposit).to.equal(ASK);
  expect(await settlement.isOpen(hashBatchRecord(record))).to.equal(false);
  if (rest.count > 0n) expect(await settlement.isOpen(restId)).to.equal(true);
  const { exposure } = await vault.provisionOf(actors.ada, registry);
  expect(exposure, "EXP-1").to.equal(rest.collateral);
  return rest;
}

/** Releases what is left, and checks that it pays for as many jobs. */
async function expectReleased(base: BatchCase, rest: BatchCase["record"]) {
  const { settlement, lane, actors } = base;
  const before = await earningsOf(lane, actors.adaPayout.address);
  const legs = legsOf(rest.count * ASK);
  await expect(settlement.release(rest))
    .to.emit(settlement, "BatchReleased")
    .withArgs(hashBatchRecord(rest), actors.ada.address, Object.values(legs));
  expect((await earningsOf(lane, actors.adaPayout.address)) - before).to.equal(legs.provider);
}

describe("DisputeGame", () => {
  describe("batches of signed orders", () => {
    it("are read job by job", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record, served, actors } = base;
      for (const [index, { order }] of served.entries()) {
        const result = await disputes.resultOf(settlement, claimAt(base, record, index).claim);
        expect([...result]).to.deep.equal([
          orderHashAt(base, index),
          record.jobsRoot,
          actors.ada.address,
          order.requester,
          order.modelVersion,
          ...rootsAt(base, index).slice(2),
          record.releaseAt,
        ]);
      }
    });

    it("have no job but those under the root of an open batch", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record, readers } = base;
      const { job } = claimAt(base, record, 1);
      const forged = { ...record, collateral: record.collateral + 1n };
      for (const other of [
        { ...job, outputDigest: id("another") },
        { ...job, outputCommitment: id("another") },
        { ...job, index: 0 },
        { ...job, index: 3 },
        { ...job, proof: job.proof.slice(1) },
        { ...job, order: { ...job.order, collateral: job.order.collateral + 1n } },
        { ...job, record: forged },
      ]) {
        await expect(disputes.resultOf(settlement, batchClaim(other).claim))
          .to.be.revertedWithCustomError(readers.batches, "BatchClaimsUnknownJob")
          .withArgs(hashBatchRecord(other.record), batchClaim(other).subject);
      }
    });

    it("DIS-3: are not released while one of their jobs is in question, or convicted", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record, challenger, rival } = base;
      await convictAt(base, record, 1);
      await networkHelpers.time.setNextBlockTimestamp(record.releaseAt - 1n);
      await disputes.connect(rival).inquire(settlement, claimAt(base, record, 2).claim);
      await networkHelpers.time.increaseTo(record.releaseAt);
      const refused = () =>
        expect(settlement.release(record))
          .to.be.revertedWithCustomError(settlement, "DisputedLaneHeld")
          .withArgs(record.jobsRoot);
      await refused();
      await disputes
        .connect(rival)
        .closeInquiry(settlement, claimAt(base, record, 2).subject, rival);
      await refused();
      expect(challenger.address).not.to.equal(rival.address);
    });

    it("PAY-1, PAY-2: one convicted job of three: refunded and slashed; the other two are released", async () => {
      const base = await networkHelpers.loadFixture(due);
      const rest = await expectPunished(base, base.record, 1);
      expect(rest.collateral).to.equal(4n * COLLATERAL);
      await expectReleased(base, rest);
      expect(await base.vault.lockedBy(base.actors.ada, base.registry, base.settlement)).to.equal(
        0n,
      );
    });

    it("two convicted jobs one after another, each by the record of then", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record } = base;
      await convictAt(base, record, 0);
      await convictAt(base, record, 2);
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      const rest = await expectPunished(base, record, 2);
      await expect(disputes.execute(settlement, claimAt(base, record, 0).claim))
        .to.be.revertedWithCustomError(settlement, "OrderSettlementNotOpen")
        .withArgs(hashBatchRecord(record));
      await expect(settlement.release(rest))
        .to.be.revertedWithCustomError(settlement, "DisputedLaneHeld")
        .withArgs(record.jobsRoot);
      await expectReleased(base, await expectPunished(base, rest, 0));
    });

    it("all jobs convicted: nothing is left", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      for (const index of [0, 1, 2]) await convictAt(base, base.record, index);
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      let record = base.record;
      for (const index of [1, 0, 2]) record = await expectPunished(base, record, index);
      expect(record.collateral).to.equal(0n);
      expect(await base.settlement.isOpen(hashBatchRecord(record))).to.equal(false);
      expect(await base.disputes.isHeld(base.settlement, record.jobsRoot)).to.equal(false);
    });

    it("PAY-1: a job that was taken out is neither punished nor challenged again", async () => {
      const base = await networkHelpers.loadFixture(due);
      const { disputes, settlement, record, rival, challenger } = base;
      const rest = await expectPunished(base, record, 1);
      const { claim, subject } = claimAt(base, rest, 1);
      await expect(disputes.execute(settlement, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyExecuted")
        .withArgs(settlement.target, subject);
      const { foundAt } = await disputes.verdictOf(settlement, subject);
      await expect(convictAt(base, rest, 1, rival))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(settlement.target, subject, challenger.address, foundAt);
    });

    it("an inquiry goes on in what is left of its batch", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record, rival, lat } = base;
      await disputes.connect(rival).inquire(settlement, claimAt(base, record, 2).claim);
      await convictAt(base, record, 1);
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      const rest = await expectPunished(base, record, 1);
      const { claim, subject } = claimAt(base, rest, 2);
      await expect(disputes.claimSilence(settlement, claim, rival)).to.changeTokenBalances(
        ethers,
        lat,
        [disputes, rival],
        [-BOND, BOND],
      );
      expect((await disputes.verdictOf(settlement, subject)).reporter).to.equal(rival.address);
    });

    it("have no input to demand", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record, readers, actors } = base;
      const { claim } = claimAt(base, record, 1);
      await expect(
        disputes.connect(actors.ada).demandInput(settlement, claim, 0, 1),
      ).to.be.revertedWithCustomError(readers.batches, "BatchClaimsNoInput");
      await expect(
        readers.batches.inputOutcome(settlement, claim, true, 1),
      ).to.be.revertedWithCustomError(readers.batches, "BatchClaimsNoInput");
    });
  });

  describe("OrderSettlement", () => {
    it("punishes at the word of the game alone, and only a job of the batch", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { settlement, disputes, record, rival } = base;
      const { job } = claimAt(base, record, 1);
      const given = { ...job, proof: [...job.proof] };
      await expect(settlement.connect(rival).punish(given, rival))
        .to.be.revertedWithCustomError(settlement, "DisputedLaneNotGame")
        .withArgs(rival.address);
      const game = await ethers.getImpersonatedSigner(disputes.target as string);
      await networkHelpers.setBalance(game.address, 10n ** 18n);
      const order = { ...job.order, collateral: 1n };
      await expect(settlement.connect(game).punish({ ...given, order }, rival))
        .to.be.revertedWithCustomError(settlement, "OrderSettlementNotInBatch")
        .withArgs(hashBatchRecord(record), batchClaim({ ...job, order }).subject);
    });
  });
});

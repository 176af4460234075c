import {
  AssignmentMode,
  batchJob,
  hashBatchRecord,
  hashOrder,
  JobsTree,
  type Order,
  Rejection,
  settlementBatch,
  Tier,
  verifyJobProof,
} from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  claim,
  claimOf,
  depositOf,
  lockEntry,
  orderOf,
  recordOf,
  serve,
  serveMany,
} from "../../helpers/settlement.ts";
import { ASK, COLLATERAL, deployLane, FUNDS } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const { time } = chain.networkHelpers;
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);

describe("OrderSettlement", () => {
  describe("claim", () => {
    it("PAY-3: locks the provider's ask for each order, not the maximum, and the collateral", async () => {
      const system = await deploy();
      const { settlement, escrow, vault, token, registry, actors } = system;
      const served = await serveMany(system, actors.rita, 5);
      const { transaction } = await claim(system, served);
      const record = await recordOf(system, served, await time.latest());
      await expect(transaction)
        .to.emit(settlement, "BatchClaimed")
        .withArgs(
          hashBatchRecord(record),
          actors.ada.address,
          system.modelVersion,
          Object.values(record),
          0b11111n,
        );
      await expect(transaction)
        .to.emit(escrow, "EscrowUnitsLocked")
        .withArgs(settlement, token, ASK, [lockEntry(actors.rita, 5)], []);
      await expect(transaction)
        .to.emit(vault, "StakeLocked")
        .withArgs(actors.ada.address, registry, settlement, 5n * COLLATERAL);
      expect(await depositOf(system, actors.rita)).to.equal(FUNDS - 5n * ASK);
      expect(await escrow.lockedBy(settlement, token)).to.equal(5n * ASK);
      expect(await settlement.isOpen(hashBatchRecord(record))).to.equal(true);
      expect(await settlement.hashRecord(record)).to.equal(hashBatchRecord(record));
    });

    it("locks neighbouring orders of one payer at once, and uses their nonces up in one write", async () => {
      const system = await deploy();
      const { settlement, escrow, actors } = system;
      const nonces = [512n, 513n, 600n, 767n, 768n];
      const served = await Promise.all(
        nonces.map(async (nonce) =>
          serve(system, actors.rita, await orderOf(system, actors.rita, { nonce })),
        ),
      );
      const { transaction, accepted } = await claim(system, served);
      expect(accepted).to.equal(0b11111n);
      const { blockNumber } = transaction;
      const locks = await escrow.queryFilter(escrow.filters.EscrowUnitsLocked(), blockNumber ?? 0);
      expect(locks.map(({ args }) => [...args.locks])).to.deep.equal([
        [lockEntry(actors.rita, 4), lockEntry(actors.rita, 1)],
      ]);
      const mask = (1n << 0n) | (1n << 1n) | (1n << 88n) | (1n << 255n);
      expect(await settlement.noncesUsed(actors.rita, 2n)).to.equal(mask);
      expect(await settlement.noncesUsed(actors.rita, 3n)).to.equal(1n);
    });

    it("hashes each order as the order that was signed", async () => {
      const system = await deploy();
      const { settlement, actors } = system;
      const changes: Partial<Order>[] = [
        {},
        { sponsor: actors.sponsor.address, validUntil: 1_900_000_000 },
        { nonce: 2n ** 64n - 1n, maxPrice: 2n ** 96n - 1n, collateral: 2n ** 96n - 1n },
        { tier: Tier.Zk, challengeSeconds: 0 },
        { mode: AssignmentMode.Draw, provider: ZeroAddress, epoch: 77n },
      ];
      for (const change of changes) {
        const served = await serve(system, actors.rita, await orderOf(system, actors.rita, change));
        const { terms, items } = settlementBatch(actors.ada.address, [served]);
        const [item] = items;
        if (!item) throw new Error("the batch is empty");
        expect(await settlement.hashItem(terms, item, served.order.tier, actors.ada)).to.equal(
          hashOrder(served.order),
        );
      }
    });

    it("commits to the accepted jobs alone, each of which can be shown to be in the root", async () => {
      const system = await deploy();
      const { actors } = system;
      const served = await serveMany(system, actors.rita, 7);
      const expired = await serve(
        system,
        actors.rita,
        await orderOf(system, actors.rita, { validUntil: 1 }),
      );
      const all = [...served.slice(0, 3), expired, ...served.slice(3)];
      const { record, accepted } = await claim(system, all);
      expect(accepted).to.equal(0b11110111n);
      expect(record).to.deep.equal(await recordOf(system, served, await time.latest()));
      const jobs = served.map((job, i) =>
        batchJob(i, hashOrder(job.order), job.outputCommitment, job.outputDigest),
      );
      const tree = new JobsTree(jobs);
      for (const [i, job] of jobs.entries()) {
        expect(verifyJobProof(record?.jobsRoot ?? "", job, tree.proof(i))).to.equal(true);
      }
    });

    it("lets a sponsor pay, within what it set for the requester", async () => {
      const system = await deploy();
      const { settlement, token, actors } = system;
      const { rita, sponsor } = actors;
      await settlement.connect(sponsor).setSponsorship(rita, token, 2n * ASK + 1n);
      const served = await serveMany(system, rita, 2, { sponsor: sponsor.address });
      await claim(system, served);
      expect(await depositOf(system, rita)).to.equal(FUNDS);
      expect(await depositOf(system, sponsor)).to.equal(FUNDS - 2n * ASK);
      expect(await settlement.sponsorshipOf(sponsor, rita, token)).to.equal(1n);
    });

    it("takes a requester that names itself as sponsor for one that has none", async () => {
      const system = await deploy();
      const { rita } = system.actors;
      const { accepted } = await claim(
        system,
        await serveMany(system, rita, 1, { sponsor: rita.address }),
      );
      expect(accepted).to.equal(1n);
      expect(await depositOf(system, rita)).to.equal(FUNDS - ASK);
    });

    it("waits for the longest window of the accepted orders", async () => {
      const system = await deploy();
      const { rita } = system.actors;
      const served = [
        ...(await serveMany(system, rita, 1, { challengeSeconds: 60 })),
        ...(await serveMany(system, rita, 1, { challengeSeconds: 300 })),
        ...(await serveMany(system, rita, 1, { challengeSeconds: 3000, validUntil: 1 })),
      ];
      const { record } = await claim(system, served);
      expect(record?.releaseAt).to.equal(BigInt(await time.latest()) + 300n);
    });

    it("leaves no batch behind when no item is good, and says why", async () => {
      const system = await deploy();
      const { settlement, escrow, vault, actors } = system;
      const served = await serveMany(system, actors.rita, 2, { validUntil: 1 });
      const { transaction } = await claim(system, served);
      for (const [index, { order }] of served.entries()) {
        await expect(transaction)
          .to.emit(settlement, "ItemRejected")
          .withArgs(actors.ada.address, hashOrder(order), index, Rejection.Expired);
      }
      await expect(transaction).not.to.emit(settlement, "BatchClaimed");
      await expect(transaction).not.to.emit(escrow, "EscrowUnitsLocked");
      await expect(transaction).not.to.emit(vault, "StakeLocked");
    });

    it("answers with the batch's id and what was accepted", async () => {
      const system = await deploy();
      const { settlement, actors } = system;
      const served = await serveMany(system, actors.rita, 2);
      const claimedAt = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(claimedAt);
      const answer = await settlement
        .connect(actors.ada)
        .claim.staticCall(...claimOf(system, served), { blockTag: "pending" });
      const id = hashBatchRecord(await recordOf(system, served, claimedAt));
      expect(answer).to.deep.equal([id, 3n]);
    });
  });
});

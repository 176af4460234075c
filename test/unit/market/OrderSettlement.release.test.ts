import { hashBatchRecord, hashOrder, Rejection, Tier } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { claim, earningsOf, legsOf, serveMany } from "../../helpers/settlement.ts";
import { ASK, COLLATERAL, deployLane, STAKE } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const { time } = chain.networkHelpers;

async function claimed() {
  const system = await deployLane(chain);
  const served = await serveMany(system, system.actors.rita, 3);
  const { record } = await claim(system, served);
  if (!record) throw new Error("nothing was claimed");
  return { system, served, batchId: hashBatchRecord(record), record };
}
const deployClaimed = () => chain.networkHelpers.loadFixture(claimed);

describe("OrderSettlement", () => {
  describe("release", () => {
    it("PAY-2: pays provider, publisher and treasury exactly what was locked, and frees the collateral", async () => {
      const { system, batchId, record } = await deployClaimed();
      const { settlement, escrow, vault, token, registry, treasury, actors } = system;
      const { stranger, ada, adaPayout, royalties } = actors;
      await time.increaseTo(record.releaseAt);
      const legs = legsOf(3n * ASK);
      expect(legs.provider + legs.publisher + legs.fee).to.equal(3n * ASK);
      const transaction = await settlement.connect(stranger).release(record);
      await expect(transaction)
        .to.emit(settlement, "BatchReleased")
        .withArgs(batchId, ada.address, Object.values(legs));
      await expect(transaction)
        .to.emit(vault, "StakeUnlocked")
        .withArgs(ada.address, registry, settlement, 3n * COLLATERAL);
      expect(await earningsOf(system, adaPayout.address)).to.equal(legs.provider);
      expect(await earningsOf(system, royalties.address)).to.equal(legs.publisher);
      expect(await earningsOf(system, await treasury.getAddress())).to.equal(legs.fee);
      expect(await escrow.lockedBy(settlement, token)).to.equal(0n);
      expect(await vault.freeStake(ada, registry)).to.equal(STAKE);
    });

    it("PAY-1: pays a batch once", async () => {
      const { system, batchId, record } = await deployClaimed();
      const { settlement } = system;
      await time.increaseTo(record.releaseAt);
      await settlement.release(record);
      await expect(settlement.release(record))
        .to.be.revertedWithCustomError(settlement, "OrderSettlementNotOpen")
        .withArgs(batchId);
    });

    it("PAY-1: an order that was settled is settled in no other batch", async () => {
      const { system, served } = await deployClaimed();
      const { transaction, accepted } = await claim(system, served);
      expect(accepted).to.equal(0n);
      for (const [index, { order }] of served.entries()) {
        await expect(transaction)
          .to.emit(system.settlement, "ItemRejected")
          .withArgs(system.actors.ada.address, hashOrder(order), index, Rejection.NonceUsed);
      }
    });

    it("reverts while the window is open", async () => {
      const { system, batchId, record } = await deployClaimed();
      await time.setNextBlockTimestamp(record.releaseAt - 1n);
      await expect(system.settlement.release(record))
        .to.be.revertedWithCustomError(system.settlement, "OrderSettlementStillChallengeable")
        .withArgs(batchId, record.releaseAt);
    });

    it("reverts for a record of which one member was changed", async () => {
      const { system, record } = await deployClaimed();
      const { settlement, actors } = system;
      await time.increaseTo(record.releaseAt);
      const changes = [
        { provider: actors.stranger.address },
        { token: actors.stranger.address },
        { payout: actors.stranger.address },
        { royaltyRecipient: actors.stranger.address },
        { price: record.price + 1n },
        { count: record.count + 1n },
        { collateral: record.collateral + 1n },
        { releaseAt: record.releaseAt - 1n },
        { royaltyPpm: 0n },
        { protocolFeePpm: 0n },
        { jobsRoot: `0x${"02".repeat(32)}` },
      ];
      expect(changes).to.have.length(Object.keys(record).length);
      for (const change of changes) {
        const changed = { ...record, ...change };
        await expect(settlement.release(changed))
          .to.be.revertedWithCustomError(settlement, "OrderSettlementNotOpen")
          .withArgs(hashBatchRecord(changed));
      }
    });

    it("LIV-1, LIV-2: goes on while new work is stopped and the lane may lock no more", async () => {
      const { system, record } = await deployClaimed();
      const { settlement, registry, escrow, actors } = system;
      await settlement.setNewWorkPaused(true);
      await settlement.setPaymentToken(system.token, false);
      await settlement.setTier(Tier.Optimistic, false);
      await registry.setStakeModule(settlement, false);
      await escrow.connect(actors.rita).setMarket(settlement, false);
      await time.increaseTo(record.releaseAt);
      await settlement.connect(actors.stranger).release(record);
      expect(await earningsOf(system, actors.adaPayout.address)).to.equal(
        legsOf(3n * ASK).provider,
      );
    });

    it("keeps the rates of the claim when governance changes them", async () => {
      const { system, record } = await deployClaimed();
      await system.parameters.set(0, 200_000n);
      await time.increaseTo(record.releaseAt);
      await system.settlement.release(record);
      expect(await earningsOf(system, system.actors.adaPayout.address)).to.equal(
        legsOf(3n * ASK).provider,
      );
    });
  });
});

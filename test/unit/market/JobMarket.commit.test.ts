import { JobState, jobIdOf } from "@lattice/sdk";
import { expect } from "chai";
import { id, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  deployMarketplace,
  directOrder,
  drawOrder,
  OUTPUT_COMMITMENT,
  OUTPUT_DIGEST,
  post,
  postAssigned,
  postProvable,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

async function assignedJob() {
  const system = await deployMarketplace(chain);
  const order = await drawOrder(system);
  return { system, market: system.market, order, ...(await postAssigned(system, order)) };
}

describe("JobMarket", () => {
  describe("commit", () => {
    it("stores the commitment and starts the proof's clock", async () => {
      const { market, order, jobId, provider } = await networkHelpers.loadFixture(assignedJob);
      const committing = market.connect(provider).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
      await committing;
      const proveBy = (await networkHelpers.time.latest()) + order.proveSeconds;
      await expect(committing)
        .to.emit(market, "ResultCommitted")
        .withArgs(jobId, provider.address, OUTPUT_COMMITMENT, OUTPUT_DIGEST, proveBy);
      const job = await market.jobOf(jobId);
      expect([job.state, job.deadline, job.outputCommitment, job.provider]).to.deep.equal([
        BigInt(JobState.Committed),
        BigInt(proveBy),
        OUTPUT_COMMITMENT,
        provider.address,
      ]);
    });

    it("GOV-2: works while new work is paused", async () => {
      const { system, market, order, provider } = await networkHelpers.loadFixture(assignedJob);
      await market.connect(system.actors.guardian).setNewWorkPaused(true);
      await expect(
        market.connect(provider).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST),
      ).to.emit(market, "ResultCommitted");
    });

    it("reverts for anyone but the provider", async () => {
      const { system, market, order, jobId, provider } =
        await networkHelpers.loadFixture(assignedJob);
      const { requester } = system.actors;
      await expect(market.connect(requester).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST))
        .to.be.revertedWithCustomError(market, "JobMarketNotProvider")
        .withArgs(jobId, provider.address, requester.address);
    });

    it("reverts from the deadline on, and works the second before", async () => {
      const { market, order, jobId, provider } = await networkHelpers.loadFixture(assignedJob);
      const { deadline } = await market.jobOf(jobId);
      const commit = () => market.connect(provider).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
      const before = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(commit())
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
      await before.restore();
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(commit()).to.emit(market, "ResultCommitted");
    });

    it("reverts for a commitment that is zero or not canonical", async () => {
      const { market, order, provider } = await networkHelpers.loadFixture(assignedJob);
      for (const value of [0n, SCALAR_FIELD, BigInt(OUTPUT_COMMITMENT) + SCALAR_FIELD]) {
        const commitment = toBeHex(value, 32);
        await expect(market.connect(provider).commit(order, commitment, OUTPUT_DIGEST))
          .to.be.revertedWithCustomError(market, "JobMarketInvalidCommitment")
          .withArgs(commitment);
      }
    });

    it("reverts for another order", async () => {
      const { market, order, provider } = await networkHelpers.loadFixture(assignedJob);
      const other = { ...order, inputDigest: id("another input") };
      await expect(market.connect(provider).commit(other, OUTPUT_COMMITMENT, OUTPUT_DIGEST))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
    });
  });

  describe("jobOf", () => {
    it("is empty for jobs that do not exist", async () => {
      const { market } = await networkHelpers.loadFixture(assignedJob);
      const job = await market.jobOf(99);
      expect([job.state, job.outputCommitment]).to.deep.equal([BigInt(JobState.None), ZeroHash]);
    });

    it("follows two jobs of one requester apart", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(assignedJob);
      const other = await drawOrder(system, { inputCommitment: toBeHex(7n, 32) });
      const otherId = await post(system, other);
      await postProvable(system, await directOrder(system, system.actors.ada));
      expect(jobId).to.equal(BigInt(await market.hashOrder(order)));
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Assigned);
      expect((await market.jobOf(otherId)).state).to.equal(JobState.Posted);
    });
  });
});

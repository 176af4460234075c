import { JobState, jobIdOf, proofContext } from "@lattice/sdk";
import { expect } from "chai";
import { id, toBeHex } from "ethers";
import { network } from "hardhat";
import {
  acceptProof,
  deployMarketplace,
  directOrder,
  drawOrder,
  OUTPUT_COMMITMENT,
  PROOF,
  type Proof,
  postCommitted,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

async function committedJob() {
  const system = await deployMarketplace(chain);
  const order = await drawOrder(system);
  return { system, market: system.market, order, ...(await postCommitted(system, order)) };
}

describe("JobMarket", () => {
  describe("proofContext", () => {
    it("PRF-1: is what the SDK computes from chain, market, order, provider and model", async () => {
      const { system, market, order, provider } = await networkHelpers.loadFixture(committedJob);
      const orderHash = await market.hashOrder(order);
      const { modelVersion } = order;
      const context = await market.proofContext(orderHash, provider, modelVersion);
      const binding = {
        chainId: 31337n,
        market: await system.market.getAddress(),
        orderHash,
        provider: provider.address,
        modelVersion,
      };
      expect(context).to.equal(proofContext(binding));
      const { stranger } = system.actors;
      const contexts = new Set([
        context,
        await market.proofContext(id("other"), provider, modelVersion),
        await market.proofContext(orderHash, stranger, modelVersion),
        await market.proofContext(orderHash, provider, id("other")),
        proofContext({ ...binding, chainId: 1n }),
        proofContext({ ...binding, market: stranger.address }),
      ]);
      expect(contexts.size).to.equal(6);
    });
  });

  describe("prove", () => {
    it("accepts a proof of exactly this statement, carried by anyone", async () => {
      const { system, market, order, jobId, provider } =
        await networkHelpers.loadFixture(committedJob);
      const context = await acceptProof(system, jobId, order);
      await expect(market.connect(system.actors.stranger).prove(order, PROOF))
        .to.emit(market, "ResultProved")
        .withArgs(jobId, provider.address, toBeHex(context, 32));
      const job = await market.jobOf(jobId);
      expect([job.state, job.deadline, job.provider]).to.deep.equal([
        BigInt(JobState.Settled),
        0n,
        provider.address,
      ]);
    });

    it("GOV-2: works while new work is paused", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(committedJob);
      await acceptProof(system, jobId, order);
      await market.connect(system.actors.guardian).setNewWorkPaused(true);
      await expect(market.prove(order, PROOF)).to.emit(market, "ResultProved");
    });

    it("PRF-1: reverts for a proof of any other statement", async () => {
      const { system, market, order, jobId, provider } =
        await networkHelpers.loadFixture(committedJob);
      const { verifier, actors } = system;
      const orderHash = await market.hashOrder(order);
      const { modelVersion } = order;
      const input = BigInt(order.inputCommitment);
      const output = BigInt(OUTPUT_COMMITMENT);
      const context = await market.proofContext(orderHash, provider, modelVersion);
      const other = (hash: string, address: string, model: string) =>
        market.proofContext(hash, address, model);
      const statements: [bigint, bigint, bigint][] = [
        [await other(id("other"), provider.address, modelVersion), input, output],
        [await other(orderHash, actors.stranger.address, modelVersion), input, output],
        [await other(orderHash, provider.address, id("other")), input, output],
        [context, input + 1n, output],
        [context, input, output + 1n],
        [context, output, input],
      ];
      for (const statement of statements) await verifier.accept(PROOF, statement);
      await expect(market.prove(order, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
        .withArgs(jobId);
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Committed);
    });

    it("reverts for another job's proof of the same input, provider and result", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(committedJob);
      const first = await acceptProof(system, jobId, order);
      const direct = await directOrder(system, system.actors.ada);
      const twin = { ...direct, nonce: direct.nonce + 1_000n };
      const one = await postCommitted(system, direct);
      const two = await postCommitted(system, twin);
      const second = await acceptProof(system, one.jobId, direct);
      expect(first).to.not.equal(second);
      await expect(market.prove(twin, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
        .withArgs(two.jobId);
      await expect(market.prove(direct, PROOF)).to.emit(market, "ResultProved");
    });

    it("reverts for another provider's proof of the same input and result", async () => {
      const { system, market } = await networkHelpers.loadFixture(committedJob);
      const { ada, ben } = system.actors;
      const ofAda = await directOrder(system, ada);
      const ofBen = await directOrder(system, ben);
      const adaJob = await postCommitted(system, ofAda);
      const benJob = await postCommitted(system, ofBen);
      await acceptProof(system, adaJob.jobId, ofAda);
      await expect(market.prove(ofBen, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
        .withArgs(benJob.jobId);
    });

    it("PRF-2: passes on the router's refusal of words that are not canonical", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(committedJob);
      await acceptProof(system, jobId, order);
      for (let index = 0; index < 8; index++) {
        const word = (PROOF[index] as bigint) + BASE_FIELD;
        await expect(market.prove(order, PROOF.with(index, word) as Proof))
          .to.be.revertedWithCustomError(system.router, "VerifierRouterNonCanonicalProof")
          .withArgs(index, word);
      }
    });

    it("reverts when the verifier was stopped", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(committedJob);
      await acceptProof(system, jobId, order);
      await system.router.connect(system.actors.governance).stop(system.selector);
      await expect(market.prove(order, PROOF))
        .to.be.revertedWithCustomError(system.router, "VerifierRouterStopped")
        .withArgs(system.selector);
    });

    it("reverts from the deadline on, and works the second before", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(committedJob);
      await acceptProof(system, jobId, order);
      const { deadline } = await market.jobOf(jobId);
      const before = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.prove(order, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
      await before.restore();
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(market.prove(order, PROOF)).to.emit(market, "ResultProved");
    });

    it("reverts for another order", async () => {
      const { market, order } = await networkHelpers.loadFixture(committedJob);
      const other = { ...order, inputCommitment: toBeHex(1n, 32) };
      await expect(market.prove(other, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(other), JobState.None);
    });
  });
});

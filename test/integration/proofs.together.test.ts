import { JobState, jobIdOf, manyProofContext } from "@lattice/sdk";
import { SnarkjsProver } from "@lattice/zkml";
import { expect } from "chai";
import { network } from "hardhat";
import { committedJob, contextOf, type ProvableJob } from "../helpers/digit-jobs.ts";
import {
  deployDigitsMarketplace,
  digitsX4Circuit,
  type Inference,
  inferDigit,
} from "../helpers/digits.ts";
import { directOrder, PROOF, type Proof, post } from "../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const LABELS = [2, 7, 1, 8];

/** Four committed jobs of two providers, and one real proof of all of them. */
async function provenTogether() {
  const place = await deployDigitsMarketplace(chain);
  const { ada, ben } = place.actors;
  const inferences = await Promise.all(LABELS.map((label) => inferDigit(label)));
  const jobs: ProvableJob[] = [];
  for (const [i, inference] of inferences.entries()) {
    jobs.push(await committedJob(place, i < 2 ? ada : ben, inference));
  }
  const contexts = await Promise.all(jobs.map((job) => contextOf(place, job)));
  const prover = new SnarkjsProver();
  try {
    const { proof } = await prover.proveMany({
      circuit: await digitsX4Circuit(),
      context: manyProofContext(contexts),
      inputs: inferences.map(({ input }: Inference) => input),
      outputs: inferences.map(({ output }: Inference) => output),
    });
    return { place, market: place.market, jobs, contexts, proof: [...proof] as Proof };
  } finally {
    await prover.close();
  }
}

const orders = (jobs: readonly ProvableJob[]) => jobs.map(({ order }) => order);

describe("Several jobs in one proof", function () {
  this.timeout(600_000);

  it("PAY-1: are all paid by one real proof, once, and their collateral is freed", async () => {
    const { place, market, jobs, contexts, proof } =
      await networkHelpers.loadFixture(provenTogether);
    const { vault, registry, escrow, actors, token } = place;
    const proving = market.connect(actors.stranger).proveMany(orders(jobs), proof);
    for (const [i, { jobId, provider }] of jobs.entries()) {
      await expect(proving)
        .to.emit(market, "ResultProved")
        .withArgs(jobId, provider.address, ethers.toBeHex(contexts[i] as bigint, 32));
    }
    for (const { jobId } of jobs) {
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Settled);
    }
    expect(await escrow.lockedBy(market, token)).to.equal(0);
    for (const provider of [actors.ada, actors.ben]) {
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(0);
    }
    await expect(market.proveMany(orders(jobs), proof))
      .to.be.revertedWithCustomError(market, "JobMarketWrongState")
      .withArgs(jobs[0]?.jobId, JobState.Settled);
  });

  it("PRF-1: prove no other jobs, and none in another order", async () => {
    const { place, market, jobs, proof } = await networkHelpers.loadFixture(provenTogether);
    const [first, second, third, fourth] = jobs as [
      ProvableJob,
      ProvableJob,
      ProvableJob,
      ProvableJob,
    ];
    const twin = await committedJob(place, place.actors.ada, await inferDigit(LABELS[0] as number));
    for (const others of [
      [second, first, third, fourth],
      [twin, second, third, fourth],
      [first, first, third, fourth],
    ]) {
      await expect(market.proveMany(orders(others), proof))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
        .withArgs(others[0]?.jobId);
    }
    await expect(market.proveMany(orders(jobs), PROOF))
      .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
      .withArgs(first.jobId);
    expect((await market.jobOf(first.jobId)).state).to.equal(JobState.Committed);
  });

  it("LIV-3: are as many as the circuit takes, each with its own order, of one model", async () => {
    const { place, market, jobs, proof } = await networkHelpers.loadFixture(provenTogether);
    const { router, actors } = place;
    await expect(market.proveMany(orders(jobs.slice(1)), proof))
      .to.be.revertedWithCustomError(router, "VerifierRouterWrongInputCount")
      .withArgs(7, 9);
    await expect(market.proveMany([], proof)).to.be.revertedWithCustomError(
      market,
      "JobMarketNoOrders",
    );
    const unposted = { ...(jobs[0] as ProvableJob).order, maxPrice: 1n };
    await expect(market.proveMany([unposted, ...orders(jobs.slice(1))], proof))
      .to.be.revertedWithCustomError(market, "JobMarketWrongState")
      .withArgs(jobIdOf(unposted), JobState.None);
    const otherModel = { ...(jobs[3] as ProvableJob).order, modelVersion: ethers.id("other") };
    await expect(market.proveMany([...orders(jobs.slice(0, 3)), otherModel], proof))
      .to.be.revertedWithCustomError(market, "JobMarketModelMismatch")
      .withArgs(jobIdOf(otherModel), place.modelVersion, ethers.id("other"));
    const open = await directOrder(place, actors.ada);
    const openId = await post(place, open);
    await market.connect(actors.ada).accept(open);
    const early = [{ jobId: openId, order: open, provider: actors.ada }, ...jobs.slice(1)];
    await expect(market.proveMany(orders(early), proof))
      .to.be.revertedWithCustomError(market, "JobMarketWrongState")
      .withArgs(openId, JobState.Assigned);
  });

  it("reverts from the deadline of any of them on", async () => {
    const { market, jobs, proof } = await networkHelpers.loadFixture(provenTogether);
    const [first] = jobs as [ProvableJob];
    const { deadline } = await market.jobOf(first.jobId);
    await networkHelpers.time.setNextBlockTimestamp(deadline);
    await expect(market.proveMany(orders(jobs), proof))
      .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
      .withArgs(first.jobId, deadline);
  });
});

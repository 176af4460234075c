import { JobState, proofContext } from "@lattice/sdk";
import { SnarkjsProver, verifyProof } from "@lattice/zkml";
import { expect } from "chai";
import { network } from "hardhat";
import { committedJob, contextOf, expectRefused, proofFor } from "../helpers/digit-jobs.ts";
import { deployDigitsMarketplace, type Inference, inferDigit } from "../helpers/digits.ts";
import type { Proof } from "../helpers/orders.ts";
import {
  forgeWithSkippedPhase,
  proveWithSkippedPhase,
  stopSnarkjs,
} from "../helpers/unsafe-keys.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const prover = new SnarkjsProver();

async function marketplace() {
  return deployDigitsMarketplace(chain);
}

describe("Proofs of real inferences", function () {
  this.timeout(600_000);
  let three: Inference;
  let eight: Inference;

  before(async () => {
    [three, eight] = await Promise.all([inferDigit(3), inferDigit(8)]);
    await networkHelpers.loadFixture(marketplace);
  });
  after(async () => {
    await prover.close();
    await stopSnarkjs();
  });

  it("are accepted and paid", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { market, actors } = place;
    const job = await committedJob(place, actors.ada, three);
    const proof = await proofFor(prover, place, job, three);
    const context = ethers.toBeHex(await contextOf(place, job), 32);
    await expect(market.connect(actors.stranger).prove(job.order, proof))
      .to.emit(market, "ResultProved")
      .withArgs(job.jobId, actors.ada.address, context)
      .and.to.emit(market, "JobSettled");
  });

  it("PRF-1: prove no other output than the model's", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    // A result that the model really gives, but for another image.
    const lie = await committedJob(place, place.actors.ada, three, eight.outputCommitment);
    await expectRefused(place, lie, await proofFor(prover, place, lie, three));
    await expectRefused(place, lie, await proofFor(prover, place, lie, eight));
  });

  it("PRF-1: serve no other job, be it of the same input, provider and result", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { market, actors } = place;
    const first = await committedJob(place, actors.ada, three);
    const second = await committedJob(place, actors.ada, three);
    expect({ ...second.order, nonce: first.order.nonce }).to.deep.equal(first.order);
    const proof = await proofFor(prover, place, first, three);
    await expectRefused(place, second, proof);
    await market.prove(first.order, proof);
    await expectRefused(place, second, proof);
  });

  it("PRF-1: serve no other provider", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { ada, ben } = place.actors;
    const copied = await committedJob(place, ben, three);
    // The best that Ada can do for Ben: his job and order, herself as the provider.
    await expectRefused(
      place,
      copied,
      await proofFor(prover, place, { ...copied, provider: ada }, three),
    );
    const original = await committedJob(place, ada, three);
    await expectRefused(place, copied, await proofFor(prover, place, original, three));
  });

  it("PRF-1: serve no other market and no other chain", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { circuit, market, actors } = place;
    const { jobId, order, provider } = await committedJob(place, actors.ada, three);
    const binding = {
      chainId: 31337n,
      market: await market.getAddress(),
      jobId,
      orderHash: await market.hashOrder(order),
      provider: provider.address,
      modelVersion: order.modelVersion,
    };
    for (const elsewhere of [{ chainId: 1n }, { market: actors.stranger.address }]) {
      const context = proofContext({ ...binding, ...elsewhere });
      const { proof } = await prover.prove({ circuit, context, input: three.input });
      await expectRefused(place, { jobId, order, provider }, [...proof] as Proof);
    }
    const context = proofContext(binding);
    const { proof } = await prover.prove({ circuit, context, input: three.input });
    await expect(market.prove(order, [...proof])).to.emit(market, "ResultProved");
  });

  it("may be rewritten by anyone, which gains nothing: a job is proved once", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { market, actors } = place;
    const job = await committedJob(place, actors.ada, three);
    const other = await committedJob(place, actors.ada, three);
    const [ax, ay, bx1, bx0, by1, by0, cx, cy] = await proofFor(prover, place, job, three);
    const rewritten: Proof = [
      ax,
      BASE_FIELD - ay,
      bx1,
      bx0,
      BASE_FIELD - by1,
      BASE_FIELD - by0,
      cx,
      cy,
    ];
    await expectRefused(place, other, rewritten);
    await market.prove(job.order, rewritten);
    await expect(market.prove(job.order, rewritten))
      .to.be.revertedWithCustomError(market, "JobMarketWrongState")
      .withArgs(job.jobId, JobState.Settled);
  });

  it("made with a key whose phase 2 was skipped are refused, honest or forged", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { circuit, actors } = place;
    const job = await committedJob(place, actors.ada, three);
    const honest = await proveWithSkippedPhase(circuit, await contextOf(place, job), three.input);
    // Under its own key it is a good proof; the deployed verifier has another.
    expect(honest.acceptedByItsKey).to.equal(true);
    await expectRefused(place, job, honest.proof);

    const lie = await committedJob(place, actors.ben, three, eight.outputCommitment);
    const statement: [bigint, bigint, bigint] = [
      await contextOf(place, lie),
      BigInt(three.inputCommitment),
      BigInt(eight.outputCommitment),
    ];
    const forged = await forgeWithSkippedPhase(circuit, statement);
    expect(forged.acceptedByItsKey).to.equal(true);
    await expectRefused(place, lie, forged.proof);
    // The same trick against the deployed key itself.
    await expectRefused(place, lie, forged.againstDeployedKey);
    expect(
      await verifyProof(circuit.verificationKey, statement, forged.againstDeployedKey),
    ).to.equal(false);
  });
});

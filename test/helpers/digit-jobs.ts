import { hashOrder, JobState, type Order } from "@lattice/sdk";
import type { SnarkjsProver } from "@lattice/zkml";
import { expect } from "chai";
import type { DigitsMarketplace, Inference } from "./digits.ts";
import { directOrder, OUTPUT_DIGEST, type Proof, post } from "./orders.ts";
import type { Signer } from "./system.ts";

/** A job whose result waits for its proof. */
export interface ProvableJob {
  readonly jobId: bigint;
  readonly order: Order;
  readonly provider: Signer;
}

/** A job that `provider` accepted and committed `claimed` for, on the input of `inference`. */
export async function committedJob(
  place: DigitsMarketplace,
  provider: Signer,
  inference: Inference,
  claimed = inference.outputCommitment,
): Promise<ProvableJob> {
  const order = await directOrder(place, provider, { inputCommitment: inference.inputCommitment });
  const jobId = await post(place, order);
  await place.market.connect(provider).accept(order);
  await place.market.connect(provider).commit(order, claimed, OUTPUT_DIGEST);
  return { jobId, order, provider };
}

/** First public input of the job's proof. */
export async function contextOf({ market }: DigitsMarketplace, { order, provider }: ProvableJob) {
  return market.proofContext(hashOrder(order), provider, order.modelVersion);
}

/** A real proof of the inference, bound to the job. */
export async function proofFor(
  prover: SnarkjsProver,
  place: DigitsMarketplace,
  job: ProvableJob,
  { input, output }: Inference,
): Promise<Proof> {
  const context = await contextOf(place, job);
  const { proof } = await prover.prove({ circuit: place.circuit, context, input, output });
  return [...proof] as Proof;
}

/** The market must refuse `proof` and leave the job as it is. */
export async function expectRefused(
  { market }: DigitsMarketplace,
  { jobId, order }: ProvableJob,
  proof: Proof,
) {
  await expect(market.prove(order, proof))
    .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
    .withArgs(jobId);
  expect((await market.jobOf(jobId)).state).to.equal(JobState.Committed);
}

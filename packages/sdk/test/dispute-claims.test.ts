import { expect } from "chai";
import { AbiCoder, dataLength, id, ZeroAddress } from "ethers";
import {
  batchClaim,
  batchJobOf,
  jobClaim,
  recordWithout,
  sessionClaim,
  sessionJobOf,
} from "../src/disputes/claims.ts";
import { hashOrder, ORDER_DEFAULTS, type Order } from "../src/order.ts";
import { jobSubject, sessionWork } from "../src/session-jobs.ts";
import { batchJob, JobsTree, verifyJobProof } from "../src/signing/jobs-tree.ts";

const account = `0x${"11".repeat(20)}`;
const orderOf = (nonce: bigint): Order => ({
  ...ORDER_DEFAULTS,
  requester: account,
  nonce,
  modelVersion: id("model"),
  inputCommitment: id("input"),
  inputDigest: id("digest"),
  paymentToken: account,
  maxPrice: 5n,
  collateral: 10n + nonce,
  tier: 1,
  mode: 1,
  provider: account,
  assignSeconds: 0,
  commitSeconds: 0,
  proveSeconds: 0,
  challengeSeconds: 60,
});
const record = {
  provider: account,
  token: account,
  payout: account,
  royaltyRecipient: ZeroAddress,
  price: 5n,
  count: 3n,
  collateral: 33n,
  releaseAt: 1_000n,
  royaltyPpm: 1n,
  protocolFeePpm: 2n,
  jobsRoot: id("root"),
};
const served = [0n, 1n, 2n].map((nonce) => ({
  order: orderOf(nonce),
  outputCommitment: id(`output ${nonce}`),
  outputDigest: id(`trace ${nonce}`),
}));

describe("claims of disputes", () => {
  it("of a job is its order, a word for each member", () => {
    const order = orderOf(7n);
    const { subject, claim } = jobClaim(order);
    expect(subject).to.equal(hashOrder(order));
    expect(dataLength(claim)).to.equal(20 * 32);
    const [requester, sponsor, nonce] = AbiCoder.defaultAbiCoder().decode(
      ["address", "address", "uint64"],
      claim,
    );
    expect([requester.toLowerCase(), sponsor, nonce]).to.deep.equal([account, ZeroAddress, 7n]);
  });

  it("of a batch's job proves its place under the root", () => {
    const leaves = served.map(({ order, outputCommitment, outputDigest }, i) =>
      batchJob(i, hashOrder(order), outputCommitment, outputDigest),
    );
    const { root } = new JobsTree(leaves);
    for (const [index, leaf] of leaves.entries()) {
      const job = batchJobOf({ ...record, jobsRoot: root }, served, index);
      const proof = { index, count: job.jobs, siblings: job.proof };
      expect(verifyJobProof(root, leaf, proof)).to.equal(true);
      expect(batchClaim(job).subject).to.equal(hashOrder(served[index]?.order ?? orderOf(0n)));
    }
    expect(() => batchJobOf(record, served, 3)).to.throw(RangeError, "There is no job 3 among 3.");
  });

  it("of a batch out of which a job was taken has one job, and its collateral, less", () => {
    const rest = recordWithout(record, orderOf(1n));
    expect(rest).to.deep.equal({ ...record, count: 2n, collateral: 22n });
  });

  it("of a session's job names session and index", () => {
    const outputs = [id("a"), id("b"), id("c")];
    const session = id("session");
    const voucher = { session, amount: 9n, ...sessionWork(session, outputs) };
    const job = sessionJobOf(voucher, outputs, 2);
    expect(job.outputCommitment).to.equal(outputs[2]);
    expect(sessionClaim(job).subject).to.equal(jobSubject(session, 2n));
    expect(() => sessionJobOf(voucher, outputs, 3)).to.throw(RangeError, "no job 3");
  });
});

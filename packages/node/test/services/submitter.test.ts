import { expect } from "chai";
import { createSubmitterMetrics } from "../../src/services/submitter/metrics.ts";
import { SubmitterService } from "../../src/services/submitter/service.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { memoryLogger } from "../helpers/logger.ts";
import { call, FakeTransactions, reverted } from "../helpers/transactions.ts";
import { until } from "../helpers/until.ts";

const OPTIONS = { pollMs: 1, resendAfterMs: 20, maxResends: 2, gasMarginPpm: 200_000n };
const outage = () => new NodeError("RPC_UNREACHABLE", "connection lost");

function submitterOn(port: FakeTransactions) {
  const metrics = createSubmitterMetrics();
  const { logger } = memoryLogger();
  return { submitter: new SubmitterService(OPTIONS, { port, logger, metrics }), metrics };
}

describe("SubmitterService", () => {
  it("sends with the estimate and its margin, and returns the receipt", async () => {
    const port = new FakeTransactions();
    const { submitter, metrics } = submitterOn(port);
    const result = await submitter.submit(call("a"));
    expect(result).to.deep.include({ outcome: "landed" });
    expect(port.signed.map(({ nonce, gasLimit }) => ({ nonce, gasLimit }))).to.deep.equal([
      { nonce: 0, gasLimit: 120_000n },
    ]);
    expect(metrics.snapshot()).to.include({ submitted: 1, landed: 1, gasUsed: 90_000 });
  });

  it("gives concurrent calls consecutive nonces and waits for all of them at once", async () => {
    const port = new FakeTransactions();
    port.automine = false;
    const { submitter } = submitterOn(port);
    const submissions = ["a", "b", "c"].map((label) => submitter.submit(call(label)));
    await until(() => port.pool.size === 3);
    expect(port.signed.map(({ nonce }) => nonce)).to.deep.equal([0, 1, 2]);
    port.mine();
    const outcomes = (await Promise.all(submissions)).map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(["landed", "landed", "landed"]);
  });

  it("sends again under the same nonce with higher fees when nothing is mined", async () => {
    const port = new FakeTransactions();
    port.automine = false;
    const { submitter, metrics } = submitterOn(port);
    const submission = submitter.submit(call("a"));
    await until(() => port.signed.length === 2);
    port.mine();
    expect((await submission).outcome).to.equal("landed");
    const [first, second] = port.signed;
    expect(second?.nonce).to.equal(first?.nonce);
    expect(second?.fees).to.deep.equal({ maxFeePerGas: 1_251n, maxPriorityFeePerGas: 126n });
    expect(metrics.snapshot().resent).to.equal(1);
  });

  it("finds the first copy when that one is mined after a resend", async () => {
    const port = new FakeTransactions();
    port.automine = false;
    const { submitter } = submitterOn(port);
    const submission = submitter.submit(call("a"));
    await until(() => port.signed.length === 2);
    const first = port.signed[0];
    if (!first) throw new Error("nothing was signed");
    port.pool.set(first.nonce, first);
    port.mine();
    const result = await submission;
    expect(result.outcome === "landed" && result.receipt.transaction).to.equal(first.hash);
  });

  it("gives up after its resends", async () => {
    const port = new FakeTransactions();
    port.automine = false;
    const { submitter } = submitterOn(port);
    const error = await nodeFailureOf("TRANSACTION_STUCK", submitter.submit(call("a")));
    expect(error.metadata).to.deep.equal({ label: "a", nonce: 0, resends: 2 });
    expect(port.signed).to.have.lengthOf(3);
  });

  it("reports a refused estimate with the contract's error, without sending", async () => {
    const port = new FakeTransactions();
    port.estimate = () => Promise.reject(reverted("JobMarketWrongState"));
    const { submitter, metrics } = submitterOn(port);
    const error = await nodeFailureOf("CALL_REVERTED", submitter.submit(call("a")));
    expect(error.metadata).to.deep.equal({ revert: "JobMarketWrongState" });
    expect(port.signed).to.have.lengthOf(0);
    expect(metrics.snapshot().refused).to.equal(1);
  });

  it("takes a refused call for done when the chain shows its effect", async () => {
    const port = new FakeTransactions();
    port.estimate = () => Promise.reject(reverted("JobMarketWrongState"));
    const { submitter, metrics } = submitterOn(port);
    const result = await submitter.submit(call("a"), { isDone: async () => true });
    expect(result).to.deep.equal({ outcome: "alreadyDone" });
    expect(metrics.snapshot()).to.include({ alreadyDone: 1, refused: 0, failed: 0 });
  });

  it("decodes why a mined transaction failed", async () => {
    const port = new FakeTransactions();
    port.failing.add("a");
    port.simulate = () => Promise.reject(reverted("JobMarketDeadlinePassed"));
    const { submitter } = submitterOn(port);
    const error = await nodeFailureOf("CALL_REVERTED", submitter.submit(call("a")));
    expect(error.metadata).to.deep.equal({ revert: "JobMarketDeadlinePassed" });
  });

  it("says that a transaction failed when the call would succeed by now", async () => {
    const port = new FakeTransactions();
    port.failing.add("a");
    const { submitter } = submitterOn(port);
    const error = await nodeFailureOf("TRANSACTION_FAILED", submitter.submit(call("a")));
    expect(error.metadata).to.deep.equal({ label: "a", transaction: "0x0" });
  });

  describe("when a broadcast fails although it had worked", () => {
    it("finds the receipt of what was mined", async () => {
      const port = new FakeTransactions();
      port.answers.push(outage());
      const { submitter } = submitterOn(port);
      expect((await submitter.submit(call("a"))).outcome).to.equal("landed");
      expect(port.signed).to.have.lengthOf(1);
    });

    it("broadcasts the same bytes again, not a second transaction", async () => {
      const port = new FakeTransactions();
      port.automine = false;
      port.answers.push(outage(), outage());
      const { submitter } = submitterOn(port);
      const submission = submitter.submit(call("a"));
      await until(() => port.answers.length === 0);
      port.mine();
      expect((await submission).outcome).to.equal("landed");
      expect(new Set(port.signed.map(({ nonce }) => nonce))).to.deep.equal(new Set([0]));
    });

    it("asks the chain before it reports the failure", async () => {
      const port = new FakeTransactions();
      port.automine = false;
      port.answers.push(outage(), outage(), outage());
      const { submitter } = submitterOn(port);
      const result = await submitter.submit(call("a"), { isDone: async () => true });
      expect(result.outcome).to.equal("alreadyDone");
    });
  });

  describe("when another process uses the key", () => {
    it("takes the next nonce when its own was used before the broadcast", async () => {
      const port = new FakeTransactions();
      port.answers.push("nonceUsed");
      const { submitter } = submitterOn(port);
      expect((await submitter.submit(call("a"))).outcome).to.equal("landed");
      expect(port.signed).to.have.lengthOf(2);
    });

    it("reports the loss when its nonce was used after the broadcast", async () => {
      const port = new FakeTransactions();
      port.automine = false;
      const { submitter } = submitterOn(port);
      const submission = nodeFailureOf("TRANSACTION_REPLACED", submitter.submit(call("a")));
      await until(() => port.pool.size === 1);
      port.useNonceElsewhere();
      expect((await submission).metadata).to.deep.equal({ label: "a", nonce: 0 });
    });

    it("gives up when nonces keep being taken", async () => {
      const port = new FakeTransactions();
      port.answers.push("nonceUsed", "nonceUsed", "nonceUsed", "nonceUsed");
      const { submitter } = submitterOn(port);
      const error = await nodeFailureOf("TRANSACTION_REPLACED", submitter.submit(call("a")));
      expect(error.metadata).to.deep.equal({ label: "a", attempts: 4 });
    });
  });

  it("raises fees until the pool takes the replacement", async () => {
    const port = new FakeTransactions();
    port.answers.push("underpriced", "underpriced");
    const { submitter } = submitterOn(port);
    expect((await submitter.submit(call("a"))).outcome).to.equal("landed");
    const offered = port.signed.map(({ fees }) => fees.maxFeePerGas);
    expect(offered).to.deep.equal([1_000n, 1_251n, 1_564n]);
  });

  it("stops waiting when its signal aborts, and goes on with other calls", async () => {
    const port = new FakeTransactions();
    port.automine = false;
    const { submitter } = submitterOn(port);
    const abort = new AbortController();
    const submission = submitter.submit(call("a"), { signal: abort.signal }).catch((e) => e);
    await until(() => port.pool.size === 1);
    abort.abort();
    expect((await submission).name).to.equal("AbortError");
    port.automine = true;
    expect((await submitter.submit(call("b"))).outcome).to.equal("landed");
  });
});

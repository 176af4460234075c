import { expect } from "chai";
import { JobState } from "../../src/core/job.ts";
import { createProverMetrics } from "../../src/services/prover/metrics.ts";
import { ProverService } from "../../src/services/prover/service.ts";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";
import { OTHER, SELF, word } from "../helpers/jobs.ts";
import { argumentsOf, LANDED } from "../helpers/market.ts";
import { PROOF } from "../helpers/model.ts";
import { reverted } from "../helpers/transactions.ts";
import { matching, setup, signal } from "../helpers/workers.ts";

describe("ProverService", () => {
  const proverOf = ({ common }: ReturnType<typeof setup>) => {
    const metrics = createProverMetrics();
    return {
      metrics,
      prover: new ProverService({ concurrency: 1, capacity: 4 }, { ...common, metrics }),
    };
  };
  const committed = { state: JobState.Committed, provider: SELF, outputCommitment: word(14) };

  it("proves the committed result for this job and provider, and submits", async () => {
    const world = setup();
    const { prover } = proverOf(world);
    await prover.prove(world.track(matching(), committed), signal);
    const [submitted] = world.submitter.submitted;
    if (!submitted) throw new Error("nothing was submitted");
    expect(submitted.label).to.equal("prove");
    expect(argumentsOf(submitted)[1]).to.deep.equal(PROOF.map(String));
    expect(world.events.map(({ event }) => event)).to.deep.equal(["proving"]);
    expect(prover.takeTimes(1n)).to.deep.equal({ witnessSeconds: 1, proveSeconds: 2 });
    expect(prover.takeTimes(1n)).to.equal(undefined);
  });

  it("submits the stored proof after a restart", async () => {
    const world = setup();
    const first = world.track(matching(), committed);
    await proverOf(world).prover.prove(first, signal);
    const again = world.track(matching(), committed);
    again.progress = world.progress.saved.get(1n) ?? again.progress;
    const { prover, metrics } = proverOf(world);
    await prover.prove(again, signal);
    expect(world.model.proofs).to.equal(1);
    expect(metrics.snapshot()).to.include({ resumed: 1, proofs: 0 });
  });

  it("makes a new proof when the market refused the stored one", async () => {
    const world = setup();
    const tracked = world.track(matching(), committed);
    tracked.progress = { ...tracked.progress, proof: PROOF };
    const { prover } = proverOf(world);
    world.submitter.onSubmit = () => Promise.reject(reverted("JobMarketInvalidProof"));
    await nodeFailureOf("CALL_REVERTED", prover.prove(tracked, signal));
    world.submitter.onSubmit = async () => LANDED;
    await prover.prove(tracked, signal);
    expect(world.model.proofs).to.equal(1);
  });

  for (const [index, signals, name] of [
    [0, [1n, 7n, 14n], "context"],
    [1, [1_042n, 8n, 14n], "input commitment"],
    [2, [1_042n, 7n, 15n], "output commitment"],
  ] as const) {
    it(`keeps back a proof of another ${name}`, async () => {
      const world = setup();
      world.model.publicSignals = signals;
      const { prover, metrics } = proverOf(world);
      const work = prover.prove(world.track(matching(), committed), signal);
      const error = await nodeFailureOf("OUTPUT_MISMATCH", work);
      expect(error.metadata, String(index)).to.deep.equal({ signal: name });
      expect(world.submitter.submitted).to.have.lengthOf(0);
      expect(metrics.snapshot().rejected).to.equal(1);
    });
  }

  it("makes no proof for a job that was over when its turn came", async () => {
    const world = setup();
    const { prover, metrics } = proverOf(world);
    const tracked = world.track(matching(), committed);
    for (const changes of [{ state: JobState.Refunded }, { ...committed, provider: OTHER }]) {
      world.market.change(1n, changes);
      await prover.prove(tracked, signal);
    }
    expect(world.model.proofs).to.equal(0);
    expect(world.submitter.submitted).to.have.lengthOf(0);
    expect(metrics.snapshot()).to.include({ dropped: 2, failures: 0 });
    expect(prover.queue.proofs).to.deep.equal([]);
  });

  it("tells what it owes, and what proofs took", async () => {
    const world = setup();
    const { prover, metrics } = proverOf(world);
    const tracked = world.track(matching(), committed);
    world.model.beforeProof = async () => {
      throw new Error("no memory");
    };
    await failureOf(prover.prove(tracked, signal));
    const [owed] = prover.queue.proofs;
    expect(owed).to.deep.include({ jobId: 1n, attempts: 1, lastError: "UNEXPECTED: no memory" });
    expect(prover.placeOf(1n)).to.equal(0);
    world.model.beforeProof = async () => undefined;
    world.clock.ms += 1_000;
    await prover.prove(tracked, signal);
    const times = { witnessMilliseconds: 1_000, proveMilliseconds: 2_000, peakMemoryMiB: 287 };
    expect(metrics.snapshot()).to.include({ proofs: 1, failures: 1, ...times });
    expect(prover.queue.proofs).to.deep.equal([]);
  });

  it("owes nothing more for a job that is forgotten", async () => {
    const world = setup();
    world.proofs.saved = [{ jobId: 1n, since: 0, attempts: 1, running: false, retryAt: 0 }];
    const { prover } = proverOf(world);
    await prover.start();
    expect(prover.queue.waiting).to.equal(1);
    await prover.forget(1n);
    expect(world.proofs.saved).to.deep.equal([]);
  });

  it("hands the abort of a shutdown to the prover, and keeps nothing", async () => {
    const world = setup();
    const abort = new AbortController();
    world.model.beforeProof = async (given) => {
      abort.abort();
      given.throwIfAborted();
    };
    const { prover } = proverOf(world);
    const work = prover.prove(world.track(matching(), committed), abort.signal);
    expect((await failureOf(work)).name).to.equal("AbortError");
    expect(world.progress.saved.get(1n)?.proof).to.equal(undefined);
  });
});

import { expect } from "chai";
import type { QueuedProof } from "../../src/core/ports/state.ts";
import { createProverMetrics } from "../../src/services/prover/metrics.ts";
import { ProofQueue, type ProofQueueOptions } from "../../src/services/prover/proof-queue.ts";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";
import { MemoryProofQueue } from "../helpers/market.ts";
import { until } from "../helpers/until.ts";
import { signal } from "../helpers/workers.ts";

const OPTIONS = { concurrency: 1, capacity: 8, maxAttempts: 3, baseMs: 1_000, maxMs: 8_000 };

/** A queue over a store that outlives it. */
function setup(options: Partial<ProofQueueOptions> = {}, store = new MemoryProofQueue()) {
  const clock = { ms: 1_000_000 };
  const metrics = createProverMetrics();
  const wall = { now: () => clock.ms };
  const queue = new ProofQueue({ ...OPTIONS, ...options }, { store, wall, metrics });
  const made: bigint[] = [];
  const make = (jobId: bigint, task: () => Promise<void> = async () => undefined) =>
    queue.run(
      jobId,
      async () => {
        await task();
        made.push(jobId);
      },
      signal,
    );
  return { queue, store, clock, metrics, made, make };
}

const stored = (changes: Partial<QueuedProof> & { jobId: bigint }): QueuedProof => ({
  since: 999_000,
  attempts: 0,
  running: false,
  retryAt: 0,
  ...changes,
});

/** A task that waits to be let go. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { task: () => opened, open: () => open() };
}

const fail = (message: string) => async () => {
  throw new Error(message);
};

describe("ProofQueue", () => {
  it("stores what is owed before it makes it, and forgets it afterwards", async () => {
    const { store, make, queue } = setup();
    const first = gate();
    const running = make(1n, first.task);
    const waiting = make(2n);
    await until(() => store.saved.length === 2 && store.saved[0]?.running === true);
    expect(store.saved).to.deep.equal([
      stored({ jobId: 1n, since: 1_000_000, attempts: 1, running: true }),
      stored({ jobId: 2n, since: 1_000_000 }),
    ]);
    expect(queue.status).to.deep.include({ waiting: 1, running: 1 });
    first.open();
    await Promise.all([running, waiting]);
    expect(store.saved).to.deep.equal([]);
    expect(queue.status).to.deep.equal({
      waiting: 0,
      running: 0,
      oldestWaitSeconds: 0,
      proofs: [],
    });
  });

  it("goes on after a restart in the order of before, whoever asks first", async () => {
    const store = new MemoryProofQueue();
    store.saved = [3n, 1n, 2n].map((jobId) => stored({ jobId }));
    const { queue, make, made } = setup({}, store);
    await queue.open();
    expect([3n, 1n, 2n, 4n].map((jobId) => queue.placeOf(jobId))).to.deep.equal([
      0,
      1,
      2,
      Number.POSITIVE_INFINITY,
    ]);
    const first = gate();
    const runs = [make(3n, first.task), make(4n), make(2n), make(1n)];
    await until(() => store.saved.length === 4);
    first.open();
    await Promise.all(runs);
    expect(made).to.deep.equal([3n, 1n, 2n, 4n]);
  });

  it("counts an attempt that ended with the process, and gives up after the last", async () => {
    const store = new MemoryProofQueue();
    store.saved = [stored({ jobId: 1n, attempts: 3, running: true })];
    const { queue, make, metrics } = setup({}, store);
    const error = await nodeFailureOf("PROOF_ABANDONED", make(1n));
    expect(error.message).to.include("failed 3 times, last with INTERRUPTED");
    expect(error.retryable).to.equal(false);
    expect(metrics.snapshot().interrupted).to.equal(1);
    expect(queue.status.proofs[0]).to.deep.include({ attempts: 3, running: false });
    await queue.drop(1n);
    expect(store.saved).to.deep.equal([]);
  });

  it("pauses longer after each failure, lets others pass, and says what went wrong", async () => {
    const { store, clock, make, made, metrics, queue } = setup();
    expect((await failureOf(make(1n, fail("no memory")))).message).to.equal("no memory");
    const [proof] = store.saved;
    expect(proof).to.deep.include({ attempts: 1, running: false });
    expect(proof?.lastError).to.equal("UNEXPECTED: no memory");
    expect(proof?.retryAt).to.be.within(clock.ms + 500, clock.ms + 1_000);
    const again = make(1n, fail("again"));
    await make(2n);
    expect(made).to.deep.equal([2n]);
    clock.ms += 1_000;
    await make(3n);
    expect((await failureOf(again)).message).to.equal("again");
    expect(store.saved[0]?.retryAt).to.be.within(clock.ms + 1_000, clock.ms + 2_000);
    clock.ms += 2_000;
    const last = await nodeFailureOf("PROOF_ABANDONED", make(1n, fail("for good")));
    expect((last.cause as Error).message).to.equal("for good");
    expect(metrics.snapshot()).to.include({ failures: 3, abandoned: 1 });
    expect(queue.status.oldestWaitSeconds).to.equal(3);
    await nodeFailureOf("PROOF_ABANDONED", make(1n));
    expect(metrics.snapshot().failures).to.equal(3);
  });

  it("starts a paused proof by itself when its time has come", async () => {
    const store = new MemoryProofQueue();
    const { make, made, clock } = setup({}, store);
    store.saved = [stored({ jobId: 1n, attempts: 1, retryAt: clock.ms + 20 })];
    const run = make(1n);
    clock.ms += 20;
    await run;
    expect(made).to.deep.equal([1n]);
  });

  it("does not count an attempt that a shutdown ended", async () => {
    const { store, queue } = setup();
    const abort = new AbortController();
    const work = queue.run(
      1n,
      async () => {
        abort.abort();
        abort.signal.throwIfAborted();
      },
      abort.signal,
    );
    expect((await failureOf(work)).name).to.equal("AbortError");
    expect(store.saved).to.deep.equal([stored({ jobId: 1n, since: 1_000_000 })]);
  });

  it("keeps its place for what left while it waited", async () => {
    const { store, queue, make } = setup();
    const first = gate();
    const running = make(1n, first.task);
    const abort = new AbortController();
    const left = failureOf(queue.run(2n, async () => undefined, abort.signal));
    await until(() => store.saved.length === 2);
    abort.abort();
    expect((await left).name).to.equal("AbortError");
    first.open();
    await running;
    expect(store.saved.map(({ jobId }) => jobId)).to.deep.equal([2n]);
  });

  it("refuses more than it can hold, and the same job twice", async () => {
    const { queue, make, store } = setup({ capacity: 1 });
    const first = gate();
    const running = make(1n, first.task);
    await until(() => store.saved[0]?.running === true);
    expect((await failureOf(make(1n))).message).to.include("asked for twice");
    const waiting = make(2n);
    await until(() => queue.full);
    const error = await nodeFailureOf("QUEUE_FULL", make(3n));
    expect(error.metadata).to.deep.equal({ capacity: 1 });
    first.open();
    await Promise.all([running, waiting]);
  });

  it("cancels what waits when it closes, keeps it stored, and takes nothing more", async () => {
    const { queue, make, store } = setup();
    const first = gate();
    const running = make(1n, first.task);
    const waiting = nodeFailureOf("CLOSED", make(2n));
    await until(() => store.saved[0]?.running === true && store.saved.length === 2);
    queue.close();
    await waiting;
    await nodeFailureOf("CLOSED", make(3n));
    first.open();
    await running;
    expect(store.saved.map(({ jobId }) => jobId)).to.deep.equal([2n]);
  });
});

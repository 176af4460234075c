import { expect } from "chai";
import { BoundedQueue } from "../../src/shared/queue.ts";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";

/** A task that ends when told to. */
function pausedTask() {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let started = false;
  return {
    run: async () => {
      started = true;
      await finished;
    },
    finish: () => finish(),
    get started() {
      return started;
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("BoundedQueue", () => {
  it("runs as many at a time as allowed, the others in order", async () => {
    const queue = new BoundedQueue({ name: "test", concurrency: 2, capacity: 2 });
    const tasks = [pausedTask(), pausedTask(), pausedTask(), pausedTask()] as const;
    const runs = tasks.map(({ run }) => queue.run(run));
    await settled();
    expect(tasks.map(({ started }) => started)).to.deep.equal([true, true, false, false]);
    tasks[1].finish();
    await settled();
    expect(tasks.map(({ started }) => started)).to.deep.equal([true, true, true, false]);
    for (const { finish } of tasks) finish();
    await Promise.all(runs);
    expect(queue.running).to.equal(0);
  });

  it("refuses more than it can hold", async () => {
    const queue = new BoundedQueue({ name: "test", concurrency: 1, capacity: 1 });
    const first = pausedTask();
    const runs = [queue.run(first.run), queue.run(async () => undefined)];
    expect(queue.full).to.equal(true);
    const error = await nodeFailureOf("QUEUE_FULL", queue.run(first.run));
    expect(error.metadata).to.deep.equal({ name: "test", capacity: 1 });
    expect(error.retryable).to.equal(true);
    first.finish();
    await Promise.all(runs);
    expect(queue.full).to.equal(false);
  });

  it("never starts a task whose signal aborted while it waited, and goes on with the next", async () => {
    const queue = new BoundedQueue({ name: "test", concurrency: 1, capacity: 3 });
    const first = pausedTask();
    const abandoned = pausedTask();
    const abort = new AbortController();
    const running = queue.run(first.run);
    const gone = failureOf(queue.run(abandoned.run, abort.signal));
    const next = queue.run(async () => "next");
    abort.abort();
    expect((await gone).name).to.equal("AbortError");
    first.finish();
    await running;
    expect(await next).to.equal("next");
    expect(abandoned.started).to.equal(false);
  });

  it("frees its place when a task fails", async () => {
    const queue = new BoundedQueue({ name: "test", concurrency: 1, capacity: 0 });
    const failing = async () => {
      throw new Error("no");
    };
    expect((await failureOf(queue.run(failing))).message).to.equal("no");
    expect(await queue.run(async () => 1)).to.equal(1);
  });

  it("cancels what waits when it closes, and takes nothing more", async () => {
    const queue = new BoundedQueue({ name: "test", concurrency: 1, capacity: 1 });
    const first = pausedTask();
    const running = queue.run(first.run);
    const waiting = nodeFailureOf(
      "CLOSED",
      queue.run(async () => undefined),
    );
    queue.close();
    await waiting;
    await nodeFailureOf(
      "CLOSED",
      queue.run(async () => undefined),
    );
    first.finish();
    await running;
  });
});

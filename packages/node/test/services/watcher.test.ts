import { expect } from "chai";
import { ChainClock } from "../../src/core/chain-clock.ts";
import type { ChainPort, Cursor } from "../../src/core/ports/chain.ts";
import type { ChainEvent } from "../../src/core/ports/market.ts";
import { createWatcherMetrics } from "../../src/services/watcher/metrics.ts";
import { DEFAULT_WATCHER_OPTIONS, WatcherService } from "../../src/services/watcher/service.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { failureOf } from "../helpers/failure.ts";
import { memoryLogger } from "../helpers/logger.ts";

/** Blocks of a chain: each has a hash and the job that a `refunded` event in it names. */
class FakeChain implements ChainPort {
  readonly chainId = 1;
  blocks: { hash: string; jobs: bigint[] }[] = [{ hash: "genesis", jobs: [] }];
  readonly asked: [number, number][] = [];
  refuseRangesAbove = Number.POSITIVE_INFINITY;

  append(...jobs: bigint[]): void {
    this.blocks.push({ hash: `${this.blocks.length}/${jobs.join()}`, jobs });
  }

  async head() {
    const number = this.blocks.length - 1;
    return { number, hash: this.blocks[number]?.hash ?? "", timestamp: 1_000 + number };
  }

  async blockHash(number: number): Promise<string | undefined> {
    return this.blocks[number]?.hash;
  }

  async gasUsed(): Promise<bigint> {
    return 0n;
  }

  async events(from: number, to: number): Promise<readonly ChainEvent[]> {
    this.asked.push([from, to]);
    if (to - from + 1 > this.refuseRangesAbove) throw new Error("range too large");
    return this.blocks.slice(from, to + 1).flatMap(({ jobs, hash }, index) =>
      jobs.map((jobId) => ({
        kind: "refunded" as const,
        jobId,
        amount: 1n,
        blockNumber: from + index,
        transaction: hash,
      })),
    );
  }
}

function setup(chain: FakeChain, options: Partial<typeof DEFAULT_WATCHER_OPTIONS> = {}) {
  const seen: bigint[] = [];
  const saved: { cursor: Cursor | undefined } = { cursor: undefined };
  const metrics = createWatcherMetrics();
  const restart = async (onEvent?: (jobId: bigint) => void) => {
    const watcher = new WatcherService(
      { ...DEFAULT_WATCHER_OPTIONS, pollMs: 60_000, fromBlock: 1, ...options },
      {
        chain,
        clock: new ChainClock(Date.now),
        cursors: {
          load: async () => saved.cursor,
          save: async (cursor) => {
            saved.cursor = cursor;
          },
        },
        logger: memoryLogger().logger,
        metrics,
        onEvent: async (event) => {
          if (event.kind !== "refunded") throw new Error(`unexpected ${event.kind}`);
          onEvent?.(event.jobId);
          seen.push(event.jobId);
        },
      },
    );
    await watcher.start();
    await watcher.close();
    return (signal = new AbortController().signal) => watcher.poll(signal);
  };
  return { seen, saved, metrics, restart };
}

describe("WatcherService", () => {
  it("handles each event once, in order, over several polls", async () => {
    const chain = new FakeChain();
    const { seen, restart } = setup(chain);
    const poll = await restart();
    chain.append(1n, 2n);
    chain.append(3n);
    await poll();
    await poll();
    chain.append(4n);
    await poll();
    expect(seen).to.deep.equal([1n, 2n, 3n, 4n]);
  });

  it("goes on after a restart where it stopped", async () => {
    const chain = new FakeChain();
    const { seen, saved, restart } = setup(chain);
    chain.append(1n);
    await (await restart())();
    expect(saved.cursor).to.deep.equal({ block: 1, hash: "1/1" });
    chain.append(2n);
    await (await restart())();
    expect(seen).to.deep.equal([1n, 2n]);
  });

  it("handles a block again whose events were not all handled before a crash", async () => {
    const chain = new FakeChain();
    const { seen, restart } = setup(chain);
    chain.append(1n, 2n);
    const poll = await restart((jobId) => {
      if (jobId === 2n) throw new Error("killed");
    });
    expect((await failureOf(poll())).message).to.equal("killed");
    await (await restart())();
    expect(seen).to.deep.equal([1n, 1n, 2n]);
  });

  it("waits for confirmations", async () => {
    const chain = new FakeChain();
    const { seen, restart } = setup(chain, { confirmations: 2 });
    const poll = await restart();
    chain.append(1n);
    chain.append();
    await poll();
    expect(seen).to.deep.equal([]);
    chain.append();
    await poll();
    expect(seen).to.deep.equal([1n]);
  });

  it("reads again what a reorganisation replaced", async () => {
    const chain = new FakeChain();
    const { seen, metrics, restart } = setup(chain, { rewindBlocks: 2 });
    const poll = await restart();
    for (const jobId of [1n, 2n, 3n]) chain.append(jobId);
    await poll();
    chain.blocks = chain.blocks.slice(0, 2);
    for (const jobId of [20n, 30n, 40n]) chain.append(jobId);
    await poll();
    expect(seen).to.deep.equal([1n, 2n, 3n, 20n, 30n, 40n]);
    expect(metrics.snapshot().rewinds).to.equal(1);
  });

  it("starts over when the chain is shorter than what it had handled", async () => {
    const chain = new FakeChain();
    const { seen, restart } = setup(chain, { rewindBlocks: 1 });
    for (const jobId of [1n, 2n, 3n, 4n]) chain.append(jobId);
    await (await restart())();
    chain.blocks = chain.blocks.slice(0, 1);
    chain.append(10n);
    await (await restart())();
    expect(seen).to.deep.equal([1n, 2n, 3n, 4n, 10n]);
  });

  it("asks for smaller ranges when the node refuses", async () => {
    const chain = new FakeChain();
    chain.refuseRangesAbove = 3;
    const { seen, restart } = setup(chain, { maxBlockRange: 8 });
    const poll = await restart();
    for (let jobId = 1n; jobId <= 8n; jobId++) chain.append(jobId);
    await failureOf(poll());
    await failureOf(poll());
    await poll();
    expect(seen).to.deep.equal([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    expect(chain.asked.slice(0, 3)).to.deep.equal([
      [1, 8],
      [1, 4],
      [1, 2],
    ]);
  });

  it("keeps its ranges through an outage", async () => {
    const chain = new FakeChain();
    const { seen, restart } = setup(chain);
    const poll = await restart();
    chain.append(1n);
    chain.append(2n);
    const answer = chain.events.bind(chain);
    chain.events = async () => {
      throw new NodeError("RPC_UNREACHABLE", "no answer");
    };
    await failureOf(poll());
    chain.events = answer;
    await poll();
    expect(seen).to.deep.equal([1n, 2n]);
    expect(chain.asked).to.deep.equal([[1, 2]]);
  });

  it("stops between events when it is closed", async () => {
    const chain = new FakeChain();
    const abort = new AbortController();
    const { seen, saved, restart } = setup(chain);
    chain.append(1n, 2n);
    const poll = await restart(() => abort.abort());
    expect((await failureOf(poll(abort.signal))).name).to.equal("AbortError");
    expect(seen).to.deep.equal([1n]);
    expect(saved.cursor).to.equal(undefined);
  });
});

import { expect } from "chai";
import { RpcError, ScriptedChain } from "../helpers/scripted-chain.ts";
import { drain, failureOf, take, transfersOf } from "../helpers/stream.ts";

interface Range {
  readonly fromBlock?: string;
  readonly toBlock?: string;
}

/** Ranges of logs that were asked for, "from-to"; requests for one block by its hash are left out. */
function rangesOf({ requests }: ScriptedChain): string[] {
  return requests
    .filter(({ method }) => method === "eth_getLogs")
    .map(({ params }) => params[0] as Range)
    .filter(({ fromBlock }) => fromBlock !== undefined)
    .map(({ fromBlock, toBlock }) => `${Number(fromBlock)}-${Number(toBlock)}`);
}

function span(params: readonly unknown[]): number {
  const { fromBlock, toBlock } = params[0] as Range;
  return fromBlock === undefined ? 1 : Number(toBlock) - Number(fromBlock) + 1;
}

describe("event stream: ranges and failures", () => {
  let chain: ScriptedChain;
  const all: string[] = [];
  before(() => {
    for (let block = 1; block <= 100; block++) all.push(`+${block * 2}`, `+${block * 2 + 1}`);
  });
  beforeEach(() => {
    chain = new ScriptedChain();
    for (let block = 1; block <= 100; block++) chain.mine(block * 2, block * 2 + 1);
  });

  it("reads final blocks in bounded ranges that meet, and the newest ones by their hash", async () => {
    expect(
      await drain(transfersOf(chain, { toBlock: 100, window: 10, maxRange: 40 })),
    ).to.deep.equal(all);
    expect(rangesOf(chain)).to.deep.equal(["0-39", "40-79", "80-90"]);
    const byHash = chain.requests.filter(
      ({ method, params }) =>
        method === "eth_getLogs" && "blockHash" in (params[0] as Record<string, unknown>),
    );
    expect(byHash).to.have.length(10);
  });

  it("halves a range that the node refuses, and grows it back, missing and doubling nothing", async () => {
    let refused = 0;
    chain.tamper = (method, params) => {
      if (method !== "eth_getLogs" || span(params) <= 3) return undefined;
      refused++;
      throw new RpcError(-32005, "query returned more than 10000 results");
    };
    expect(
      await drain(transfersOf(chain, { toBlock: 100, window: 1, maxRange: 50 })),
    ).to.deep.equal(all);
    const sizes = rangesOf(chain).map((range) => {
      const [from = 0, to = 0] = range.split("-").map(Number);
      return to - from + 1;
    });
    expect(sizes.slice(0, 6)).to.deep.equal([50, 25, 12, 6, 3, 3]);
    expect(refused).to.be.greaterThan(4);
    expect(Math.max(...sizes.slice(6))).to.equal(6);
  });

  it("resumes after any item, in ranges and at the head, missing and doubling nothing", async () => {
    const options = { toBlock: 100, window: 10, maxRange: 30 };
    for (let count = 1; count < all.length; count += 11) {
      const first = transfersOf(chain, options);
      const { labels, cursor } = await take(first, count);
      await first.return();
      const rest = await drain(transfersOf(chain, { ...options, cursor }));
      expect([...labels, ...rest]).to.deep.equal(all);
    }
  });

  it("keeps its cursor small: the window, no more", async () => {
    const { cursor } = await take(transfersOf(chain, { window: 5 }), all.length);
    expect(cursor.blocks.map(({ number }) => number)).to.deep.equal([95, 96, 97, 98, 99, 100]);
    expect(cursor.floor).to.equal(96);
  });

  it("follows blocks that appear while it runs", async () => {
    const stream = transfersOf(chain);
    await take(stream, all.length);
    const pending = take(stream, 2);
    for (const value of [500, 501]) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      chain.mine(value);
    }
    expect((await pending).labels).to.deep.equal(["+500", "+501"]);
    await stream.return();
  });

  it("drops logs that the node repeats, calls removed, or adds unasked", async () => {
    chain.tamper = (method, params) => {
      if (method !== "eth_getLogs") return undefined;
      const logs = chain.logs(params[0] as Range) as Record<string, unknown>[];
      const [some] = logs;
      if (!some) return logs;
      const elsewhere = { ...some, address: `0x${"99".repeat(20)}`, logIndex: "0x63" };
      return [...logs.reverse(), ...logs, { ...some, logIndex: "0x62", removed: true }, elsewhere];
    };
    expect(await drain(transfersOf(chain, { toBlock: 100, window: 20 }))).to.deep.equal(all);
  });

  it("tries again when a node behind the others lacks a block it promised", async () => {
    let lacking = 3;
    chain.tamper = (method, params) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "0x62" || lacking === 0)
        return undefined;
      lacking--;
      return null;
    };
    expect(await drain(transfersOf(chain, { toBlock: 100, window: 20 }))).to.deep.equal(all);
    expect(lacking).to.equal(0);
  });

  it("does not take an empty answer for a block that the node does not have", async () => {
    let unknown = 3;
    chain.tamper = (method, params) => {
      if (method !== "eth_getLogs" || !("blockHash" in (params[0] as object)) || unknown === 0) {
        return undefined;
      }
      unknown--;
      throw new RpcError(-32000, "unknown block");
    };
    expect(await drain(transfersOf(chain, { toBlock: 100, window: 20 }))).to.deep.equal(all);
    expect(unknown).to.equal(0);
  });

  it("gives up after the attempts with an error that says where to resume from", async () => {
    const stream = transfersOf(chain, { window: 5 });
    const { cursor } = await take(stream, 7);
    chain.tamper = (method) => {
      // ethers itself asks for the chain id for ever.
      if (method === "eth_chainId") return undefined;
      throw new RpcError(-32603, "down");
    };
    const error = await failureOf(transfersOf(chain, { cursor }));
    expect(error.code).to.equal("RPC_FAILED");
    expect(error.retryable).to.equal(true);
    expect(error.metadata).to.deep.equal({ attempts: 4 });
    chain.tamper = () => undefined;
    expect(await drain(transfersOf(chain, { cursor, toBlock: 100 }))).to.deep.equal(all.slice(7));
  });
});

describe("event stream: time and ends", () => {
  it("gives up on a node that never answered", async () => {
    const chain = new ScriptedChain();
    chain.tamper = () => {
      throw new RpcError(-32603, "down");
    };
    const error = await failureOf(transfersOf(chain));
    expect(error.code).to.equal("RPC_FAILED");
    expect(error.metadata).to.deep.equal({ attempts: 4 });
    expect(chain.requests.every(({ method }) => method === "eth_chainId")).to.equal(true);
  });

  it("ends without an error when it is aborted, while it waits and while a request hangs", async () => {
    const chain = new ScriptedChain();
    chain.mine(1);
    const waiting = new AbortController();
    const stream = transfersOf(chain, { signal: waiting.signal, pollMs: 60_000 });
    await take(stream, 1);
    const rest = drain(stream);
    setTimeout(() => waiting.abort(), 5);
    expect(await rest).to.deep.equal([]);

    const hanging = new AbortController();
    chain.tamper = (method) =>
      method === "eth_getLogs" ? new Promise(() => undefined) : undefined;
    const stuck = drain(transfersOf(chain, { signal: hanging.signal }));
    setTimeout(() => hanging.abort(), 20);
    expect(await stuck).to.deep.equal([]);
    expect(await drain(transfersOf(chain, { signal: AbortSignal.abort() }))).to.deep.equal([]);
  });

  it("keeps the pause between requests", async () => {
    const chain = new ScriptedChain();
    for (let block = 0; block < 5; block++) chain.mine(block);
    const started = performance.now();
    await drain(transfersOf(chain, { toBlock: 5, requestGapMs: 10 }));
    const reads = chain.requests.filter(({ method }) => method !== "eth_chainId").length;
    expect(reads).to.equal(14);
    // Timers may fire a millisecond early.
    expect(performance.now() - started).to.be.greaterThan((reads - 1) * 9);
  });
});

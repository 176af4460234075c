import { expect } from "chai";
import { getAddress, ZeroAddress } from "ethers";
import {
  connectLattice,
  type EventCursor,
  type EventFilter,
  parseEventCursor,
  type SdkError,
  watchEvents,
} from "../../src/index.ts";
import { BOOK } from "../helpers/book.ts";
import { EVEN, ODD, ScriptedChain, SENDER } from "../helpers/scripted-chain.ts";
import { drain, failureOf, take, transfersOf } from "../helpers/stream.ts";

function streamOf(chain: ScriptedChain, filters: readonly EventFilter[] | undefined) {
  const lattice = connectLattice({ addresses: BOOK, runner: chain.provider() });
  return watchEvents(lattice, {
    ...(filters ? { filters } : {}),
    toBlock: chain.head,
    requestGapMs: 0,
  });
}

async function valuesOf(chain: ScriptedChain, filters?: readonly EventFilter[]): Promise<bigint[]> {
  const values: bigint[] = [];
  for await (const { event } of streamOf(chain, filters)) {
    if (event.contract === "LatticeToken" && event.name === "Transfer")
      values.push(event.args.value);
  }
  return values;
}

async function refusalOf(filter: unknown): Promise<SdkError> {
  return failureOf(streamOf(new ScriptedChain(), [filter as EventFilter]));
}

describe("event filters", () => {
  const contract = "LatticeToken";
  const event = "Transfer";
  let chain: ScriptedChain;
  beforeEach(() => {
    chain = new ScriptedChain();
    chain.mine(1, 2, 3);
    chain.mine(4);
  });

  it("decodes arguments by name and says where the event stands", async () => {
    for await (const { event: found } of transfersOf(chain, { toBlock: 1 })) {
      expect(found).to.deep.include({ contract, name: event, blockNumber: 1, logIndex: 0 });
      expect(found.args).to.deep.equal({
        from: getAddress(SENDER),
        to: getAddress(ODD),
        value: 1n,
      });
      expect(found.blockHash).to.equal(chain.blocks[1]?.hash);
      break;
    }
  });

  it("reads everything by default, a contract, or events of a name", async () => {
    expect(await valuesOf(chain)).to.deep.equal([1n, 2n, 3n, 4n]);
    expect(await valuesOf(chain, [{ contract }])).to.deep.equal([1n, 2n, 3n, 4n]);
    expect(await valuesOf(chain, [{ contract, event }])).to.deep.equal([1n, 2n, 3n, 4n]);
    expect(await valuesOf(chain, [{ contract, event: "Approval" }])).to.deep.equal([]);
    expect(await valuesOf(chain, [{ contract: "JobMarket" }])).to.deep.equal([]);
  });

  it("filters by indexed arguments, one value or any of several, in the request", async () => {
    expect(await valuesOf(chain, [{ contract, event, args: { to: EVEN } }])).to.deep.equal([
      2n,
      4n,
    ]);
    const either = [{ contract, event, args: { to: [EVEN, ODD] } }] as const;
    expect(await valuesOf(chain, either)).to.deep.equal([1n, 2n, 3n, 4n]);
    expect(await valuesOf(chain, [{ contract, event, args: { from: ZeroAddress } }])).to.deep.equal(
      [],
    );
    const asked = chain.requests.findLast(({ method }) => method === "eth_getLogs");
    const [filter] = (asked?.params ?? []) as { topics: unknown[] }[];
    expect(filter?.topics[1]).to.equal(`0x${"00".repeat(32)}`);
  });

  it("joins filters: what any of them lets through comes once", async () => {
    const filters: EventFilter[] = [
      { contract, event, args: { to: ODD } },
      { contract, event, args: { from: SENDER, to: ODD } },
      { contract: "JobMarket" },
    ];
    expect(await valuesOf(chain, filters)).to.deep.equal([1n, 3n]);
  });

  it("refuses events and arguments that do not exist, naming those that do", async () => {
    const unknown = await refusalOf({ contract, event: "Transferred" });
    expect(unknown.code).to.equal("EVENT_UNKNOWN");
    expect(unknown.metadata).to.deep.equal({ contract, event: "Transferred" });
    expect(unknown.message).to.include("Approval");
    const argument = await refusalOf({ contract, event, args: { value: 1n } });
    expect(argument.code).to.equal("EVENT_UNKNOWN");
    expect(argument.metadata).to.deep.equal({ contract, event, argument: "value" });
    expect(argument.message).to.include("from, to");
  });

  it("refuses a log that does not fit the event it claims to be", async () => {
    chain.tamper = (method, params) =>
      method === "eth_getLogs"
        ? (chain.logs(params[0] as object) as object[]).map((log) => ({ ...log, data: "0x12" }))
        : undefined;
    const error = await failureOf(transfersOf(chain));
    expect(error.code).to.equal("EVENT_UNDECODABLE");
    expect(error.metadata.log).to.deep.include({ blockNumber: 1, index: 0 });
  });

  it("refuses a node on another chain, and options out of range", async () => {
    chain.tamper = (method) => (method === "eth_chainId" ? "0x1" : undefined);
    expect(await failureOf(transfersOf(chain))).to.have.property("code", "WRONG_CHAIN");
    for (const options of [
      { window: 0 },
      { maxRange: 1.5 },
      { confirmations: -1 },
      { fromBlock: -1 },
    ]) {
      const error = await drain(transfersOf(chain, options)).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(RangeError);
      expect((error as RangeError).message).to.include(Object.keys(options)[0]);
    }
  });
});

describe("event cursors", () => {
  it("are refused when damaged, naming what is wrong, and when of another chain", async () => {
    const chain = new ScriptedChain();
    chain.mine(1, 2);
    const { cursor } = await take(transfersOf(chain), 1);
    expect(parseEventCursor(JSON.parse(JSON.stringify(cursor)))).to.deep.equal(cursor);
    const [genesis, tip] = cursor.blocks;
    const damaged: [unknown, RegExp][] = [
      [null, /not a JSON object/],
      [{ ...cursor, version: 2 }, /version is 2/],
      [{ ...cursor, chainId: "1" }, /chainId/],
      [{ ...cursor, floor: -1 }, /floor/],
      [{ ...cursor, partial: "yes" }, /partial/],
      [{ ...cursor, blocks: {} }, /tracked blocks/],
      [{ ...cursor, blocks: [{ ...tip, hash: "0x" }] }, /tracked blocks/],
      [{ ...cursor, blocks: [{ ...tip, logs: [{ ...tip?.logs[0], blockNumber: 9 }] }] }, /tracked/],
      [{ ...cursor, blocks: [tip, genesis] }, /ascending/],
      [{ ...cursor, blocks: [] }, /no block is tracked/],
    ];
    for (const [value, message] of damaged) {
      const error = await failureOf(transfersOf(chain, { cursor: value as EventCursor }));
      expect(error.code).to.equal("CURSOR_INVALID");
      expect(error.message).to.match(message);
    }
    const foreign = await failureOf(transfersOf(chain, { cursor: { ...cursor, chainId: 1 } }));
    expect(foreign.code).to.equal("CURSOR_INVALID");
    expect(foreign.metadata).to.deep.equal({ cursor: 1, addressBook: 31337 });
  });
});

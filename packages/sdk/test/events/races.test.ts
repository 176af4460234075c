import { expect } from "chai";
import { ScriptedChain } from "../helpers/scripted-chain.ts";
import { drain, failureOf, take, transfersOf } from "../helpers/stream.ts";

describe("event stream: a chain that changes between two requests", () => {
  let chain: ScriptedChain;
  beforeEach(() => {
    chain = new ScriptedChain();
    chain.mine(1);
    chain.mine(2, 3);
    chain.mine(4);
    chain.mine(5);
  });

  /** Replaces block 2 and what follows just before the `nth` request that matches. */
  function replaceBefore(
    nth: number,
    matches: (method: string, parameter: unknown) => boolean,
  ): void {
    let seen = 0;
    chain.tamper = (method, [parameter]) => {
      if (matches(method, parameter) && ++seen === nth) {
        chain.drop(3);
        for (const value of [20, 40, 50]) chain.mine(value);
      }
      return undefined;
    };
  }

  const headerOf = (number: number) => (method: string, parameter: unknown) =>
    method === "eth_getBlockByNumber" && parameter === `0x${number.toString(16)}`;

  it("does not go on from a block to one of another fork", async () => {
    replaceBefore(1, headerOf(3));
    expect(await drain(transfersOf(chain, { toBlock: 4 }))).to.deep.equal([
      "+1",
      "+2",
      "+3",
      "-3",
      "-2",
      "+20",
      "+40",
      "+50",
    ]);
  });

  it("does not go on within a block that another one replaced", async () => {
    const { cursor } = await take(transfersOf(chain), 2);
    // The first request for block 2 finds it in place; the second is to read the rest of it.
    replaceBefore(2, headerOf(2));
    expect(await drain(transfersOf(chain, { cursor, toBlock: 4 }))).to.deep.equal([
      "-2",
      "+20",
      "+40",
      "+50",
    ]);
  });

  it("asks again when a block is replaced between its header and its logs", async () => {
    replaceBefore(3, (method) => method === "eth_getLogs");
    expect(await drain(transfersOf(chain, { toBlock: 4 }))).to.deep.equal([
      "+1",
      "+20",
      "+40",
      "+50",
    ]);
  });

  describe("below the window, where that should not happen", () => {
    const logs = (method: string) => method === "eth_getLogs";

    it("does not go on within a range whose first block was replaced", async () => {
      const { cursor } = await take(transfersOf(chain, { window: 1 }), 2);
      replaceBefore(1, logs);
      expect(await drain(transfersOf(chain, { cursor, window: 1, toBlock: 4 }))).to.deep.equal([
        "-2",
        "+20",
        "+40",
        "+50",
      ]);
    });

    it("fails instead of taking back, when only final events were asked for", async () => {
      for (let block = 0; block < 3; block++) chain.mine();
      const final = { window: 1, finalOnly: true };
      const { cursor } = await take(transfersOf(chain, final), 2);
      chain.drop(3);
      replaceBefore(1, logs);
      const error = await failureOf(transfersOf(chain, { ...final, cursor }));
      expect(error.code).to.equal("REORG_TOO_DEEP");
      expect(error.metadata).to.deep.include({ blockNumber: 2, window: 1 });
    });
  });

  for (const [what, window] of [
    ["a range", 1],
    ["a block", 50],
  ] as const) {
    it(`drops an answer for ${what} that has a log of another fork, and asks again`, async () => {
      let mixed = 1;
      chain.tamper = (method, [filter]) => {
        const found = method === "eth_getLogs" ? (chain.logs(filter as object) as object[]) : [];
        const [some] = found;
        if (!some || mixed === 0) return undefined;
        mixed--;
        return [...found, { ...some, logIndex: "0x9", blockHash: `0x${"ee".repeat(32)}` }];
      };
      expect(await drain(transfersOf(chain, { toBlock: 4, window }))).to.deep.equal([
        "+1",
        "+2",
        "+3",
        "+4",
        "+5",
      ]);
      expect(mixed).to.equal(0);
    });
  }
});

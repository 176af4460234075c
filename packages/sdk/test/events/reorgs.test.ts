import { expect } from "chai";
import { ScriptedChain } from "../helpers/scripted-chain.ts";
import { drain, failureOf, take, transfersOf } from "../helpers/stream.ts";

describe("event stream: reorgs", () => {
  let chain: ScriptedChain;
  beforeEach(() => {
    chain = new ScriptedChain();
    chain.mine(1);
    chain.mine(2, 3);
  });

  it("takes the events of lost blocks back, newest first, then tells those in their place", async () => {
    const stream = transfersOf(chain);
    expect((await take(stream, 3)).labels).to.deep.equal(["+1", "+2", "+3"]);
    chain.drop(2);
    chain.mine(4);
    chain.mine();
    chain.mine(2);
    expect((await take(stream, 5)).labels).to.deep.equal(["-3", "-2", "-1", "+4", "+2"]);
    await stream.return();
  });

  it("follows a reorg between two items of one block", async () => {
    const stream = transfersOf(chain);
    expect((await take(stream, 2)).labels).to.deep.equal(["+1", "+2"]);
    chain.drop(1);
    chain.mine(5);
    chain.mine();
    // Transfer 3 was read before the reorg and is told, then taken back: told and taken back always pair up.
    expect((await take(stream, 4)).labels).to.deep.equal(["+3", "-3", "-2", "+5"]);
    await stream.return();
  });

  it("sees a reorg that happened while it was not running, also in the middle of a block", async () => {
    const first = transfersOf(chain);
    const { cursor } = await take(first, 2);
    await first.return();
    chain.drop(1);
    chain.mine(6);
    chain.mine();
    const resumed = transfersOf(chain, { cursor, toBlock: 3 });
    expect(await drain(resumed)).to.deep.equal(["-2", "+6"]);
  });

  it("goes on taking back where it was stopped, and tells again what came back after all", async () => {
    const stream = transfersOf(chain);
    await take(stream, 3);
    const [lost, kept] = [chain.blocks.at(-1), chain.blocks.slice(0, -1)];
    chain.drop(1);
    chain.mine(7);
    const { labels, cursor } = await take(stream, 1);
    expect(labels).to.deep.equal(["-3"]);
    await stream.return();
    const elsewhere = transfersOf(chain, { cursor, toBlock: 2 });
    expect(await drain(elsewhere)).to.deep.equal(["-2", "+7"]);
    if (lost) chain.blocks = [...kept, lost];
    expect(await drain(transfersOf(chain, { cursor, toBlock: 2 }))).to.deep.equal(["+3"]);
  });

  it("waits for a node that fell behind, and takes nothing back for a chain that is merely shorter", async () => {
    const stream = transfersOf(chain);
    await take(stream, 3);
    const behind = chain.blocks.pop();
    const pending = take(stream, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (behind) chain.blocks.push(behind);
    chain.mine(8);
    expect((await pending).labels).to.deep.equal(["+8"]);
    await stream.return();
  });

  it("takes everything back down to its first block, however deep", async () => {
    const stream = transfersOf(chain, { fromBlock: 1, window: 50 });
    await take(stream, 3);
    chain.drop(3);
    for (let block = 0; block < 4; block++) chain.mine(10 + block);
    expect((await take(stream, 6)).labels).to.deep.equal(["-3", "-2", "-1", "+11", "+12", "+13"]);
    await stream.return();
  });

  it("says so when a block below the window changed", async () => {
    for (let block = 0; block < 10; block++) chain.mine(20 + block);
    const stream = transfersOf(chain, { window: 4 });
    await take(stream, 13);
    chain.drop(8);
    for (let block = 0; block < 9; block++) chain.mine(40 + block);
    const error = await failureOf(stream);
    expect(error.code).to.equal("REORG_TOO_DEEP");
    expect(error.retryable).to.equal(false);
    expect(error.metadata).to.deep.include({ blockNumber: 8, window: 4 });
    expect(error.metadata.found).to.equal(chain.blocks[8]?.hash);
  });

  it("survives a reorg of exactly the window", async () => {
    for (let block = 0; block < 10; block++) chain.mine(20 + block);
    const stream = transfersOf(chain, { window: 4 });
    await take(stream, 13);
    chain.drop(4);
    for (let block = 0; block < 5; block++) chain.mine(40 + block);
    expect((await take(stream, 9)).labels.join(" ")).to.equal(
      "-29 -28 -27 -26 +40 +41 +42 +43 +44",
    );
    await stream.return();
  });

  it("tells final events only, none of which is taken back", async () => {
    for (let block = 0; block < 4; block++) chain.mine(20 + block);
    const stream = transfersOf(chain, { window: 3, finalOnly: true });
    expect((await take(stream, 4)).labels).to.deep.equal(["+1", "+2", "+3", "+20"]);
    chain.drop(3);
    for (let block = 0; block < 4; block++) chain.mine(50 + block);
    expect((await take(stream, 1)).labels).to.deep.equal(["+50"]);
    chain.drop(5);
    for (let block = 0; block < 6; block++) chain.mine(60 + block);
    expect(await failureOf(stream)).to.have.property("code", "REORG_TOO_DEEP");
  });

  it("keeps as many blocks on top as asked for", async () => {
    expect(await drain(transfersOf(chain, { toBlock: 1, confirmations: 1 }))).to.deep.equal(["+1"]);
    const stream = transfersOf(chain, { confirmations: 2 });
    const pending = take(stream, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    chain.mine();
    expect((await pending).labels).to.deep.equal(["+1"]);
    await stream.return();
  });
});

import {
  type EventItem,
  type Lattice,
  type LatticeEvent,
  type WatchOptions,
  watchEvents,
} from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { latticeOf } from "../helpers/lattice.ts";
import { deploySystem, type System } from "../helpers/system.ts";

type Item = EventItem<LatticeEvent>;

const FAST = { pollMs: 5, requestGapMs: 0, retryMs: 5 } as const;

function describeItem({ type, event }: Item): string {
  const sign = type === "event" ? "+" : "-";
  if (event.contract === "PaymentEscrow" && event.name === "EscrowMarketSet") {
    return `${sign}market:${event.args.allowed}`;
  }
  if (event.contract === "LatticeToken" && event.name === "Transfer") {
    return `${sign}transfer:${event.args.value}`;
  }
  return `${sign}${event.contract}.${event.name}`;
}

describe("SDK event stream on a real chain", () => {
  let system: System;
  let lattice: Lattice;
  let start: number;

  beforeEach(async () => {
    const { ethers, networkHelpers } = await network.create();
    system = await deploySystem({ ethers, networkHelpers });
    lattice = await latticeOf(system, ethers.provider);
    start = (await ethers.provider.getBlockNumber()) + 1;
  });

  /** The next `count` items. */
  async function take(stream: AsyncIterator<Item>, count: number): Promise<string[]> {
    const items: string[] = [];
    while (items.length < count) {
      const { value, done } = await stream.next();
      if (done) throw new Error(`the stream ended after ${items.join(" ")}`);
      items.push(describeItem(value));
    }
    return items;
  }

  const watch = (options: Partial<WatchOptions> = {}) =>
    watchEvents(lattice, { ...FAST, fromBlock: start, ...options });

  const transfer = async (amount: bigint) =>
    system.token.connect(system.actors.deployer).transfer(system.actors.ben, amount);

  const allow = async (allowed: boolean) =>
    system.escrow.connect(system.actors.ada).setMarket(system.market, allowed);

  it("tells the events of all contracts, and takes them back when the chain goes another way", async () => {
    const { provider } = system.chain.ethers;
    const stream = watch();
    await transfer(1n);
    const fork = await provider.send("evm_snapshot", []);
    await allow(true);
    await transfer(2n);
    expect(await take(stream, 3)).to.deep.equal(["+transfer:1", "+market:true", "+transfer:2"]);
    await provider.send("evm_revert", [fork]);
    await transfer(3n);
    await transfer(4n);
    expect(await take(stream, 4)).to.deep.equal([
      "-transfer:2",
      "-market:true",
      "+transfer:3",
      "+transfer:4",
    ]);
    await stream.return();
  });

  it("tells several events of one block once, across a restart between them", async () => {
    const { provider } = system.chain.ethers;
    await provider.send("evm_setAutomine", [false]);
    for (const amount of [1n, 2n, 3n]) {
      await system.token
        .connect(system.actors.deployer)
        .transfer(system.actors.ben, amount, { gasLimit: 200_000 });
    }
    await provider.send("evm_setAutomine", [true]);
    await provider.send("evm_mine", []);
    const first = watch();
    const { value, done } = await first.next();
    if (done) throw new Error("the stream ended");
    await first.return();
    const resumed = watch({ cursor: JSON.parse(JSON.stringify(value.cursor)) });
    expect([describeItem(value), ...(await take(resumed, 2))]).to.deep.equal([
      "+transfer:1",
      "+transfer:2",
      "+transfer:3",
    ]);
    await resumed.return();
  });

  it("reads everything since the deployment, the same in ranges and block by block", async () => {
    const toBlock = await system.chain.ethers.provider.getBlockNumber();
    const read = async (options: Partial<WatchOptions>) => {
      const found: string[] = [];
      for await (const item of watch({ fromBlock: 0, toBlock, ...options })) {
        found.push(`${item.event.blockNumber}:${item.event.logIndex}:${describeItem(item)}`);
      }
      return found;
    };
    const single = await read({ window: 1000 });
    expect(single).to.deep.equal(await read({ window: 1, maxRange: 7 }));
    expect(single.some((item) => item.endsWith("+AccessManager.RoleGranted"))).to.equal(true);
    expect(single.some((item) => item.endsWith("+JobMarket.PaymentTokenSet"))).to.equal(true);
    expect(new Set(single).size).to.equal(single.length);
  });

  it("waits for what the node calls finalised", async () => {
    const signal = AbortSignal.timeout(300);
    const stream = watch({ confirmations: "finalized", signal });
    await transfer(1n);
    const { provider } = system.chain.ethers;
    const finalized = (await provider.getBlock("finalized"))?.number ?? -1;
    const found: string[] = [];
    for await (const item of stream) {
      expect(item.event.blockNumber).to.be.at.most(finalized);
      found.push(describeItem(item));
    }
    expect(found).to.deep.equal(finalized >= start ? ["+transfer:1"] : []);
  });
});

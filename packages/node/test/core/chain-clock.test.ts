import { expect } from "chai";
import { ChainClock } from "../../src/core/chain-clock.ts";

const head = (number: number, timestamp: number) => ({ number, hash: `0x${number}`, timestamp });

describe("ChainClock", () => {
  it("is the wall clock before a block, and while blocks are in the past", () => {
    let wall = 1_000_000;
    const clock = new ChainClock(() => wall);
    expect(clock.now()).to.equal(1_000);
    clock.observe(head(1, 900));
    wall += 5_500;
    expect(clock.now()).to.equal(1_005);
  });

  it("runs ahead with a chain that was moved ahead, and goes on without blocks", () => {
    let wall = 1_000_000;
    const clock = new ChainClock(() => wall);
    clock.observe(head(1, 1_600));
    expect(clock.now()).to.equal(1_600);
    wall += 30_000;
    expect(clock.now()).to.equal(1_630);
  });

  it("does not take a block that it has seen for a new one", () => {
    let wall = 1_000_000;
    const clock = new ChainClock(() => wall);
    clock.observe(head(1, 1_600));
    wall += 60_000;
    clock.observe(head(1, 1_600));
    expect(clock.now()).to.equal(1_660);
  });
});

import { expect } from "chai";
import type { Legs } from "../../src/core/events.ts";
import { splitPrice } from "../../src/core/pricing.ts";

const sum = ({ provider, publisher, fee, refund }: Legs) => provider + publisher + fee + refund;

describe("splitPrice", () => {
  it("pays the fee rounded up, the royalty rounded down, the provider the rest", () => {
    const rates = { royaltyPpm: 50_000n, protocolFeePpm: 50_000n };
    expect(splitPrice(101n, 150n, rates)).to.deep.equal({
      provider: 90n,
      publisher: 5n,
      fee: 6n,
      refund: 49n,
    });
  });

  it("adds up to what was locked for any price and rates", () => {
    let state = 12_345n;
    const random = (below: bigint) => {
      state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
      return (state >> 16n) % below;
    };
    for (let i = 0; i < 2_000; i++) {
      const locked = random(2n ** 48n) + 1n;
      const price = random(locked + 1n);
      const royaltyPpm = random(1_000_001n);
      const protocolFeePpm = random(1_000_001n - royaltyPpm);
      const legs = splitPrice(price, locked, { royaltyPpm, protocolFeePpm });
      expect(sum(legs)).to.equal(locked);
      expect(Object.values(legs).every((leg) => leg >= 0n)).to.equal(true);
    }
  });

  it("refuses a price above what is locked, and rates above the whole", () => {
    const none = { royaltyPpm: 0n, protocolFeePpm: 0n };
    expect(() => splitPrice(2n, 1n, none)).to.throw(RangeError, "price 2 is above the locked 1");
    expect(() =>
      splitPrice(1n, 1n, { ...none, royaltyPpm: 600_000n, protocolFeePpm: 400_001n }),
    ).to.throw(RangeError);
  });
});

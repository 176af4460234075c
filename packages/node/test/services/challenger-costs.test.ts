import { expect } from "chai";
import { accused, ChallengerWorld, result } from "../helpers/challenger.ts";

describe("ChallengerService about costs", () => {
  // The bounty is 100 LAT; the gas 650,000 at one gwei.
  it("challenges when the bounty is worth the gas, and not below", async () => {
    const cost = 650_000n * 10n ** 9n;
    const dear = await accused({ latPrice: cost / 100n - 1n });
    await dear.settle();
    await dear.settle();
    expect(dear.submitter.labels).to.deep.equal([]);
    expect(dear.events.at(-1)).to.deep.include({
      ...{ event: "tooDear", cost, bounty: cost - 100n },
    });
    expect(dear.metrics.snapshot().tooDear).to.equal(1);
    const worthwhile = await accused({ latPrice: cost / 100n });
    await worthwhile.settle();
    expect(worthwhile.submitter.labels).to.deep.equal(["approve", "commit", "challenge"]);
  });

  it("challenges later when gas becomes cheaper", async () => {
    const world = await accused({ latPrice: 10n ** 12n });
    await world.settle();
    expect(world.told).to.include("tooDear");
    world.gas = 0n;
    world.disputes.terms = async () => ({
      ...{ challengeBond: 50n, openingBond: 5n, bountyPpm: 1_000_000n },
    });
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "commit", "challenge"]);
  });

  it("opens no inquiry that costs more than it can bring", async () => {
    const world = new ChallengerWorld({ latPrice: 1n });
    await world.track(result());
    await world.settle();
    expect(world.submitter.labels).to.deep.equal([]);
    expect(world.told).to.deep.equal(["seen", "mismatch", "tooDear"]);
  });
});

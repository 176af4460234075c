import { expect } from "chai";
import {
  AssignmentMode,
  biddingClosesAt,
  closingEpoch,
  isAuctionOpen,
  JobState,
  type Lattice,
} from "../src/index.ts";

/** A beacon whose epochs began at these times, read at `now`; it counts how often it is asked. */
function beaconAt(startedAt: readonly number[], now: number) {
  const reads: bigint[] = [];
  const lattice = {
    token: { clock: async () => BigInt(now) },
    beacon: {
      currentEpoch: async () => BigInt(startedAt.length - 1),
      epochInfo: async (epoch: bigint) => {
        reads.push(epoch);
        const began = startedAt[Number(epoch)];
        if (began === undefined) throw new Error(`epoch ${epoch} has not begun`);
        return { startedAt: BigInt(began) };
      },
    },
  } as unknown as Lattice;
  return { lattice, reads };
}

/** What `Matchmaker` requires of a closing epoch. */
function isClosing(startedAt: readonly number[], epoch: number, closesAt: number): boolean {
  const next = startedAt[epoch + 1];
  return (startedAt[epoch] ?? Infinity) < closesAt && (next === undefined || next >= closesAt);
}

describe("auctions", () => {
  it("find the epoch that the contract takes, wherever bidding closed", async () => {
    const epochs = Array.from({ length: 40 }, (_, epoch) => 100 + 10 * epoch + (epoch % 3));
    for (let closesAt = 101; closesAt <= 600; closesAt++) {
      const { lattice } = beaconAt(epochs, 600);
      const found = Number(await closingEpoch(lattice, closesAt));
      expect(isClosing(epochs, found, closesAt), `${closesAt}: ${found}`).to.equal(true);
    }
  });

  it("find it among epochs that began in the same second", async () => {
    const { lattice } = beaconAt([10, 20, 20, 20, 30], 40);
    expect(await closingEpoch(lattice, 20)).to.equal(0n);
    expect(await closingEpoch(lattice, 21)).to.equal(3n);
  });

  it("ask in the order of the logarithm of the distance, and once for what is new", async () => {
    const epochs = Array.from({ length: 100_000 }, (_, epoch) => epoch);
    const far = beaconAt(epochs, 100_000);
    expect(await closingEpoch(far.lattice, 8)).to.equal(7n);
    expect(far.reads.length).to.be.below(40);
    const near = beaconAt(epochs, 100_000);
    expect(await closingEpoch(near.lattice, 100_000)).to.equal(99_999n);
    expect(near.reads).to.have.lengthOf(1);
  });

  it("have no closing epoch while bids are taken", async () => {
    const { lattice } = beaconAt([10, 20], 29);
    expect(await closingEpoch(lattice, 30)).to.equal(undefined);
    expect(await closingEpoch(lattice, 29)).to.equal(1n);
  });

  it("are open until awarded or opened again, and close before the time to assign begins", () => {
    const order = { mode: AssignmentMode.Auction };
    expect(isAuctionOpen({ state: JobState.Posted, attempt: 0 }, order)).to.equal(true);
    expect(isAuctionOpen({ state: JobState.Posted, attempt: 1 }, order)).to.equal(false);
    expect(isAuctionOpen({ state: JobState.Assigned, attempt: 0 }, order)).to.equal(false);
    const drawn = { mode: AssignmentMode.Draw };
    expect(isAuctionOpen({ state: JobState.Posted, attempt: 0 }, drawn)).to.equal(false);
    expect(biddingClosesAt({ deadline: 1_000 }, { assignSeconds: 600 })).to.equal(400);
  });
});

import { biddingClosesAt, findJob, formatJobId, type Lattice } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { parseEther } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { ASK, type JobChain, MAX_PRICE, openJobChain } from "./support/job-chain.ts";
import type { Options, TaskChain } from "./support/task-chain.ts";

const BID = parseEther("0.5");

describe("job:bid and job:assign", function () {
  this.timeout(240_000);

  let jobs: JobChain;
  let chain: TaskChain;
  let lattice: Lattice;
  let ada: HardhatEthersSigner;
  let ben: HardhatEthersSigner;

  const post = async (changes: Options) =>
    BigInt(String((await chain.one("job:post", jobs.posting(changes))).jobId));
  const of = (id: bigint, options: Options = {}) => ({ id, ...options });
  const closing = async (jobId: bigint) => {
    const { job, order } = await findJob(lattice, jobId);
    return biddingClosesAt(job, order);
  };

  before(async () => {
    jobs = await openJobChain(2);
    ({ chain } = jobs);
    lattice = chain.as(jobs.requester);
    const [first, second] = jobs.providers;
    if (!first || !second) throw new Error("the chain has too few providers");
    [ada, ben] = [first, second];
  });
  after(async () => {
    await chain?.close();
  });

  describe("an auction", () => {
    let jobId: bigint;
    const bid = (changes: Options = {}) =>
      of(jobId, { price: "0.5", from: ada.address, ...changes });

    before(async () => {
      jobId = await post({ mode: "auction" });
    });

    it("takes bids within what it pays, and says which ones it does not take", async () => {
      const wrong = async (options: Options, code: number, message: string) =>
        expectFailure(await chain.run("job:bid", options), code, message);
      await wrong(bid({ price: "" }), 2, "--price is needed");
      await wrong(bid({ price: "free" }), 2, "--price free is not an amount above zero");
      await wrong(
        bid({ price: "2.5" }),
        2,
        `above the 2 LAT that job ${formatJobId(jobId)} pays at most`,
      );
      await wrong({ price: "1", from: ada.address }, 2, "--id <number> is needed");
      await wrong(of(99n, { price: "1" }), 1, "There is no job 99");
      await wrong(bid({ from: jobs.stranger.address }), 1, "MatchmakerNotEligible");
    });

    it("shows a bid's weight, its share, and when bids close", async () => {
      const free = await lattice.vault.freeStake(ada, chain.addresses.contracts.ProviderRegistry);
      const weight = await lattice.matchmaker.weightOf(free, BID, MAX_PRICE);
      const made = await chain.one("job:bid", bid());
      const closesAt = await closing(jobId);
      expect(made).to.include({ price: String(BID), weight: String(weight), bids: 1 });
      expect(made.closesAt).to.equal(closesAt);
      const [stored] = await lattice.matchmaker.bidsOf(chain.addresses.contracts.JobMarket, jobId);
      const { provider, price } = stored ?? {};
      expect([provider, price, stored?.weight]).to.deep.equal([ada.address, BID, weight]);
      const { stdout } = await chain.run("job:bid", bid({ price: "2", from: ben.address }));
      expect(stdout).to.match(/^price +2 LAT of at most 2 LAT$/m);
      // Ben asks four times as much with the same stake.
      expect(stdout).to.match(/^weight +\d+, 20\.00 % of all; bids so far: 2$/m);
      expectFailure(await chain.run("job:bid", bid()), 1, "MatchmakerAlreadyBid");
    });

    it("is awarded by the seed three epochs after bids closed, which the task finds", async () => {
      const open = await chain.run("job:assign", of(jobId));
      expectFailure(open, 1, `job ${formatJobId(jobId)} takes bids until`);
      const closed = await lattice.beacon.currentEpoch();
      await chain.passTo(await closing(jobId));
      const late = await chain.run("job:bid", bid({ from: jobs.stranger.address }));
      expectFailure(late, 1, `the bidding for job ${formatJobId(jobId)} closed at`);
      await jobs.reachEpoch(closed + 2n);
      const early = await chain.run("job:assign", of(jobId));
      expectFailure(early, 1, `the seed of epoch ${closed + 3n} draws job ${formatJobId(jobId)}`);
      await jobs.nextEpoch();
      const assigned = await chain.one("job:assign", of(jobId));
      expect(assigned).to.include({
        call: "award",
        closingEpoch: String(closed),
        epoch: String(closed + 3n),
      });
      const { job } = await findJob(lattice, jobId);
      expect(job.provider).to.equal(assigned.provider);
      const price = { [ada.address]: BID, [ben.address]: MAX_PRICE }[job.provider];
      expect(job.price).to.equal(price);
      expect(assigned.price).to.equal(String(price));
      const again = await chain.run("job:assign", of(jobId));
      expectFailure(
        again,
        1,
        `job ${formatJobId(jobId)} is Assigned: only posted jobs are assigned`,
      );
      const taken = await chain.run("job:bid", bid());
      expectFailure(taken, 1, `job ${formatJobId(jobId)} takes no bids`);
    });

    it("is awarded in the epoch after as well, and no later", async () => {
      const [kept, missed] = [await post({ mode: "auction" }), await post({ mode: "auction" })];
      const closed = await lattice.beacon.currentEpoch();
      await chain.passTo(await closing(missed));
      await jobs.reachEpoch(closed + 4n);
      // Nobody bid, so the pool is drawn from: at the provider's ask.
      expect(await chain.one("job:assign", of(kept))).to.include({ price: String(ASK) });
      await jobs.nextEpoch();
      const past = await chain.run("job:assign", of(missed));
      expectFailure(past, 1, `could be drawn in epochs ${closed + 3n} and ${closed + 4n}`);
    });
  });

  describe("other modes", () => {
    it("a drawn job waits for its seed, then goes to a provider of the pool", async () => {
      const jobId = await post({});
      const bid = await chain.run("job:bid", of(jobId, { price: "1", from: ada.address }));
      expectFailure(bid, 1, `job ${formatJobId(jobId)} takes no bids: its mode is Draw`);
      const { job } = await findJob(lattice, jobId);
      const early = await chain.run("job:assign", of(jobId));
      expectFailure(early, 1, `the seed of epoch ${job.drawEpoch} draws job ${formatJobId(jobId)}`);
      await jobs.reachEpoch(job.drawEpoch);
      const { stdout } = await chain.run("job:assign", of(jobId));
      expect(stdout).to.match(new RegExp(`^job +${formatJobId(jobId)}: Assigned$`, "m"));
      expect(stdout).to.match(/^price +1 LAT of at most 2 LAT$/m);
      const assigned = (await findJob(lattice, jobId)).job.provider;
      expect([ada.address, ben.address]).to.include(assigned);
      expect(stdout).to.match(new RegExp(`^provider +${assigned}$`, "m"));
    });

    it("a direct job is its provider's to take, and no job can be assigned too late", async () => {
      const direct = await post({ mode: "direct", provider: ada.address });
      const named = await chain.run("job:assign", of(direct));
      expectFailure(
        named,
        1,
        `job ${formatJobId(direct)} names ${ada.address}, which takes it itself`,
      );
      const drawn = await post({ assignSeconds: "60" });
      await chain.passTo((await findJob(lattice, drawn)).job.deadline);
      const late = await chain.run("job:assign", of(drawn));
      expectFailure(late, 1, "job:refund returns the payment");
    });
  });
});

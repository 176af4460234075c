import {
  findJob,
  formatJobId,
  JobState,
  jobIdOf,
  type Lattice,
  type Order,
  readJob,
} from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { type JobChain, MAX_PRICE, OUTPUT, openJobChain } from "./support/job-chain.ts";
import { type Options, records, type TaskChain } from "./support/task-chain.ts";

describe("job:settle, job:refund and job:list", function () {
  this.timeout(240_000);

  let jobs: JobChain;
  let chain: TaskChain;
  let lattice: Lattice;
  let ada: HardhatEthersSigner;
  /** Numbers of the jobs, by what became of them. */
  const made: Record<string, bigint> = {};

  const post = async (changes: Options) =>
    BigInt(String((await chain.one("job:post", jobs.posting(changes))).jobId));
  const of = (jobId: bigint, options: Options = {}) => ({ id: jobId, ...options });
  const fails = async (task: string, jobId: bigint, message: string, options: Options = {}) =>
    expectFailure(await chain.run(task, of(jobId, options)), 1, message);
  const depositOf = async (owner: HardhatEthersSigner) =>
    (await lattice.escrow.accountOf(owner, lattice.token)).deposit;
  const deadlineOf = async (jobId: bigint) => (await readJob(lattice, jobId)).deadline;
  const direct = (changes: Options = {}) =>
    post({ mode: "direct", provider: ada.address, ...changes });
  const named = (jobId: bigint) => `job ${formatJobId(jobId)}`;
  const accept = async (order: Order) => {
    await (await chain.as(ada).market.accept(order)).wait();
  };

  before(async () => {
    jobs = await openJobChain(1);
    ({ chain } = jobs);
    lattice = chain.as(jobs.requester);
    const [first] = jobs.providers;
    if (!first) throw new Error("the chain has no provider");
    ada = first;
  });
  after(async () => {
    await chain?.close();
  });

  describe("job:settle", () => {
    it("pays a bonded result once its window has passed, and says until when it waits", async () => {
      const order = await jobs.bondedOrder(ada);
      const { token, escrow, market } = lattice;
      await (await token.approve(escrow, MAX_PRICE)).wait();
      await (await escrow.deposit(token, jobs.requester, MAX_PRICE)).wait();
      await (await escrow.setMarket(market, true)).wait();
      await (await market.post(order)).wait();
      const jobId = jobIdOf(order);
      made.settled = jobId;
      await fails("job:settle", jobId, `${named(jobId)} waits for a provider until`);
      await accept(order);
      await fails("job:settle", jobId, `${ada.address} has until`);
      await (await chain.as(ada).market.commit(order, OUTPUT, id("digest"))).wait();
      await fails("job:settle", jobId, `the result of ${named(jobId)} is final at`);
      await fails("job:refund", jobId, `${named(jobId)} has a bonded result: it is paid from`);
      await chain.passTo(await deadlineOf(jobId));
      const paid = await chain.one("job:settle", of(jobId, { from: jobs.stranger.address }));
      expect(paid).to.include({ call: "settle", state: "Settled", slashed: null });
      const legs = paid.legs as Record<"provider" | "publisher" | "fee" | "refund", string>;
      const { earnings } = await escrow.accountOf(ada, token);
      expect(legs.provider).to.equal(String(earnings));
      const sum = BigInt(legs.provider) + BigInt(legs.publisher) + BigInt(legs.fee);
      expect(sum).to.equal(MAX_PRICE);
      expect(legs.refund).to.equal("0");
      expect(await depositOf(jobs.requester)).to.equal(0n);
      await fails("job:settle", jobId, `${named(jobId)} is Settled: nothing is left to do`);
      await fails("job:refund", jobId, `${named(jobId)} is Settled: nothing is locked for it`);
    });

    it("times out a provider that missed its deadline, and says what was slashed", async () => {
      const jobId = await direct();
      made.timedOut = jobId;
      await accept((await findJob(lattice, jobId)).order);
      await fails("job:refund", jobId, `${ada.address} has ${named(jobId)} and until`);
      await chain.passTo(await deadlineOf(jobId));
      await fails("job:refund", jobId, "job:settle times it out, which draws again or refunds");
      const before = await lattice.token.balanceOf(jobs.stranger);
      const ended = await chain.one("job:settle", of(jobId, { from: jobs.stranger.address }));
      const slashed = parseEther("10");
      expect(ended).to.include({ call: "timeOut", state: "Refunded", slashed: String(slashed) });
      expect(ended).to.include({ provider: ada.address, legs: null });
      // The reporter's bounty is a tenth of it.
      expect(await lattice.token.balanceOf(jobs.stranger)).to.equal(before + slashed / 10n);
    });

    it("says that a drawn job is drawn again after a time-out", async () => {
      const jobId = await post({});
      made.drawnAgain = jobId;
      await jobs.reachEpoch((await readJob(lattice, jobId)).drawEpoch);
      await chain.one("job:assign", of(jobId));
      await chain.passTo(await deadlineOf(jobId));
      const { stdout } = await chain.run("job:settle", of(jobId));
      expect(stdout).to.match(new RegExp(`^job +${formatJobId(jobId)}: Posted$`, "m"));
      expect(stdout).to.match(/^due was +a time-out of 0x\w+: 10 LAT slashed$/m);
      const { drawEpoch, attempt } = await readJob(lattice, jobId);
      expect(attempt).to.equal(1);
      expect(stdout).to.include(`drawn again from the seed of epoch ${drawEpoch} (job:assign)`);
    });
  });

  describe("job:refund", () => {
    it("cancels for the requester what nobody has taken", async () => {
      const jobId = await direct();
      made.cancelled = jobId;
      const before = await depositOf(jobs.requester);
      const stranger = { from: jobs.stranger.address };
      await fails("job:refund", jobId, `only its requester ${jobs.requester.address}`, stranger);
      const refunded = await chain.one("job:refund", of(jobId, { from: jobs.requester.address }));
      expect(refunded).to.include({
        call: "cancel",
        payer: jobs.requester.address,
        amount: String(MAX_PRICE),
      });
      expect(await depositOf(jobs.requester)).to.equal(before + MAX_PRICE);
      expect((await readJob(lattice, jobId)).state).to.equal(JobState.Refunded);
    });

    it("refunds for anyone once the deadline has passed, and says from when it can", async () => {
      const jobId = await post({ assignSeconds: "60" });
      made.expired = jobId;
      const own = { from: jobs.requester.address };
      await jobs.reachEpoch((await readJob(lattice, jobId)).drawEpoch);
      const deadline = await deadlineOf(jobId);
      await fails("job:refund", jobId, `${named(jobId)} can no longer be cancelled`, own);
      await chain.passTo(deadline);
      await fails("job:settle", jobId, `nobody took ${named(jobId)} in time; job:refund returns`);
      const { stdout } = await chain.run("job:refund", of(jobId, { from: jobs.stranger.address }));
      expect(stdout).to.match(new RegExp(`^job +${formatJobId(jobId)}: Refunded$`, "m"));
      expect(stdout).to.match(/^by +refund: nobody took it in time$/m);
      expect(stdout).to.include(`2 LAT to the deposit of ${jobs.requester.address}`);
      expectFailure(await chain.run("job:refund", {}), 2, "--id <number> is needed");
    });
  });

  describe("job:list", () => {
    const list = async (options: Options = {}) =>
      records(await chain.run("job:list", { json: true, ...options }));
    const ids = async (options: Options) => (await list(options)).map(({ jobId }) => jobId);

    it("lists every job with where it stands, oldest first", async () => {
      const [first, ...rest] = await list();
      expect(rest).to.have.lengthOf(4);
      expect(first).to.deep.include({
        jobId: String(made.settled),
        market: "JobMarket",
        state: "Settled",
        mode: "Direct",
        tier: "Optimistic",
        requester: jobs.requester.address,
        providers: [ada.address],
        price: String(MAX_PRICE),
        maxPrice: String(MAX_PRICE),
        deadline: 0,
        modelVersion: jobs.bonded,
      });
    });

    it("filters by state, requester, provider and model", async () => {
      const numbers = (...names: string[]) => names.map((name) => String(made[name]));
      expect(await ids({ state: "refunded" })).to.deep.equal(
        numbers("timedOut", "cancelled", "expired"),
      );
      expect(await ids({ state: "Posted" })).to.deep.equal(numbers("drawnAgain"));
      expect(await ids({ model: jobs.bonded })).to.deep.equal(numbers("settled"));
      expect(await ids({ provider: ada.address })).to.deep.equal(numbers("settled", "timedOut"));
      expect(await ids({ provider: ada.address, state: "Settled" })).to.deep.equal(
        numbers("settled"),
      );
      expect(await ids({ requester: jobs.requester.address })).to.have.lengthOf(5);
      expect(await ids({ requester: ada.address })).to.deep.equal([]);
    });

    it("reads the blocks it is told to, and says how to see earlier ones", async () => {
      const [, second] = await list();
      const block = Number(second?.block);
      const one = await chain.run("job:list", {
        json: true,
        fromBlock: `${block}`,
        toBlock: `${block}`,
      });
      expect(records(one).map(({ jobId }) => jobId)).to.deep.equal([second?.jobId]);
      expect(one.stderr).to.equal(
        `job:list: jobs posted before block ${block}: --to-block ${block - 1}\n`,
      );
      expect(await ids({ toBlock: `${block - 1}` })).to.deep.equal([String(made.settled)]);
    });

    it("reads well without --json", async () => {
      const { stdout } = await chain.run("job:list", { state: "Settled" });
      expect(stdout.split("\n")[0]).to.match(
        /^job +state +mode +tier +requester +provider +price +deadline$/,
      );
      expect(stdout).to.match(
        new RegExp(
          `^${formatJobId(made.settled ?? 0n)} +Settled +Direct +Optimistic +${jobs.requester.address} +${ada.address} +2 LAT +none$`,
          "m",
        ),
      );
      const none = await chain.run("job:list", { requester: ada.address });
      expect(none.stdout).to.match(/^There is no such job in blocks \d+ to \d+\.$/m);
    });

    it("reads the newest 50000 blocks, range by range, and tells how far it is", async () => {
      await chain.mine(60_000);
      const { stdout, stderr } = await chain.run("job:list");
      const lines = stderr.trim().split("\n");
      const [, first, last] = /in blocks (\d+) to (\d+)/.exec(stdout)?.map(Number) ?? [];
      if (first === undefined || last === undefined) throw new Error(`no range in: ${stdout}`);
      expect(last - first).to.equal(49_999);
      expect(lines).to.have.lengthOf(26);
      expect(lines[0]).to.equal(`job:list: read to block ${first + 1999} of ${last}`);
      expect(lines[24]).to.equal(`job:list: read to block ${last} of ${last}`);
      expect(lines[25]).to.equal(
        `job:list: jobs posted before block ${first}: --to-block ${first - 1}`,
      );
      expect(await ids({ toBlock: `${first - 1}` })).to.have.lengthOf(5);
    });

    it("says what is wrong with a filter", async () => {
      const wrong = async (options: Options, message: string) =>
        expectFailure(await chain.run("job:list", options), 2, message);
      await wrong({ state: "lost" }, "--state lost is none of Posted, Assigned, Committed");
      await wrong({ requester: "me" }, "--requester me is not an address");
      await wrong({ provider: "0x12" }, "--provider 0x12 is not an address");
      await wrong({ model: "0x12" }, "--model 0x12 is not a 32-byte id");
      await wrong({ fromBlock: "1000000" }, "--from-block 1000000 is after the last block to read");
      await wrong({ toBlock: "last" }, "--to-block last is not a whole number");
    });
  });
});

import {
  AssignmentMode,
  answerCommitment,
  type Lattice,
  type Order,
  QuorumState,
  readQuorumJob,
  Tier,
} from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { ASK, type JobChain, MAX_PRICE, OUTPUT, openJobChain } from "./support/job-chain.ts";
import { type Options, records, type TaskChain } from "./support/task-chain.ts";

const SALT = id("salt");
const SIZE = 3;

describe("job tasks with --quorum", function () {
  this.timeout(240_000);

  let jobs: JobChain;
  let chain: TaskChain;
  let lattice: Lattice;
  let order: Order;

  const of = (jobId: bigint, options: Options = {}) => ({ id: jobId, quorum: true, ...options });
  const fails = async (task: string, jobId: bigint, message: string, options: Options = {}) =>
    expectFailure(await chain.run(task, of(jobId, options)), 1, message);
  const stand = (jobId: bigint) => readQuorumJob(lattice.quorum, jobId);
  const post = async (): Promise<bigint> => {
    await (await lattice.quorum.post(order)).wait();
    return await lattice.quorum.jobCount();
  };
  const members = async (jobId: bigint) => {
    const drawn = (await stand(jobId)).members.map(({ provider }) => provider);
    return drawn.map((address) => {
      const found = jobs.providers.find((provider) => provider.address === address);
      if (!found) throw new Error(`${address} is no provider of this chain`);
      return found;
    });
  };
  const commit = async (jobId: bigint, member: HardhatEthersSigner) => {
    const market = chain.addresses.contracts.QuorumMarket;
    const place = { chainId: 31337, market, jobId, attempt: 0, provider: member.address };
    const commitment = answerCommitment(place, OUTPUT, SALT);
    await (await chain.as(member).quorum.commit(jobId, order, commitment)).wait();
  };

  before(async () => {
    jobs = await openJobChain(SIZE);
    ({ chain } = jobs);
    lattice = chain.as(jobs.requester);
    const [first] = jobs.providers;
    if (!first) throw new Error("the chain has no provider");
    order = await jobs.bondedOrder(first, {
      ...{ tier: Tier.Quorum, mode: AssignmentMode.Draw, provider: ZeroAddress, redundancy: SIZE },
      ...{ proveSeconds: 300, challengeSeconds: 0 },
    });
    const { token, escrow, quorum } = lattice;
    const total = MAX_PRICE * BigInt(4 * SIZE);
    await (await token.approve(escrow, total)).wait();
    await (await escrow.deposit(token, jobs.requester, total)).wait();
    await (await escrow.setMarket(quorum, true)).wait();
  });
  after(async () => {
    await chain?.close();
  });

  it("draw the members, and end the round that they answered", async () => {
    const jobId = await post();
    const { drawEpoch } = await stand(jobId);
    await fails("job:assign", jobId, `the seed of epoch ${drawEpoch} draws job ${jobId}`);
    await fails("job:settle", jobId, `job ${jobId} is Posted: no round is under way`);
    await jobs.reachEpoch(drawEpoch);
    const assigned = await chain.one("job:assign", of(jobId));
    const drawn = await members(jobId);
    expect(assigned.members).to.deep.equal(
      drawn.map(({ address }) => ({ provider: address, price: String(ASK) })),
    );
    await fails("job:assign", jobId, `job ${jobId} is Committing: only posted jobs`);
    await fails("job:refund", jobId, `job ${jobId} is Committing: only posted jobs`);
    for (const member of drawn) await commit(jobId, member);
    await fails("job:settle", jobId, `job ${jobId} is Revealing: its round can be ended from`);
    for (const member of drawn) {
      const { quorum } = chain.as(member);
      await (await quorum.reveal(jobId, order, OUTPUT, id("digest"), SALT)).wait();
    }
    const ended = await chain.one("job:settle", of(jobId));
    expect(ended).to.include({ call: "finalise", state: "Settled", votes: "3" });
    const { provider, publisher, fee } = ended.legs as Record<string, string>;
    const sum = BigInt(provider ?? 0) + BigInt(publisher ?? 0) + BigInt(fee ?? 0);
    expect(sum).to.equal(ASK * BigInt(SIZE));
  });

  it("end a round that too few answered", async () => {
    const jobId = await post();
    await jobs.reachEpoch((await stand(jobId)).drawEpoch);
    await chain.one("job:assign", of(jobId));
    const [first] = await members(jobId);
    if (!first) throw new Error("nobody was drawn");
    await commit(jobId, first);
    await chain.passTo((await stand(jobId)).deadline);
    const { stdout } = await chain.run("job:settle", of(jobId));
    expect(stdout).to.match(new RegExp(`^job +${jobId} of QuorumMarket: Posted$`, "m"));
    expect(stdout).to.match(/^agreed +no majority$/m);
    expect((await stand(jobId)).attempt).to.equal(1);
  });

  it("cancel and refund what was not drawn", async () => {
    const [cancelled, expired] = [await post(), await post()];
    const own = { from: jobs.requester.address };
    const done = await chain.one("job:refund", of(cancelled, own));
    const amount = String(MAX_PRICE * BigInt(SIZE));
    expect(done).to.include({ call: "cancel", payer: jobs.requester.address, amount });
    await jobs.reachEpoch((await stand(expired)).drawEpoch);
    await fails("job:refund", expired, `job ${expired} can no longer be cancelled`, own);
    await chain.passTo((await stand(expired)).deadline);
    await fails("job:assign", expired, "job:refund returns the payment");
    expect(await chain.one("job:refund", of(expired))).to.include({ call: "refund", amount });
    expect((await stand(expired)).state).to.equal(QuorumState.Refunded);
    await fails("job:refund", 99n, "There is no job 99 in this quorum market");
  });

  it("list them apart from the market's", async () => {
    const list = async (options: Options = {}) =>
      records(await chain.run("job:list", { json: true, quorum: true, ...options }));
    const all = await list();
    expect(all.map(({ state }) => state)).to.deep.equal([
      "Settled",
      "Posted",
      "Refunded",
      "Refunded",
    ]);
    expect(all[0]).to.include({ market: "QuorumMarket", tier: "Quorum", mode: "Draw" });
    expect(all[0]?.providers).to.have.members(jobs.providers.map(({ address }) => address));
    expect(await list({ state: "committing" })).to.deep.equal([]);
    const wrong = await chain.run("job:list", { quorum: true, state: "Committed" });
    expectFailure(wrong, 2, "--state Committed is none of Posted, Committing, Revealing");
    expect(records(await chain.run("job:list", { json: true }))).to.deep.equal([]);
  });
});

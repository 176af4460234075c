import { formatJobId, jobClaim, jobIdOf, type Lattice, type Order } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { type JobChain, MAX_PRICE, OUTPUT, openJobChain } from "./support/job-chain.ts";
import type { Options, TaskChain } from "./support/task-chain.ts";

describe("job:demand-output", function () {
  this.timeout(240_000);

  let jobs: JobChain;
  let chain: TaskChain;
  let lattice: Lattice;
  let ada: HardhatEthersSigner;
  let order: Order;

  const options = (changes: Options = {}) => ({
    ...{ id: jobIdOf(order), from: jobs.requester.address },
    ...changes,
  });
  const refused = async (changes: Options, code: number, message: string) =>
    expectFailure(await chain.run("job:demand-output", options(changes)), code, message);

  before(async () => {
    jobs = await openJobChain(1);
    ({ chain } = jobs);
    lattice = chain.as(jobs.requester);
    const [first] = jobs.providers;
    if (!first) throw new Error("the chain has no provider");
    ada = first;
    order = await jobs.bondedOrder(ada);
    const { token, escrow, market } = lattice;
    await (await token.approve(escrow, MAX_PRICE)).wait();
    await (await escrow.deposit(token, jobs.requester, MAX_PRICE)).wait();
    await (await escrow.setMarket(market, true)).wait();
    await (await market.post(order)).wait();
    const as = chain.as(ada).market;
    await (await as.accept(order)).wait();
    await (await as.commit(order, OUTPUT, id("digest"))).wait();
  });
  after(async () => {
    await chain?.close();
  });

  it("says what is wrong before it sends anything", async () => {
    const before = await chain.head();
    await refused({ chunks: "0" }, 2, "--chunks 0 demands nothing");
    await refused({ firstChunk: "x" }, 2, "--first-chunk x is not a whole number");
    const only = `only its requester ${jobs.requester.address} may demand the output of job ${formatJobId(jobIdOf(order))}`;
    await refused({ from: jobs.stranger.address }, 1, only);
    await refused({ chunks: "99" }, 1, "holds 98 LAT, the bond is 99 LAT");
    expect(await chain.head()).to.equal(before);
  });

  it("takes the bond, and says until when the provider has to publish", async () => {
    const { token, disputes, addresses } = lattice;
    const before = await token.balanceOf(jobs.requester);
    const demanded = await chain.one("job:demand-output", options({ chunks: "2" }));
    const { subject } = jobClaim(order);
    const { JobMarket } = addresses.contracts;
    const demand = await disputes.demandOf(JobMarket, subject, false);
    expect(demanded).to.deep.include({
      ...{ subject, provider: ada.address, firstChunk: 0, chunks: 2 },
      ...{ bond: String(parseEther("2")), deadline: Number(demand.deadline) },
    });
    expect(demand.asker).to.equal(jobs.requester.address);
    expect(demand.chunkCount).to.equal(2n);
    expect(before - (await token.balanceOf(jobs.requester))).to.equal(parseEther("2"));
    await refused({}, 1, "DisputeGameInvalidDemand");
  });
});

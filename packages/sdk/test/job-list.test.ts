import { expect } from "chai";
import { type Interface, id, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import {
  AssignmentMode,
  interfaceOf,
  type JobMarketName,
  type JobQuery,
  JobState,
  type Lattice,
  type ListedJob,
  type ListProgress,
  listJobs,
  ORDER_DEFAULTS,
  ORDER_TYPES,
  type Order,
  QuorumState,
  SdkError,
  Tier,
} from "../src/index.ts";
import { BOOK } from "./helpers/book.ts";

const RITA = `0x${"11".repeat(20)}`;
const RON = `0x${"12".repeat(20)}`;
const ADA = `0x${"aA".repeat(20)}`.toLowerCase();
const BEN = `0x${"bb".repeat(20)}`;
const HEAD = 99;

const order: Order = {
  ...ORDER_DEFAULTS,
  requester: RITA,
  modelVersion: id("model"),
  inputCommitment: id("input"),
  inputDigest: id("bytes"),
  paymentToken: `0x${"55".repeat(20)}`,
  maxPrice: 9n,
  collateral: 1n,
  tier: Tier.Zk,
  mode: AssignmentMode.Draw,
  assignSeconds: 600,
  commitSeconds: 60,
  proveSeconds: 60,
};

interface Posted {
  readonly block: number;
  readonly order: Order;
}

const JOBS: readonly Posted[] = [
  { block: 3, order },
  { block: 40, order: { ...order, requester: RON } },
  { block: 41, order: { ...order, mode: AssignmentMode.Direct, provider: ADA } },
  { block: 99, order: { ...order, modelVersion: id("other") } },
];

/** State of each job of JobMarket, by number. */
const STATES = [
  { state: JobState.Settled, provider: BEN, price: 5n, deadline: 0n },
  { state: JobState.Assigned, provider: ADA, price: 6n, deadline: 70n },
  { state: JobState.Posted, provider: ZeroAddress, price: 0n, deadline: 80n },
  { state: JobState.Posted, provider: ZeroAddress, price: 0n, deadline: 90n },
];

function logOf(market: JobMarketName, { block, order: posted }: Posted, index: number) {
  const event = market === "JobMarket" ? "JobPosted" : "QuorumPosted";
  const abi: Interface = interfaceOf(market);
  const values = ORDER_TYPES.Order.map(({ name }) => posted[name as keyof Order]);
  const { requester, modelVersion } = posted;
  const encoded = abi.encodeEventLog(event, [index + 1, requester, modelVersion, values]);
  const transactionHash = id(`transaction ${index}`);
  const place = { blockNumber: block, blockHash: toBeHex(block, 32), transactionHash, index: 0 };
  return { address: BOOK.contracts[market], removed: false, ...place, ...encoded };
}

/** A deployment whose node answers for at most `most` blocks at a time, and keeps what it was asked. */
function deployment(most = Number.POSITIVE_INFINITY) {
  const asked: string[] = [];
  const logs = (["JobMarket", "QuorumMarket"] as const).flatMap((market) =>
    JOBS.map((posted, index) => logOf(market, posted, index)),
  );
  const provider = {
    getBlock: async (tag: number | "latest") => {
      const number = tag === "latest" ? HEAD : tag;
      return { number, hash: toBeHex(number, 32), parentHash: ZeroHash };
    },
    getLogs: async (filter: { fromBlock: number; toBlock: number; topics: unknown[] }) => {
      const { fromBlock, toBlock, topics } = filter;
      asked.push(`${fromBlock}-${toBlock}`);
      if (toBlock - fromBlock >= most) throw new Error("range too large");
      return logs.filter(
        (log) =>
          log.blockNumber >= fromBlock &&
          log.blockNumber <= toBlock &&
          topics.every((topic, at) => topic === null || topic === log.topics[at]),
      );
    },
  };
  const market = {
    jobOf: async (jobId: bigint) => ({
      ...{ attempt: 0n, drawEpoch: 0n, protocolFeePpm: 0n },
      outputCommitment: ZeroHash,
      ...STATES[Number(jobId) - 1],
      state: BigInt(STATES[Number(jobId) - 1]?.state ?? 0),
    }),
  };
  const quorum = {
    jobOf: async (jobId: bigint) => ({
      ...{ attempt: 0n, drawEpoch: 0n, protocolFeePpm: 0n, deadline: 60n },
      outputCommitment: ZeroHash,
      state: BigInt(jobId === 1n ? QuorumState.Committing : QuorumState.Posted),
      members:
        jobId === 1n
          ? [ADA, BEN, RON].map((member, at) => ({ provider: member, price: BigInt(at + 1) }))
          : [],
    }),
  };
  const lattice = { addresses: BOOK, runner: { provider }, market, quorum };
  return { lattice: lattice as unknown as Lattice, asked };
}

async function listed(query: JobQuery = {}, { lattice } = deployment()): Promise<ListedJob[]> {
  const jobs: ListedJob[] = [];
  for await (const job of listJobs(lattice, query)) jobs.push(job);
  return jobs;
}

const ids = (jobs: readonly ListedJob[]) => jobs.map(({ jobId }) => Number(jobId));

describe("listing jobs", () => {
  it("tells each job's order, present state, price and provider, oldest first", async () => {
    const jobs = await listed();
    expect(ids(jobs)).to.deep.equal([1, 2, 3, 4]);
    expect(jobs.map(({ block }) => block)).to.deep.equal([3, 40, 41, 99]);
    expect(jobs.map(({ state }) => state)).to.deep.equal([
      "Settled",
      "Assigned",
      "Posted",
      "Posted",
    ]);
    expect(jobs.map(({ providers }) => providers.map((each) => each.toLowerCase()))).to.deep.equal([
      [BEN],
      [ADA],
      [ADA],
      [],
    ]);
    expect(jobs.map(({ price }) => price)).to.deep.equal([5n, 6n, 0n, 0n]);
    expect(jobs.map(({ deadline }) => deadline)).to.deep.equal([0, 70, 80, 90]);
    expect(jobs[3]?.order.modelVersion).to.equal(id("other"));
  });

  it("keeps those of a state, requester, provider, model, or range of blocks", async () => {
    expect(ids(await listed({ state: "Posted" }))).to.deep.equal([3, 4]);
    expect(ids(await listed({ requester: RON }))).to.deep.equal([2]);
    expect(ids(await listed({ provider: ADA }))).to.deep.equal([2, 3]);
    expect(ids(await listed({ modelVersion: id("model") }))).to.deep.equal([1, 2, 3]);
    expect(ids(await listed({ fromBlock: 4, toBlock: 41 }))).to.deep.equal([2, 3]);
    expect(ids(await listed({ state: "Posted", provider: ADA, requester: RITA }))).to.deep.equal([
      3,
    ]);
    expect(await listed({ fromBlock: 4, toBlock: 39 })).to.deep.equal([]);
  });

  it("lists redundant jobs with all their members, and what they ask together", async () => {
    const [first, second] = await listed({ market: "QuorumMarket" });
    expect(first).to.deep.include({ market: "QuorumMarket", state: "Committing", price: 6n });
    expect(first?.providers).to.deep.equal([ADA, BEN, RON]);
    expect(second).to.deep.include({ state: "Posted", price: 0n });
    expect(ids(await listed({ market: "QuorumMarket", provider: BEN }))).to.deep.equal([1]);
  });

  it("reads in bounded ranges, and tells how far it is", async () => {
    const seen: ListProgress[] = [];
    const chain = deployment();
    const query = { maxRange: 40, onProgress: (progress: ListProgress) => seen.push(progress) };
    expect(ids(await listed(query, chain))).to.deep.equal([1, 2, 3, 4]);
    expect(chain.asked).to.deep.equal(["0-39", "40-79", "80-99"]);
    expect(seen).to.deep.equal([
      { from: 0, to: 39, last: 99 },
      { from: 40, to: 79, last: 99 },
      { from: 80, to: 99, last: 99 },
    ]);
  });

  it("asks for less when the node refuses, and misses nothing", async () => {
    const chain = deployment(20);
    expect(ids(await listed({ maxRange: 80 }, chain))).to.deep.equal([1, 2, 3, 4]);
    expect(chain.asked.slice(0, 4)).to.deep.equal(["0-79", "0-39", "0-19", "20-39"]);
  });

  it("gives up when the node does not answer even for one block", async () => {
    try {
      await listed({}, deployment(0));
    } catch (error) {
      expect(error).to.be.instanceOf(SdkError);
      expect((error as SdkError).code).to.equal("RPC_FAILED");
      expect((error as SdkError).metadata).to.deep.equal({ block: 0 });
      return;
    }
    throw new Error("nothing was thrown");
  });
});

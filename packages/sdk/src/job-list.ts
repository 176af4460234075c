import { ZeroAddress } from "ethers";
import type { Lattice } from "./client.ts";
import { SdkError } from "./errors.ts";
import type { TrackedBlock } from "./events/cursor.ts";
import { compileFilters } from "./events/filters.ts";
import { ChainReader } from "./events/reader.ts";
import type { LatticeEvent } from "./events/types.ts";
import { readJob } from "./jobs.ts";
import {
  AssignmentMode,
  type DecodedOrder,
  JobState,
  jobStateName,
  type Order,
  orderFromDecoded,
} from "./order.ts";
import { quorumStateName, readQuorumJob } from "./quorum.ts";

/** Markets whose jobs are listed: JobMarket knows them by the hash of their order, QuorumMarket counts them. */
export type JobMarketName = "JobMarket" | "QuorumMarket";

/** A job as it stands, with the order it was posted with. */
export interface ListedJob {
  readonly market: JobMarketName;
  readonly jobId: bigint;
  /** Block in which it was posted. */
  readonly block: number;
  /** Name of its state (`JobState`, `QuorumState`). */
  readonly state: string;
  /** Who has or had it; while it is posted in mode Direct, whom it names. */
  readonly providers: readonly string[];
  /** Agreed price, all legs included, in the smallest token unit: of all providers together, zero while there is none. */
  readonly price: bigint;
  /** Unix seconds; zero in final states. */
  readonly deadline: number;
  readonly order: Order;
}

/** Blocks that were read, and the last one that will be. */
export interface ListProgress {
  readonly from: number;
  readonly to: number;
  readonly last: number;
}

export interface JobQuery {
  /** Default: JobMarket. */
  readonly market?: JobMarketName;
  /** Default: the block that the deployment began in. */
  readonly fromBlock?: number;
  /** Default: the newest block. */
  readonly toBlock?: number;
  readonly requester?: string;
  readonly modelVersion?: string;
  readonly provider?: string;
  /** Name of a state. */
  readonly state?: string;
  /** Most blocks in one request; halves when the node refuses. Default: 2000. */
  readonly maxRange?: number;
  /** Called after each request. */
  readonly onProgress?: (progress: ListProgress) => void;
  readonly signal?: AbortSignal;
}

interface PostedJob {
  readonly jobId: bigint;
  readonly block: number;
  readonly order: Order;
}

/** Jobs whose state is read at the same time. */
const AT_ONCE = 32;

function readerOf(lattice: Lattice, query: JobQuery) {
  const { market = "JobMarket", requester, modelVersion, maxRange = 2000, signal } = query;
  const { provider } = lattice.runner;
  if (!provider) throw new TypeError("The runner has no provider to read events from.");
  const args = {
    ...(requester === undefined ? {} : { requester }),
    ...(modelVersion === undefined ? {} : { modelVersion }),
  };
  const filters = compileFilters(lattice.addresses, [
    market === "JobMarket"
      ? { contract: market, event: "JobPosted", args }
      : { contract: market, event: "QuorumPosted", args },
  ]);
  const reader = new ChainReader({ provider, filters, maxRange, requestGapMs: 0, signal });
  return { reader, decode: filters.decode };
}

function postedIn({ args, blockNumber }: LatticeEvent): PostedJob {
  const { jobId, order } = args as unknown as { jobId: bigint; order: DecodedOrder };
  return { jobId, block: blockNumber, order: orderFromDecoded(order) };
}

/** Posted jobs, range by range, oldest first. */
async function* postedJobs(lattice: Lattice, query: JobQuery): AsyncGenerator<PostedJob[]> {
  const { reader, decode } = readerOf(lattice, query);
  const { fromBlock = lattice.addresses.fromBlock, onProgress } = query;
  const last = query.toBlock ?? (await reader.header("latest")).number;
  for (let from = fromBlock; from <= last; ) {
    const to = Math.min(last, from + reader.rangeSize - 1);
    let blocks: TrackedBlock[];
    try {
      blocks = await reader.range(from, to);
    } catch (cause) {
      query.signal?.throwIfAborted();
      if (reader.shrinkRange()) continue;
      throw new SdkError("RPC_FAILED", `The node does not answer for block ${from}.`, {
        ...{ cause, retryable: true },
        metadata: { block: from },
      });
    }
    yield blocks.flatMap(({ logs }) => logs.map((log) => postedIn(decode(log))));
    onProgress?.({ from, to, last });
    from = to + 1;
  }
}

async function singleStanding(lattice: Lattice, { jobId, order }: PostedJob) {
  const { state, provider, price, deadline } = await readJob(lattice, jobId);
  const isNamed = state === JobState.Posted && order.mode === AssignmentMode.Direct;
  const has = isNamed ? order.provider : provider;
  return {
    ...{ state: jobStateName(state), price, deadline },
    providers: has === ZeroAddress ? [] : [has],
  };
}

async function quorumStanding(lattice: Lattice, { jobId }: PostedJob) {
  const { state, deadline, members } = await readQuorumJob(lattice.quorum, jobId);
  return {
    ...{ state: quorumStateName(state), deadline },
    providers: members.map(({ provider }) => provider),
    price: members.reduce((sum, { price }) => sum + price, 0n),
  };
}

function isWanted({ state, provider }: JobQuery, job: ListedJob): boolean {
  const sought = provider?.toLowerCase();
  return (
    (state === undefined || job.state === state) &&
    (sought === undefined || job.providers.some((each) => each.toLowerCase() === sought))
  );
}

/**
 * Jobs of a market, from its events, with their present state; oldest first.
 * Throws `SdkError` RPC_FAILED when the node does not answer even for one block.
 */
export async function* listJobs(
  lattice: Lattice,
  query: JobQuery = {},
): AsyncGenerator<ListedJob, void, undefined> {
  const { market = "JobMarket" } = query;
  const standing = market === "JobMarket" ? singleStanding : quorumStanding;
  for await (const posted of postedJobs(lattice, query)) {
    for (let at = 0; at < posted.length; at += AT_ONCE) {
      const jobs = await Promise.all(
        posted
          .slice(at, at + AT_ONCE)
          .map(async (job) => ({ market, ...job, ...(await standing(lattice, job)) })),
      );
      yield* jobs.filter((job) => isWanted(query, job));
    }
  }
}

import { toBeHex } from "ethers";
import type { Lattice } from "./client.ts";
import { SdkError } from "./errors.ts";
import {
  type DecodedOrder,
  hashOrder,
  type JobState,
  type Order,
  orderFromDecoded,
} from "./order.ts";
import { type QuorumJob, readQuorumJob } from "./quorum.ts";

/** On-chain state of a job. Field meanings and units are those of the contracts' `Job`. */
export interface Job {
  readonly provider: string;
  readonly state: JobState;
  readonly attempt: number;
  /** Unix seconds; zero when the state has no deadline. */
  readonly deadline: number;
  readonly drawEpoch: bigint;
  readonly price: bigint;
  readonly protocolFeePpm: bigint;
  readonly outputCommitment: string;
}

/** Id of the job that a posted order becomes: its EIP-712 struct hash, as a number. */
export function jobIdOf(order: Order): bigint {
  return BigInt(hashOrder(order));
}

/** A job id as people read it: the order's hash; ids that only count, as QuorumMarket's do, stay decimal. */
export function formatJobId(jobId: bigint): string {
  return jobId < 2n ** 64n ? `${jobId}` : toBeHex(jobId, 32);
}

/** State of a job. Throws `SdkError` JOB_UNKNOWN when it was never posted. */
export async function readJob(lattice: Lattice, jobId: bigint): Promise<Job> {
  const job = await lattice.market.jobOf(jobId);
  if (job.state === 0n) {
    throw new SdkError(
      "JOB_UNKNOWN",
      `There is no job ${formatJobId(jobId)} in this market; job:list shows those that there are.`,
      {
        metadata: { jobId },
      },
    );
  }
  return {
    provider: job.provider,
    state: Number(job.state) as JobState,
    attempt: Number(job.attempt),
    deadline: Number(job.deadline),
    drawEpoch: job.drawEpoch,
    price: job.price,
    protocolFeePpm: job.protocolFeePpm,
    outputCommitment: job.outputCommitment,
  };
}

/** A job and the order it was posted with (from its JobPosted event). Throws `SdkError` JOB_UNKNOWN. */
export async function findJob(
  lattice: Lattice,
  jobId: bigint,
): Promise<{ job: Job; order: Order }> {
  const { market, addresses } = lattice;
  const job = await readJob(lattice, jobId);
  const events = await market.queryFilter(market.filters.JobPosted(jobId), addresses.fromBlock);
  return { job, order: postedOrder("JobPosted", jobId, events) };
}

/** A redundant job and the order it was posted with (from its QuorumPosted event). Throws `SdkError` JOB_UNKNOWN. */
export async function findQuorumJob(
  { quorum, addresses }: Lattice,
  jobId: bigint,
): Promise<{ job: QuorumJob; order: Order }> {
  const job = await readQuorumJob(quorum, jobId);
  const events = await quorum.queryFilter(quorum.filters.QuorumPosted(jobId), addresses.fromBlock);
  return { job, order: postedOrder("QuorumPosted", jobId, events) };
}

function postedOrder(
  event: string,
  jobId: bigint,
  [posted]: readonly { readonly args: { readonly order: DecodedOrder } }[],
): Order {
  if (posted) return orderFromDecoded(posted.args.order);
  throw new SdkError(
    "JOB_UNKNOWN",
    `The node has no ${event} event of job ${formatJobId(jobId)}; use a node that keeps its logs.`,
    { retryable: true, metadata: { jobId } },
  );
}

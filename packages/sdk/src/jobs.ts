import type { Lattice } from "./client.ts";
import { SdkError } from "./errors.ts";
import { hashOrder, type JobState, type Order, orderFromDecoded } from "./order.ts";

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

/** State of a job. Throws `SdkError` JOB_UNKNOWN when it was never posted. */
export async function readJob(lattice: Lattice, jobId: bigint): Promise<Job> {
  const job = await lattice.market.jobOf(jobId);
  if (job.state === 0n) {
    throw new SdkError(
      "JOB_UNKNOWN",
      `There is no job ${jobId} in this market; see its number with job:post or its events.`,
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
  const job = await readJob(lattice, jobId);
  const [posted] = await lattice.market.queryFilter(
    lattice.market.filters.JobPosted(jobId),
    lattice.addresses.fromBlock,
  );
  if (!posted) {
    throw new SdkError(
      "JOB_UNKNOWN",
      `The node has no JobPosted event of job ${jobId}; use a node that keeps its logs.`,
      {
        retryable: true,
        metadata: { jobId },
      },
    );
  }
  return { job, order: orderFromDecoded(posted.args.order) };
}

import type { Order } from "./order.ts";

/** Ids run from 1 in each market. */
export type JobId = bigint;

/** States of a job; values of the contracts' `JobState`. Settled and Refunded are final. */
export const JobState = {
  None: 0,
  Posted: 1,
  Assigned: 2,
  Committed: 3,
  Challengeable: 4,
  Settled: 5,
  Refunded: 6,
} as const;
export type JobState = (typeof JobState)[keyof typeof JobState];
export type JobStateName = keyof typeof JobState;

const STATE_NAMES = Object.keys(JobState) as JobStateName[];

export function stateName(state: JobState): JobStateName {
  return STATE_NAMES[state] as JobStateName;
}

/** A job's id as people read it: the hash of its order. */
export function jobText(jobId: JobId): string {
  return `0x${jobId.toString(16).padStart(64, "0")}`;
}

/** What the market stores of a job. */
export interface Job {
  /** Zero address while Posted. */
  readonly provider: string;
  readonly state: JobState;
  /** How often it was reassigned after a slash. */
  readonly attempt: number;
  /** Unix seconds after which anyone may move the job on; 0 in final states. */
  readonly deadline: number;
  /** First epoch whose seed may draw it. */
  readonly drawEpoch: bigint;
  /** All legs included, smallest token unit; 0 while Posted. */
  readonly price: bigint;
  readonly protocolFeePpm: bigint;
  /** Zero until Committed. */
  readonly outputCommitment: string;
}

/** Groth16 proof: a (2 words), b (4 words, imaginary part first), c (2 words). */
export type Proof = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** A finished run that may be committed. */
export interface Result {
  readonly outputCommitment: string;
  /** SHA-256 of the output artifact, which the store holds. */
  readonly outputDigest: string;
}

/** What a provider remembers of a job between restarts. The chain decides where the job stands. */
export interface JobProgress {
  readonly jobId: JobId;
  readonly order: Order;
  readonly result?: Result;
  readonly proof?: Proof;
}

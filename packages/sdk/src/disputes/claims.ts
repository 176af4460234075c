import { AbiCoder, ParamType } from "ethers";
import { hashOrder, ORDER_TYPES, type Order } from "../order.ts";
import { jobSubject, sessionTree } from "../session-jobs.ts";
import type { BatchRecord, ServedOrder } from "../settlement.ts";
import { batchJob, JobsTree } from "../signing/jobs-tree.ts";
import { VOUCHER_TYPES, type Voucher } from "../signing/voucher.ts";

/** One job of a claimed batch, as the contracts' `BatchJob`. */
export interface BatchJob {
  /** The batch as it stands now. */
  readonly record: BatchRecord;
  readonly order: Order;
  readonly outputCommitment: string;
  readonly outputDigest: string;
  /** Place among the jobs under the record's root. */
  readonly index: number;
  /** How many those are: the record's count when it was claimed. */
  readonly jobs: number;
  /** Siblings from the job's leaf up. */
  readonly proof: readonly string[];
}

/** One job under the voucher that was redeemed last, as the contracts' `SessionJob`. */
export interface SessionJob {
  readonly voucher: Voucher;
  readonly index: bigint;
  readonly outputCommitment: string;
  /** Siblings from the job's leaf up. */
  readonly proof: readonly string[];
}

/** Names one result to the dispute game, and says which it is. */
export interface DisputeClaim {
  /** What the game calls the result. */
  readonly subject: string;
  /** ABI-encoded. */
  readonly claim: string;
}

const tuple = (members: readonly { readonly name: string; readonly type: string }[]) =>
  `tuple(${members.map(({ name, type }) => `${type} ${name}`).join(", ")})`;

const ORDER = tuple(ORDER_TYPES.Order);
const RECORD =
  "tuple(address provider, address token, address payout, address royaltyRecipient, uint96 price, uint32 count, uint96 collateral, uint40 releaseAt, uint32 royaltyPpm, uint32 protocolFeePpm, bytes32 jobsRoot)";
const BATCH_JOB = `tuple(${RECORD} record, ${ORDER} order, bytes32 outputCommitment, bytes32 outputDigest, uint32 index, uint32 jobs, bytes32[] proof)`;
const SESSION_JOB = `tuple(${tuple(VOUCHER_TYPES.Voucher)} voucher, uint64 index, bytes32 outputCommitment, bytes32[] proof)`;

const encode = (type: string, value: object) =>
  AbiCoder.defaultAbiCoder().encode([ParamType.from(type)], [value]);

/** Claim of a job of JobMarket: its order. */
export function jobClaim(order: Order): DisputeClaim {
  return { subject: hashOrder(order), claim: encode(ORDER, order) };
}

/** Claim of one job of a batch of OrderSettlement. */
export function batchClaim(job: BatchJob): DisputeClaim {
  return { subject: hashOrder(job.order), claim: encode(BATCH_JOB, job) };
}

/**
 * The job at `index` of a batch.
 * @param record The batch as it stands now.
 * @param served All accepted orders of the batch when it was claimed, in their order, with their results.
 * @throws RangeError when there is no job at `index`.
 */
export function batchJobOf(
  record: BatchRecord,
  served: readonly Pick<ServedOrder, "order" | "outputCommitment" | "outputDigest">[],
  index: number,
): BatchJob {
  const leaves = served.map(({ order, outputCommitment, outputDigest }, i) =>
    batchJob(i, hashOrder(order), outputCommitment, outputDigest),
  );
  const { siblings, count } = new JobsTree(leaves).proof(index);
  const job = served[index];
  if (!job) throw new RangeError(`There is no job ${index} among ${count}.`);
  const { order, outputCommitment, outputDigest } = job;
  return { record, order, outputCommitment, outputDigest, index, jobs: count, proof: siblings };
}

/** The batch without a job that was punished. */
export function recordWithout(record: BatchRecord, order: Pick<Order, "collateral">): BatchRecord {
  return {
    ...record,
    count: record.count - 1n,
    collateral: record.collateral - order.collateral,
  };
}

/** Claim of one job of a session of VoucherSettlement. */
export function sessionClaim(job: SessionJob): DisputeClaim {
  return {
    subject: jobSubject(job.voucher.session, job.index),
    claim: encode(SESSION_JOB, job),
  };
}

/**
 * The job at `index` of a session.
 * @param voucher The one that was redeemed last.
 * @param outputCommitments Of all its jobs, in their order.
 * @throws RangeError when there is no job at `index`.
 */
export function sessionJobOf(
  voucher: Voucher,
  outputCommitments: readonly string[],
  index: number,
): SessionJob {
  const { siblings } = sessionTree(voucher.session, outputCommitments).proof(index);
  const outputCommitment = outputCommitments[index] ?? "";
  return { voucher, index: BigInt(index), outputCommitment, proof: siblings };
}

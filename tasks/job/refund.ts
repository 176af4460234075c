import {
  canCancel,
  chainTime,
  deadlineCall,
  findJob,
  findQuorumJob,
  formatJobId,
  isSeedUnknown,
  type Job,
  jobStateName,
  type Order,
  QuorumState,
  quorumStateName,
} from "@lattice/sdk";
import type { ContractTransactionReceipt } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { iso } from "../support/format.ts";
import { duty, eventsIn, parseJobId, requireMined } from "../support/jobs.ts";
import { print } from "../support/output.ts";
import { tokenText } from "../support/tokens.ts";

interface RefundArguments {
  id: bigint;
  quorum: boolean;
  addresses: string;
  from: string;
  json: boolean;
}

type Way = "refund" | "cancel";

/** @throws Error saying why what is locked for a job that somebody took does not return. */
function requirePosted(jobId: bigint, job: Job, now: number): void {
  const { state, deadline, provider } = job;
  const call = deadlineCall(state);
  if (call === "refund") return;
  if (call === undefined) {
    throw new Error(
      `job ${formatJobId(jobId)} is ${jobStateName(state)}: nothing is locked for it`,
    );
  }
  if (call === "settle") {
    throw new Error(
      `job ${formatJobId(jobId)} has a bonded result: it is paid from ${iso(deadline)} (job:settle)`,
    );
  }
  throw new Error(
    now < deadline
      ? `${provider} has job ${formatJobId(jobId)} and until ${iso(deadline)} to ${duty(job)}`
      : `${provider} missed the deadline of job ${formatJobId(jobId)}: job:settle times it out, which draws again or refunds`,
  );
}

/** How a posted order ends now. @throws Error saying from when on it can. */
async function wayOut(
  { connection, account }: TaskContext,
  jobId: bigint,
  { requester }: Order,
  deadline: number,
  cancellable: () => Promise<boolean>,
): Promise<Way> {
  if ((await chainTime(connection.lattice)) >= deadline) return "refund";
  const later = `anyone may refund it from ${iso(deadline)}, if nobody has it then`;
  if (!(await cancellable())) {
    throw new Error(
      `job ${formatJobId(jobId)} can no longer be cancelled, as who gets it may be known; ${later}`,
    );
  }
  if (account === requester) return "cancel";
  throw new Error(
    `only its requester ${requester} may cancel job ${formatJobId(jobId)} now; ${later}`,
  );
}

async function report(
  args: RefundArguments,
  { connection }: TaskContext,
  { paymentToken }: Order,
  call: Way,
  receipt: ContractTransactionReceipt,
): Promise<void> {
  const { lattice } = connection;
  const [abi, name] = args.quorum
    ? [lattice.quorum.interface, "QuorumRefunded"]
    : [lattice.market.interface, "JobRefunded"];
  const refunded = eventsIn(abi, receipt).get(name);
  if (!refunded) throw new Error(`the transaction was mined without a ${name} event`);
  const { payer, amount } = refunded.args.toObject();
  const { hash: transaction, gasUsed } = receipt;
  const text = await tokenText(lattice, paymentToken);
  print(args.json, { jobId: args.id, call, payer, amount, transaction, gasUsed }, [
    ["job", `${formatJobId(args.id)}${args.quorum ? " of QuorumMarket" : ""}: Refunded`],
    ["by", call === "refund" ? "refund: nobody took it in time" : "cancel, as its requester"],
    ["returned", `${text(amount)} to the deposit of ${payer}`],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

async function refundSingle(args: RefundArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const jobId = parseJobId(args.id);
  const { job, order } = await findJob(lattice, jobId);
  requirePosted(jobId, job, await chainTime(lattice));
  const way = await wayOut(context, jobId, order, job.deadline, () =>
    canCancel(lattice, job, order),
  );
  const receipt = requireMined(await (await lattice.market[way](order)).wait());
  await report(args, context, order, way, receipt);
}

async function refundQuorum(args: RefundArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const jobId = parseJobId(args.id);
  const { job, order } = await findQuorumJob(lattice, jobId);
  if (job.state !== QuorumState.Posted) {
    throw new Error(
      `job ${formatJobId(jobId)} is ${quorumStateName(job.state)}: only posted jobs are refunded; job:settle ends a round`,
    );
  }
  const way = await wayOut(context, jobId, order, job.deadline, () =>
    isSeedUnknown(lattice, job.drawEpoch),
  );
  const receipt = requireMined(await (await lattice.quorum[way](jobId, order)).wait());
  await report(args, context, order, way, receipt);
}

/** Runs `npx hardhat job:refund`. */
export default contextTask("job:refund", (args: RefundArguments, context) =>
  args.quorum ? refundQuorum(args, context) : refundSingle(args, context),
);

import {
  type Assignment,
  assignmentOf,
  chainTime,
  findJob,
  findQuorumJob,
  formatJobId,
  JobState,
  jobStateName,
  type Order,
  QuorumState,
  quorumStateName,
} from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { iso } from "../support/format.ts";
import { eventsIn, parseJobId, requireMined } from "../support/jobs.ts";
import { print } from "../support/output.ts";
import { tokenText } from "../support/tokens.ts";

interface AssignArguments {
  id: bigint;
  quorum: boolean;
  addresses: string;
  from: string;
  json: boolean;
}

/** Seeds may draw in their epoch and in the next. */
const DRAW_EPOCHS = 2n;

/** @throws Error saying what the job waits for, when its seed does not exist yet or is past. */
async function requireSeed(
  { connection }: TaskContext,
  jobId: bigint,
  epoch: bigint,
  deadline: number,
): Promise<void> {
  const current = await connection.lattice.beacon.currentEpoch();
  if (current < epoch) {
    throw new Error(
      `the seed of epoch ${epoch} draws job ${formatJobId(jobId)}, and the newest epoch is ${current}; run this again then (beacon:status)`,
    );
  }
  if (current < epoch + DRAW_EPOCHS) return;
  throw new Error(
    `job ${formatJobId(jobId)} could be drawn in epochs ${epoch} and ${epoch + 1n}, and the newest is ${current}; job:refund returns the payment from ${iso(deadline)}`,
  );
}

/** @throws Error when the time to assign the job is over. */
async function requireTime({ connection }: TaskContext, jobId: bigint, deadline: number) {
  if ((await chainTime(connection.lattice)) < deadline) return;
  throw new Error(
    `job ${formatJobId(jobId)} had to be assigned before ${iso(deadline)}; job:refund returns the payment`,
  );
}

/** The call that assigns a job. @throws Error when that is nobody's to call, or not yet. */
async function sendFor(
  context: TaskContext,
  jobId: bigint,
  order: Order,
  found: Assignment,
  deadline: number,
) {
  const { market } = context.connection.lattice;
  if (found.call === "accept") {
    throw new Error(
      `job ${formatJobId(jobId)} names ${found.provider}, which takes it itself (job:run)`,
    );
  }
  if (found.call === "bid") {
    throw new Error(
      `job ${formatJobId(jobId)} takes bids until ${iso(found.closesAt)} (job:bid); the seed three epochs later draws the winner`,
    );
  }
  await requireSeed(context, jobId, found.epoch, deadline);
  return found.call === "award"
    ? await market.award(order, found.closingEpoch)
    : await market.assign(order);
}

async function assignSingle(args: AssignArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const jobId = parseJobId(args.id);
  const { job, order } = await findJob(lattice, jobId);
  if (job.state !== JobState.Posted) {
    throw new Error(
      `job ${formatJobId(jobId)} is ${jobStateName(job.state)}: only posted jobs are assigned`,
    );
  }
  await requireTime(context, jobId, job.deadline);
  const found = await assignmentOf(lattice, job, order);
  const receipt = requireMined(
    await (await sendFor(context, jobId, order, found, job.deadline)).wait(),
  );
  const assigned = eventsIn(lattice.market.interface, receipt).get("JobAssigned");
  if (!assigned) throw new Error("the transaction was mined without a JobAssigned event");
  const { provider, price, epoch, pick, commitBy } = assigned.args.toObject();
  const { hash: transaction, gasUsed } = receipt;
  const text = await tokenText(lattice, order.paymentToken);
  const closing = found.call === "award" ? { closingEpoch: found.closingEpoch } : {};
  const record = { jobId, call: found.call, ...closing, provider, price, epoch, pick };
  print(args.json, { ...record, commitBy: Number(commitBy), transaction, gasUsed }, [
    ["job", `${formatJobId(jobId)}: Assigned`],
    ["provider", provider],
    ["price", `${text(price)} of at most ${text(order.maxPrice)}`],
    ...("closingEpoch" in closing
      ? [["bids closed in", `epoch ${closing.closingEpoch}`] as [string, string]]
      : []),
    ["drawn by", `the seed of epoch ${epoch}, pick ${pick}`],
    ["commits by", iso(commitBy)],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

async function assignQuorum(args: AssignArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const jobId = parseJobId(args.id);
  const { job, order } = await findQuorumJob(lattice, jobId);
  if (job.state !== QuorumState.Posted) {
    throw new Error(
      `job ${formatJobId(jobId)} is ${quorumStateName(job.state)}: only posted jobs are assigned`,
    );
  }
  await requireTime(context, jobId, job.deadline);
  await requireSeed(context, jobId, job.drawEpoch, job.deadline);
  const receipt = requireMined(await (await lattice.quorum.assign(jobId, order)).wait());
  const { job: after } = await findQuorumJob(lattice, jobId);
  const { hash: transaction, gasUsed } = receipt;
  const text = await tokenText(lattice, order.paymentToken);
  const members = after.members.map(({ provider, price }) => ({ provider, price }));
  const record = { jobId, call: "assign", members, commitBy: after.deadline };
  print(args.json, { ...record, transaction, gasUsed }, [
    ["job", `${formatJobId(jobId)} of QuorumMarket: ${quorumStateName(after.state)}`],
    ...members.map(({ provider, price }): [string, string] => [
      "member",
      `${provider} at ${text(price)}`,
    ]),
    ["commit by", iso(after.deadline)],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat job:assign`. */
export default contextTask("job:assign", (args: AssignArguments, context) =>
  args.quorum ? assignQuorum(args, context) : assignSingle(args, context),
);

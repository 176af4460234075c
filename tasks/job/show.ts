import { type Legs, splitPrice, toJson } from "@lattice/node";
import {
  AssignmentMode,
  biddingClosesAt,
  deadlineCall,
  findJob,
  formatJobId,
  isAuctionOpen,
  type Job,
  jobStateName,
  type Order,
} from "@lattice/sdk";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { artifactStore } from "../support/artifacts.ts";
import { openContext, type TaskContext } from "../support/context.ts";
import { amountText } from "../support/format.ts";
import { guarded } from "../support/guard.ts";
import { parseJobId } from "../support/jobs.ts";
import { print } from "../support/output.ts";
import { type JobEvent, timelineOf } from "../support/timeline.ts";
import { tokenText } from "../support/tokens.ts";

interface ShowArguments {
  id: bigint;
  addresses: string;
  artifacts: string;
  json: boolean;
}

const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19);

/** What can be done about the job once its deadline has passed. */
function afterDeadline({ state }: Job): string {
  const call = deadlineCall(state);
  if (call === "refund") return "then anyone may refund it (job:refund)";
  if (call === "settle") return "then anyone may have it paid (job:settle)";
  return "then anyone may time it out and slash the provider (job:settle)";
}

function assignedBy(job: Job, order: Order): string {
  if (order.mode === AssignmentMode.Direct) return "name";
  if (isAuctionOpen(job, order)) return `auction, bids until ${time(biddingClosesAt(job, order))}`;
  return job.drawEpoch === 0n ? "auction" : `draw, epoch ${job.drawEpoch}`;
}

/** The legs as they were paid, or as they will be at the agreed price. */
async function legsOf(
  { connection }: TaskContext,
  job: Job,
  order: Order,
  events: readonly JobEvent[],
): Promise<{ readonly legs: Legs; readonly paid: boolean } | undefined> {
  const settled = events.find(({ name }) => name === "JobSettled");
  if (settled) {
    return { legs: settled.args.legs as Legs, paid: true };
  }
  if (job.price === 0n) return undefined;
  const { royaltyPpm } = await connection.lattice.models.termsOf(order.modelVersion);
  const { protocolFeePpm } = job;
  const legs = splitPrice(job.price, order.maxPrice, { royaltyPpm, protocolFeePpm });
  return { legs, paid: false };
}

async function outputOf(
  events: readonly JobEvent[],
  context: TaskContext,
  artifacts: string,
): Promise<{ readonly digest: string; readonly stored: boolean } | undefined> {
  const committed = events.findLast(({ name }) => name === "ResultCommitted");
  if (!committed) return undefined;
  const digest = String(committed.args.outputDigest);
  return { digest, stored: await artifactStore(context, artifacts).has(digest) };
}

function eventRow({ name, time: at, gasUsed, args }: JobEvent): [string, string] {
  const fields = Object.entries(args).filter(([field]) => field !== "legs");
  const shown = fields.map(([field, value]) => `${field} ${String(value)}`).join(", ");
  return [`  ${time(at)}`, `${name} (gas ${gasUsed}) ${shown}`];
}

async function showJob(
  { id, artifacts, json }: ShowArguments,
  context: TaskContext,
): Promise<void> {
  const { connection } = context;
  parseJobId(id);
  const { job, order } = await findJob(connection.lattice, id);
  const events = await timelineOf(connection.lattice, connection.provider, id);
  const payment = await legsOf(context, job, order, events);
  const output = await outputOf(events, context, artifacts);
  const state = jobStateName(job.state);
  const amount = await tokenText(connection.lattice, order.paymentToken);
  print(json, { jobId: id, state, job, order, payment, output, events }, [
    ["job", `${formatJobId(id)}: ${state}`],
    ["model", order.modelVersion],
    ["requester", order.requester],
    ["assigned by", assignedBy(job, order)],
    ["provider", BigInt(job.provider) === 0n ? "nobody yet" : job.provider],
    [
      "price",
      `${job.price === 0n ? "none yet" : amount(job.price)} of at most ${amount(order.maxPrice)}`,
    ],
    ["collateral", amountText(order.collateral)],
    ["windows", `${order.assignSeconds} s, ${order.commitSeconds} s, ${order.proveSeconds} s`],
    ["deadline", job.deadline ? `${time(job.deadline)}, ${afterDeadline(job)}` : "none"],
    ["input", order.inputDigest],
    ["output", output ? `${output.digest}${output.stored ? ", stored here" : ""}` : "none yet"],
    ["legs", payment ? `${toJson(payment.legs)}${payment.paid ? "" : " (expected)"}` : "none yet"],
    ["events", `${events.length}`],
    ...events.map(eventRow),
  ]);
}

/** Runs `npx hardhat job:show`. */
export default guarded("job:show", async (args: ShowArguments, hre: HardhatRuntimeEnvironment) => {
  const context = await openContext(hre, args);
  try {
    await showJob(args, context);
  } finally {
    await context.close();
  }
});

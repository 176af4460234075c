import {
  chainTime,
  deadlineCall,
  finalisableAt,
  findJob,
  findQuorumJob,
  formatJobId,
  type Job,
  jobStateName,
  quorumStateName,
} from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso } from "../support/format.ts";
import { duty, eventsIn, parseJobId, requireMined } from "../support/jobs.ts";
import { legRows } from "../support/legs.ts";
import { print } from "../support/output.ts";
import { tokenText } from "../support/tokens.ts";

interface SettleArguments {
  id: bigint;
  quorum: boolean;
  addresses: string;
  from: string;
  json: boolean;
}

/** The call that is due. @throws Error saying what the job waits for, or that nothing is left to do. */
function dueCall(jobId: bigint, job: Job, now: number): "settle" | "timeOut" {
  const { state, deadline, provider } = job;
  const call = deadlineCall(state);
  if (call === undefined) {
    throw new Error(`job ${formatJobId(jobId)} is ${jobStateName(state)}: nothing is left to do`);
  }
  if (call === "refund") {
    throw new Error(
      now < deadline
        ? `job ${formatJobId(jobId)} waits for a provider until ${iso(deadline)} (job:assign)`
        : `nobody took job ${formatJobId(jobId)} in time; job:refund returns the payment`,
    );
  }
  if (now >= deadline) return call;
  throw new Error(
    call === "settle"
      ? `the result of job ${formatJobId(jobId)} is final at ${iso(deadline)}; settle it then`
      : `${provider} has until ${iso(deadline)} to ${duty(job)}; from then on this times it out`,
  );
}

async function settleSingle(args: SettleArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const jobId = parseJobId(args.id);
  const { job, order } = await findJob(lattice, jobId);
  const call = dueCall(jobId, job, await chainTime(lattice));
  const receipt = requireMined(await (await lattice.market[call](order)).wait());
  const { job: after } = await findJob(lattice, jobId);
  const events = eventsIn(lattice.market.interface, receipt);
  const legs = events.get("JobSettled")?.args.legs.toObject() ?? null;
  const slashed: bigint | null = events.get("ProviderTimedOut")?.args.slashed ?? null;
  const { hash: transaction, gasUsed } = receipt;
  const text = await tokenText(lattice, order.paymentToken);
  const state = jobStateName(after.state);
  const record = { jobId, call, state, provider: job.provider, legs, slashed };
  const fault = slashed === null ? "nobody was slashed" : `${amountText(slashed)} slashed`;
  print(args.json, { ...record, transaction, gasUsed }, [
    ["job", `${formatJobId(jobId)}: ${state}`],
    ["due was", call === "settle" ? "its payment" : `a time-out of ${job.provider}: ${fault}`],
    ...(legs ? legRows(legs, text) : []),
    ...nextRow(after),
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

function nextRow({ state, drawEpoch }: Job): [string, string][] {
  if (deadlineCall(state) !== "refund") return [];
  return [["next", `drawn again from the seed of epoch ${drawEpoch} (job:assign)`]];
}

async function settleQuorum(args: SettleArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const jobId = parseJobId(args.id);
  const { job, order } = await findQuorumJob(lattice, jobId);
  const from = finalisableAt(job, order);
  const before = quorumStateName(job.state);
  if (from === undefined)
    throw new Error(`job ${formatJobId(jobId)} is ${before}: no round is under way`);
  if ((await chainTime(lattice)) < from) {
    throw new Error(
      `job ${formatJobId(jobId)} is ${before}: its round can be ended from ${iso(from)}`,
    );
  }
  const receipt = requireMined(await (await lattice.quorum.finalise(jobId, order)).wait());
  const { job: after } = await findQuorumJob(lattice, jobId);
  const settled = eventsIn(lattice.quorum.interface, receipt).get("QuorumSettled");
  const legs = settled?.args.legs.toObject() ?? null;
  const votes: bigint | null = settled?.args.votes ?? null;
  const { hash: transaction, gasUsed } = receipt;
  const text = await tokenText(lattice, order.paymentToken);
  const state = quorumStateName(after.state);
  print(args.json, { jobId, call: "finalise", state, votes, legs, transaction, gasUsed }, [
    ["job", `${formatJobId(jobId)} of QuorumMarket: ${state}`],
    ["agreed", votes === null ? "no majority" : `${votes} of ${job.members.length}`],
    ...(legs ? legRows(legs, text) : []),
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat job:settle`. */
export default contextTask("job:settle", (args: SettleArguments, context) =>
  args.quorum ? settleQuorum(args, context) : settleSingle(args, context),
);

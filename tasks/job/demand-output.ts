import { findJob, formatJobId, jobClaim, type Lattice, parameterIndex } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso, parseCount } from "../support/format.ts";
import { wrongUse } from "../support/guard.ts";
import { eventsIn, parseJobId, requireMined } from "../support/jobs.ts";
import { print } from "../support/output.ts";

interface DemandArguments {
  readonly id: bigint;
  readonly firstChunk: string;
  readonly chunks: string;
  readonly addresses: string;
  readonly from: string;
  readonly json: boolean;
}

/** Lets the game take the bond. @throws Error when the account holds less. */
async function allowBond({ token, disputes }: Lattice, account: string, bond: bigint) {
  const balance = await token.balanceOf(account);
  if (balance < bond) {
    throw new Error(
      `the account ${account} holds ${amountText(balance)}, the bond is ${amountText(bond)}`,
    );
  }
  if ((await token.allowance(account, disputes)) >= bond) return;
  await (await token.approve(disputes, bond)).wait();
}

async function demandOutput(args: DemandArguments, context: TaskContext): Promise<void> {
  const { connection, account } = context;
  const { lattice } = connection;
  const { disputes, parameters, addresses } = lattice;
  const jobId = parseJobId(args.id);
  const firstChunk = parseCount("first-chunk", args.firstChunk);
  const chunks = parseCount("chunks", args.chunks);
  if (chunks === 0) throw wrongUse("--chunks 0 demands nothing");
  const { job, order } = await findJob(lattice, jobId);
  if (order.requester !== account) {
    throw new Error(
      `only its requester ${order.requester} may demand the output of job ${formatJobId(jobId)}`,
    );
  }
  const bond = (await parameters.get(parameterIndex("OpeningBond"))) * BigInt(chunks);
  await allowBond(lattice, account, bond);
  const { claim, subject } = jobClaim(order);
  const { JobMarket } = addresses.contracts;
  const sent = await disputes.demandOutput(JobMarket, claim, firstChunk, chunks);
  const receipt = requireMined(await sent.wait());
  const demanded = eventsIn(disputes.interface, receipt).get("ChunksDemanded");
  if (!demanded) throw new Error("the transaction was mined without a ChunksDemanded event");
  const deadline = Number(demanded.args.deadline);
  const { hash: transaction, gasUsed } = receipt;
  const { provider } = job;
  const record = { jobId, subject, provider, firstChunk, chunks, bond, deadline };
  print(args.json, { ...record, transaction, gasUsed }, [
    ["job", formatJobId(jobId)],
    ["demanded", `${chunks} KiB of its output from byte ${firstChunk * 1024} on`],
    ["bond", `${amountText(bond)}, for ${provider} when it publishes them`],
    ["due", `${iso(deadline)}; from then on its silence convicts it`],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat job:demand-output`. */
export default contextTask("job:demand-output", demandOutput);

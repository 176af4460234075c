import { writeFile } from "node:fs/promises";
import { toJson } from "@lattice/node";
import {
  AssignmentMode,
  biddingClosesAt,
  formatJobId,
  hashOrder,
  NO_EXPIRY,
  type Order,
  parseSignedOrder,
  readJob,
  requirePostable,
  SdkError,
  type SignedOrder,
  signJobOrder,
} from "@lattice/sdk";
import type { ContractTransactionReceipt } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { parseJson, readText } from "../support/files.ts";
import { iso } from "../support/format.ts";
import { wrongUse } from "../support/guard.ts";
import { eventsIn, requireMined } from "../support/jobs.ts";
import { buildOrder, type OrderArguments } from "../support/orders.ts";
import { print } from "../support/output.ts";
import { ensurePayment, payerOf, paymentGap } from "../support/payers.ts";
import { tokenText } from "../support/tokens.ts";

interface PostArguments extends OrderArguments {
  readonly sign: boolean;
  readonly fund: boolean;
  readonly out: string;
  readonly signed: string;
  readonly addresses: string;
  readonly from: string;
  readonly json: boolean;
}

/** Options that describe an order, which a signed one brings along. */
const DESCRIBING = [
  ...["model", "input", "maxPrice", "provider", "sponsor", "token", "collateral"],
  ...["bidSeconds", "proveSeconds", "challengeSeconds", "validSeconds", "nonce", "out"],
] as readonly (keyof PostArguments)[];

async function readSigned(args: PostArguments, { path }: TaskContext): Promise<SignedOrder> {
  const given = DESCRIBING.filter((name) => args[name] !== "");
  if (given.length > 0 || args.sign || args.fund) {
    throw wrongUse("--signed brings the whole order along; give no terms beside it");
  }
  const file = path(args.signed);
  const value = parseJson(file, await readText("the signed order", file));
  try {
    return parseSignedOrder(value);
  } catch (error) {
    if (error instanceof SdkError) throw wrongUse(`${file}: ${error.message}`);
    throw error;
  }
}

async function assignedBy(
  { connection }: TaskContext,
  jobId: bigint,
  order: Order,
): Promise<string> {
  const job = await readJob(connection.lattice, jobId);
  if (order.mode === AssignmentMode.Direct) return `${order.provider}, if it accepts`;
  if (order.mode === AssignmentMode.Draw) return `the draw of epoch ${job.drawEpoch}`;
  return `a bidder of job:bid until ${iso(biddingClosesAt(job, order))}, drawn with job:assign`;
}

/** Sends, and says what came of it. */
async function report(
  args: PostArguments,
  context: TaskContext,
  order: Order,
  send: () => Promise<ContractTransactionReceipt | null>,
): Promise<void> {
  const { lattice } = context.connection;
  const funding = await ensurePayment(context, order);
  const receipt = requireMined(await send());
  const posted = eventsIn(lattice.market.interface, receipt).get("JobPosted");
  if (!posted) throw new Error("the transaction was mined without a JobPosted event");
  const jobId: bigint = posted.args.jobId;
  const { drawEpoch, deadline } = await readJob(lattice, jobId);
  const { hash: transaction, gasUsed } = receipt;
  const amount = await tokenText(lattice, order.paymentToken);
  const orderHash = hashOrder(order);
  const record = { jobId, orderHash, order, funding: funding ?? null, drawEpoch, deadline };
  print(args.json, { ...record, transaction, gasUsed }, [
    ["job", `${formatJobId(jobId)}`],
    ["model", order.modelVersion],
    ["input", order.inputDigest],
    ["most to pay", `${amount(order.maxPrice)}, by ${payerOf(order)}`],
    ["deposited", funding ? `${amount(funding.deposited)} (${funding.by})` : "by the payer before"],
    ["goes to", await assignedBy(context, jobId, order)],
    ["refundable", `from ${iso(deadline)}, if nobody has it then`],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

async function signOnly(args: PostArguments, context: TaskContext, order: Order): Promise<void> {
  const { connection, signer, path } = context;
  const { lattice } = connection;
  const signed = await signJobOrder(signer, lattice, order);
  const orderHash = hashOrder(order);
  const funding = args.fund ? await ensurePayment(context, order) : undefined;
  const gap = (await paymentGap(lattice, order)) ?? null;
  if (args.out !== "") await writeFile(path(args.out), `${toJson(signed, 2)}\n`);
  const amount = await tokenText(lattice, order.paymentToken);
  const { validUntil, nonce } = order;
  print(args.json, { ...signed, orderHash, funding: funding ?? null, gap }, [
    ["order", orderHash],
    ["for", `JobMarket ${signed.market} of chain ${signed.chainId}`],
    ["most to pay", `${amount(order.maxPrice)}, by ${payerOf(order)}`],
    ["valid", validUntil === NO_EXPIRY ? "without an end" : `until ${iso(validUntil)}`],
    ["nonce", `${nonce}: of orders that share it one can be posted`],
    ...(funding
      ? [["deposited", `${amount(funding.deposited)} (${funding.by})`] as [string, string]]
      : []),
    ["before posting", gap ?? "nothing is missing"],
    ["signature", signed.signature],
    ["written to", args.out || "nowhere; see --out"],
  ]);
}

async function postJob(args: PostArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const { market } = lattice;
  if (args.signed !== "") {
    const signed = await readSigned(args, context);
    await requirePostable(lattice, signed);
    const { order, signature } = signed;
    const send = async () => (await market.postSigned(order, signature)).wait();
    return await report(args, context, order, send);
  }
  if (args.out !== "" && !args.sign) throw wrongUse("--out goes with --sign");
  if (args.fund && !args.sign) throw wrongUse("--fund goes with --sign; posting deposits anyway");
  const order = await buildOrder(args, context);
  if (args.sign) return await signOnly(args, context, order);
  await report(args, context, order, async () => (await market.post(order)).wait());
}

/** Runs `npx hardhat job:post`. */
export default contextTask("job:post", postJob);

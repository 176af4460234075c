import {
  biddingClosesAt,
  chainTime,
  findJob,
  formatJobId,
  isAuctionOpen,
  readBids,
} from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { iso, parseAmount } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { modeName, parseJobId } from "../support/jobs.ts";
import { print } from "../support/output.ts";
import { mined } from "../support/proposals.ts";
import { tokenText, tokenUnit } from "../support/tokens.ts";

interface BidArguments {
  id: bigint;
  price: string;
  addresses: string;
  from: string;
  json: boolean;
}

/** An auction that takes bids, and until when. @throws Error when the job takes none, or no longer. */
async function openAuction({ connection }: TaskContext, jobId: bigint) {
  const { lattice } = connection;
  const { job, order } = await findJob(lattice, jobId);
  if (!isAuctionOpen(job, order)) {
    throw new Error(
      `job ${formatJobId(jobId)} takes no bids: its mode is ${modeName(order.mode)}, or it has had its provider; see job:show`,
    );
  }
  const closesAt = biddingClosesAt(job, order);
  if ((await chainTime(lattice)) < closesAt) return { order, closesAt };
  throw new Error(
    `the bidding for job ${formatJobId(jobId)} closed at ${iso(closesAt)}; job:assign draws who gets it`,
  );
}

async function bid(args: BidArguments, context: TaskContext): Promise<void> {
  const { connection, account } = context;
  const { lattice } = connection;
  const { JobMarket } = lattice.addresses.contracts;
  const jobId = parseJobId(args.id);
  const { order, closesAt } = await openAuction(context, jobId);
  const { decimals } = await tokenUnit(lattice, order.paymentToken);
  const text = await tokenText(lattice, order.paymentToken);
  const price = parseAmount("price", required("price", args.price), decimals);
  if (price > order.maxPrice) {
    throw wrongUse(
      `--price ${args.price} is above the ${text(order.maxPrice)} that job ${formatJobId(jobId)} pays at most`,
    );
  }
  const receipt = mined(await (await lattice.matchmaker.bid(JobMarket, order, price)).wait());
  const bids = await readBids(lattice, jobId);
  const weight = bids.find(({ provider }) => provider === account)?.weight ?? 0n;
  const totalWeight = bids.reduce((sum, each) => sum + each.weight, 0n);
  const share = (Number((weight * 10_000n) / totalWeight) / 100).toFixed(2);
  const record = { jobId, provider: account, price, weight, totalWeight, bids: bids.length };
  print(args.json, { ...record, closesAt, ...receipt }, [
    ["job", `${formatJobId(jobId)}`],
    ["price", `${text(price)} of at most ${text(order.maxPrice)}`],
    ["weight", `${weight}, ${share} % of all; bids so far: ${bids.length}`],
    ["bids close", iso(closesAt)],
    ["then", "three epochs later job:assign draws the winner by weight"],
    ["transaction", `${receipt.transaction} (gas ${receipt.gasUsed})`],
  ]);
}

/** Runs `npx hardhat job:bid`. */
export default contextTask("job:bid", bid);

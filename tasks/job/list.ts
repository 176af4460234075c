import { toJson } from "@lattice/node";
import {
  formatJobId,
  type JobQuery,
  JobState,
  type ListedJob,
  type ListProgress,
  listJobs,
  QuorumState,
} from "@lattice/sdk";
import { isHexString } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { iso, parseAddress, parseCount } from "../support/format.ts";
import { wrongUse } from "../support/guard.ts";
import { modeName, tierName } from "../support/jobs.ts";
import { table } from "../support/output.ts";
import { tokenText } from "../support/tokens.ts";

interface ListArguments {
  state: string;
  requester: string;
  provider: string;
  model: string;
  quorum: boolean;
  fromBlock: string;
  toBlock: string;
  addresses: string;
  json: boolean;
}

/** Blocks that are read unless --from-block says otherwise. */
const DEFAULT_BLOCKS = 50_000;

function stateOf({ state, quorum }: ListArguments): string {
  const names = Object.keys(quorum ? QuorumState : JobState).filter((name) => name !== "None");
  const found = names.find((name) => name.toLowerCase() === state.toLowerCase());
  if (found) return found;
  throw wrongUse(`--state ${state} is none of ${names.join(", ")}`);
}

function filtersOf(args: ListArguments): JobQuery {
  const { state, requester, provider, model, quorum } = args;
  if (model !== "" && !isHexString(model, 32)) {
    throw wrongUse(`--model ${model} is not a 32-byte id`);
  }
  return {
    market: quorum ? "QuorumMarket" : "JobMarket",
    ...(state === "" ? {} : { state: stateOf(args) }),
    ...(requester === "" ? {} : { requester: parseAddress("requester", requester) }),
    ...(provider === "" ? {} : { provider: parseAddress("provider", provider) }),
    ...(model === "" ? {} : { modelVersion: model }),
  };
}

/** First and last block to read. @throws NodeError USAGE when there is none between them. */
async function rangeOf({ fromBlock, toBlock }: ListArguments, { connection }: TaskContext) {
  const { lattice, provider } = connection;
  const newest = await provider.getBlockNumber();
  const to = toBlock === "" ? newest : Math.min(newest, parseCount("to-block", toBlock));
  const first = Math.max(lattice.addresses.fromBlock, to - DEFAULT_BLOCKS + 1);
  const from = fromBlock === "" ? first : parseCount("from-block", fromBlock);
  if (from <= to) return { from, to, earlier: from > lattice.addresses.fromBlock };
  throw wrongUse(`--from-block ${from} is after the last block to read, ${to}`);
}

/** On standard error, so that the list itself can be piped; one request needs no word. */
function progressFrom(first: number) {
  return ({ from, to, last }: ListProgress) => {
    if (from > first || to < last) console.error(`job:list: read to block ${to} of ${last}`);
  };
}

function record({ order, providers, ...job }: ListedJob) {
  const { requester, modelVersion, paymentToken, maxPrice, mode, tier } = order;
  return {
    ...job,
    ...{ mode: modeName(mode), tier: tierName(tier), requester, providers },
    ...{ modelVersion, paymentToken, maxPrice },
  };
}

/** Amounts of any payment token in whole units; asks each token once. */
function moneyOf({ connection }: TaskContext) {
  const known = new Map<string, ReturnType<typeof tokenText>>();
  return async (token: string, amount: bigint) => {
    const text = known.get(token) ?? tokenText(connection.lattice, token);
    known.set(token, text);
    return (await text)(amount);
  };
}

async function show(jobs: readonly ListedJob[], context: TaskContext): Promise<void> {
  const money = moneyOf(context);
  const rows = jobs.map(async ({ jobId, state, price, deadline, providers, order }) => {
    const most = `≤ ${await money(order.paymentToken, order.maxPrice)}`;
    return [
      ...[
        `${formatJobId(jobId)}`,
        state,
        modeName(order.mode),
        tierName(order.tier),
        order.requester,
      ],
      providers.join(", ") || "nobody",
      price === 0n ? most : await money(order.paymentToken, price),
      deadline === 0 ? "none" : iso(deadline),
    ];
  });
  table(
    ["job", "state", "mode", "tier", "requester", "provider", "price", "deadline"],
    await Promise.all(rows),
  );
}

async function list(args: ListArguments, context: TaskContext): Promise<void> {
  const filters = filtersOf(args);
  const { from, to, earlier } = await rangeOf(args, context);
  const query = { ...filters, fromBlock: from, toBlock: to, onProgress: progressFrom(from) };
  const jobs: ListedJob[] = [];
  for await (const job of listJobs(context.connection.lattice, query)) {
    if (args.json) console.log(toJson(record(job)));
    else jobs.push(job);
  }
  if (!args.json && jobs.length > 0) await show(jobs, context);
  if (!args.json && jobs.length === 0)
    console.log(`There is no such job in blocks ${from} to ${to}.`);
  if (earlier) console.error(`job:list: jobs posted before block ${from}: --to-block ${from - 1}`);
}

/** Runs `npx hardhat job:list`. */
export default contextTask("job:list", list);

import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, artifacts, buildDir, from, json, text } from "../support/options.ts";

const jobId = {
  name: "id",
  description: "Id of the job: 0x and 64 digits, or decimal",
  type: ArgumentType.BIGINT,
  defaultValue: 0n,
} as const;

const quorum = {
  name: "quorum",
  description: "The job is one of QuorumMarket, which numbers its jobs itself",
} as const;

const postJob = task(
  "job:post",
  "Orders an inference: stores the input, deposits, and posts the order",
)
  .addOption(text("model", "Model version, 32-byte id"))
  .addOption(
    text("input", "Input tensor: .json, .npy or .pb (TensorProto), or raw little-endian bytes"),
  )
  .addOption(
    text(
      "maxPrice",
      "Most to pay, all legs included, in whole tokens (0.5); with --provider its price; default: what it asks",
    ),
  )
  .addOption(text("mode", "draw: by stake; direct: the named provider; auction: a bidder", "draw"))
  .addOption(text("provider", "The provider, in mode direct"))
  .addOption(text("sponsor", "Pays instead of the account; it allows that with job:sponsor"))
  .addOption(text("token", "Payment token; default: LAT"))
  .addOption(text("collateral", "LAT that the provider locks; default: the governed floor"))
  .addOption(text("bidSeconds", "From posting until bids close, in mode auction; default: 120"))
  .addOption(text("assignSeconds", "From posting until an unassigned job can be refunded", "600"))
  .addOption(text("commitSeconds", "From assignment until the result must be committed", "300"))
  .addOption(text("tier", "zk: proven; optimistic: bonded, and paid after a window", "zk"))
  .addOption(
    text("proveSeconds", "In tier zk: from the commitment until it must be proved; default: 600"),
  )
  .addOption(
    text(
      "challengeSeconds",
      "In tier optimistic: how long the result can be challenged; default: 3600",
    ),
  )
  .addOption(text("validSeconds", "How long the order can be posted; default: without an end"))
  .addFlag({
    name: "sign",
    description: "Sign the order and send nothing; another account posts it",
  })
  .addFlag({ name: "fund", description: "With --sign: deposit what the order will lock" })
  .addOption(
    text(
      "nonce",
      "Number that makes the order another than one that asks for the same; default: a random one",
    ),
  )
  .addOption(text("out", "With --sign: file to write the signed order to"))
  .addOption(text("signed", "File of --sign: post this order, as any account"))
  .addOption(addresses)
  .addOption(from)
  .addOption(artifacts)
  .addFlag(json)
  .setAction(() => import("./post.ts"))
  .build();

const sponsorJobs = task("job:sponsor", "Pays for a requester's orders that name this account")
  .addOption(text("requester", "Whose orders"))
  .addOption(text("amount", "Most to pay from now on, in whole tokens; 0 to stop"))
  .addOption(text("token", "Payment token; default: LAT"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./sponsor.ts"))
  .build();

const bid = task("job:bid", "Bids for an auction, as a registered provider")
  .addOption(jobId)
  .addOption(text("price", "All legs included, in whole tokens (0.5)"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./bid.ts"))
  .build();

const assign = task("job:assign", "Draws who gets a posted job: from the pool, or among the bids")
  .addOption(jobId)
  .addFlag(quorum)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./assign.ts"))
  .build();

const settle = task(
  "job:settle",
  "Does what a deadline made due: pays a bonded result, times out a late provider, ends a round",
)
  .addOption(jobId)
  .addFlag(quorum)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./settle.ts"))
  .build();

const refund = task(
  "job:refund",
  "Returns the payment of a job that nobody has: cancels or refunds",
)
  .addOption(jobId)
  .addFlag(quorum)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./refund.ts"))
  .build();

const demandOutput = task(
  "job:demand-output",
  "Has the provider of a bonded result publish its output on-chain, for a bond",
)
  .addOption(jobId)
  .addOption(text("firstChunk", "First chunk (1 KiB) of the output", "0"))
  .addOption(text("chunks", "How many chunks, at most 16", "1"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./demand-output.ts"))
  .build();

const listJobs = task("job:list", "Lists jobs from the market's events, oldest first")
  .addOption(text("state", "Only those in this state (Posted, Assigned, …)"))
  .addOption(text("requester", "Only those of this requester"))
  .addOption(text("provider", "Only those that this provider has or had, or that name it"))
  .addOption(text("model", "Only those of this model version"))
  .addFlag(quorum)
  .addOption(text("fromBlock", "First block; default: 50000 blocks, back to the deployment"))
  .addOption(text("toBlock", "Last block; default: the newest"))
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./list.ts"))
  .build();

const runJob = task(
  "job:run",
  "Runs, proves and settles a job of the account with this machine's runner and prover",
)
  .addOption(jobId)
  .addOption(addresses)
  .addOption(from)
  .addOption(artifacts)
  .addOption(buildDir)
  .addOption(text("data", "Directory for unfinished work", ".lattice/runs"))
  .addFlag(json)
  .setAction(() => import("./run.ts"))
  .build();

const showJob = task("job:show", "Shows where a job stands: order, deadlines, events, legs")
  .addOption(jobId)
  .addOption(addresses)
  .addOption(artifacts)
  .addFlag(json)
  .setAction(() => import("./show.ts"))
  .build();

/** Tasks about jobs. */
export const jobTasks: TaskDefinition[] = [
  ...[postJob, sponsorJobs, bid, assign, runJob],
  ...[settle, refund, demandOutput, showJob, listJobs],
];

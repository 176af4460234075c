import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, artifacts, buildDir, from, json, text } from "../support/options.ts";

const jobId = {
  name: "id",
  description: "Number of the job",
  type: ArgumentType.BIGINT,
  defaultValue: 0n,
} as const;

const postJob = task(
  "job:post",
  "Orders an inference: stores the input, deposits, and posts the order",
)
  .addOption(text("model", "Model version, 32-byte id"))
  .addOption(text("input", "Input tensor: JSON numbers, or raw little-endian bytes"))
  .addOption(text("maxPrice", "Most to pay, all legs included, in whole tokens (0.5)"))
  .addOption(text("mode", "draw: by stake and randomness; direct: the named provider", "draw"))
  .addOption(text("provider", "The provider, in mode direct"))
  .addOption(text("token", "Payment token; default: LAT"))
  .addOption(text("collateral", "LAT that the provider locks; default: the governed floor"))
  .addOption(text("assignSeconds", "From posting until an unassigned job can be refunded", "600"))
  .addOption(text("commitSeconds", "From assignment until the result must be committed", "300"))
  .addOption(text("proveSeconds", "From the commitment until it must be proved", "600"))
  .addOption(addresses)
  .addOption(from)
  .addOption(artifacts)
  .addFlag(json)
  .setAction(() => import("./post.ts"))
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
export const jobTasks: TaskDefinition[] = [postJob, runJob, showJob];

import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { sessionTasks } from "./session/index.ts";

const text = <N extends string>(name: N, description: string, defaultValue = "") => ({
  name,
  description,
  defaultValue,
});

const addresses = text("addresses", "Address book; default: deployments/<network>/addresses.json");
const from = text("from", "Account of the network to act with; default: its first");
const artifacts = text(
  "artifacts",
  "Directory of the artifact store; default: that of npm start on a local chain, else .lattice/artifacts",
);
const buildDir = text("buildDir", "Directory of circuits and keys", "build/circuits");
const json = { name: "json", description: "Print one JSON object a line" } as const;
const jobId = {
  name: "id",
  description: "Number of the job",
  type: ArgumentType.BIGINT,
  defaultValue: 0n,
} as const;

const publishModel = task(
  "model:publish",
  "Publishes an ONNX model as an immutable version, with the verifier of its proofs",
)
  .addOption(text("onnx", "The model, in integer form"))
  .addOption(
    text("verifier", "Address of its verifier, or auto: found, or compiled and deployed", "auto"),
  )
  .addOption(text("royaltyPpm", "Royalty, millionths of every price", "0"))
  .addOption(text("royaltyRecipient", "Receiver of the royalty; default: the account"))
  .addOption(text("profile", "Quantisation profile (JSON) to commit to"))
  .addOption(text("uri", "Where the artifact can be read; default: its IPFS URI"))
  .addOption(addresses)
  .addOption(from)
  .addOption(artifacts)
  .addOption(buildDir)
  .addFlag(json)
  .setAction(() => import("./model/publish.ts"))
  .build();

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
  .setAction(() => import("./job/post.ts"))
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
  .setAction(() => import("./job/run.ts"))
  .build();

const showJob = task("job:show", "Shows where a job stands: order, deadlines, events, legs")
  .addOption(jobId)
  .addOption(addresses)
  .addOption(artifacts)
  .addFlag(json)
  .setAction(() => import("./job/show.ts"))
  .build();

/** Every task of this folder, for hardhat.config.ts. */
export const tasks: TaskDefinition[] = [publishModel, postJob, runJob, showJob, ...sessionTasks];

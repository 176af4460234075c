import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, artifacts, buildDir, from, json, text } from "../support/options.ts";

const publishModel = task(
  "model:publish",
  "Publishes an ONNX model as an immutable version, with the verifier of its proofs",
)
  .addOption(text("onnx", "The model, in integer form"))
  .addOption(text("tiers", "zk, optimistic, quorum, or several with commas between", "zk"))
  .addOption(
    text(
      "verifier",
      "In tier zk: address of its verifier, or auto: found, or compiled and deployed",
      "auto",
    ),
  )
  .addOption(text("royaltyPpm", "Royalty, millionths of every price", "0"))
  .addOption(text("royaltyRecipient", "Receiver of the royalty; default: the account"))
  .addOption(text("attestedClass", "Class that its providers must hold an attestation of", "0"))
  .addOption(text("profile", "Quantisation profile (JSON) to commit to"))
  .addOption(text("uri", "Where the artifact can be read; default: its IPFS URI"))
  .addOption(addresses)
  .addOption(from)
  .addOption(artifacts)
  .addOption(buildDir)
  .addFlag(json)
  .setAction(() => import("./publish.ts"))
  .build();

const listModels = task("model:list", "Lists the published model versions with their terms")
  .addOption(text("publisher", "Only those of this publisher"))
  .addFlag({ name: "usable", description: "Only those that take new orders" })
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./list.ts"))
  .build();

const showModel = task("model:show", "Shows one model version: commitments, terms, its verifier")
  .addOption(text("model", "Model version, 32-byte id"))
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./show.ts"))
  .build();

/** Tasks about models. */
export const modelTasks: TaskDefinition[] = [publishModel, listModels, showModel];

import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, buildDir, from, json, text } from "../support/options.ts";

const run = text("run", "The run, 32-byte id");

const createRun = task("training:create", "Creates a run of training: a chain of proven steps")
  .addOption(text("model", "Model version of the training circuit, 32-byte id"))
  .addOption(text("initialState", "Commitment of the first parameters, 32 bytes"))
  .addOption(text("datasetRoot", "Root of the data set's tree, 32 bytes"))
  .addOption(text("hyperparameters", "Hash of the circuit's sizes and learning rate, 32 bytes"))
  .addOption(text("batches", "Batches of the data set"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./create.ts"))
  .build();

const showRun = task("training:show", "Shows where a run stands, and the input of its next step")
  .addOption(run)
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./show.ts"))
  .build();

const advanceRun = task("training:advance", "Takes a settled job as the next step of a run")
  .addOption(run)
  .addOption({
    name: "id",
    description: "Id of the job: 0x and 64 digits, or decimal",
    type: ArgumentType.BIGINT,
    defaultValue: 0n,
  })
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./advance.ts"))
  .build();

const simulateRun = task(
  "training:simulate",
  "Trains on a chain in memory: every step is ordered, computed, proven, settled and chained",
)
  .addOption(text("circuit", "Training circuit of circuits/circuits.json", "training-64-32-10"))
  .addOption(text("steps", "Steps to take", "5"))
  .addOption(text("batches", "Batches of drawn digits in the data set", "16"))
  .addOption(text("seed", "Seed of the data set and of the first parameters", "1"))
  .addOption(buildDir)
  .addFlag(json)
  .setAction(() => import("./simulate.ts"))
  .build();

/** Tasks about training. */
export const trainingTasks: TaskDefinition[] = [createRun, showRun, advanceRun, simulateRun];

import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, from, json, text } from "../support/options.ts";
import { attestTask } from "./attest-task.ts";

const provider = text("address", "The provider; default: the account");

const register = task(
  "provider:register",
  "Registers the account as a provider, or changes its profile",
)
  .addOption(text("endpoint", "URI under which requesters reach it"))
  .addOption(text("blsKeyFile", "Seed of its beacon key; made when it does not exist. Back it up"))
  .addOption(text("stake", "Stake to reach first, in whole LAT; default: leave it as it is"))
  .addOption(text("payout", "Receiver of earnings; default: the account, or what is registered"))
  .addOption(
    text("accelerators", "What it computes with: cpu, cuda, rocm, webgpu, coreml, directml", "cpu"),
  )
  .addOption(text("memoryMib", "Memory of a run, MiB; default: this machine's"))
  .addOption(text("maxTensorMib", "Largest tensor, MiB", "64"))
  .addOption(text("tiers", "Tiers it serves: zk, optimistic, quorum", "zk"))
  .addOption(text("maxCollateral", "Most to stake on one job, in whole LAT", "1000"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./register.ts"))
  .build();

const stake = task("provider:stake", "Adds LAT to the account's stake")
  .addOption(text("amount", "How much, in whole LAT"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./stake.ts"))
  .build();

const unstake = task(
  "provider:unstake",
  "Takes stake out: starts its thaw, and pays it out in a later run when that is over",
)
  .addOption(text("amount", "How much, in whole LAT; default: all that backs no job"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./unstake.ts"))
  .build();

const drain = task("provider:drain", "Stops new work for the account; open jobs go on")
  .addFlag({ name: "resume", description: "Take new work again" })
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./drain.ts"))
  .build();

const list = task("provider:list", "Lists registered providers, in the order they joined")
  .addOption(text("model", "Only those in the pool of this model version"))
  .addOption(text("offset", "How many to skip", "0"))
  .addOption(text("limit", "How many to show at most", "50"))
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./list.ts"))
  .build();

const show = task(
  "provider:show",
  "Shows a provider: registration, stake, weight, offers, earnings",
)
  .addOption(provider)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./show.ts"))
  .build();

/** Tasks about providers. */
export const providerTasks: TaskDefinition[] = [
  register,
  stake,
  unstake,
  drain,
  list,
  show,
  attestTask,
];

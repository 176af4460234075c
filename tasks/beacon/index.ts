import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, from, json, text } from "../support/options.ts";

const status = task("beacon:status", "Shows the beacon: epoch, seed, leader, next window")
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./status.ts"))
  .build();

const reveal = task("beacon:reveal", "Begins the next epoch with the beacon key that leads it")
  .addOption(text("blsKeyFile", "File with the seed of the beacon key"))
  .addFlag({
    name: "bootstrap",
    description: "Begin the epoch without a leader, while no provider has weight",
  })
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./reveal.ts"))
  .build();

/** Tasks about the randomness beacon. */
export const beaconTasks: TaskDefinition[] = [status, reveal];

import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, from, json, text } from "../support/options.ts";

const spend = task(
  "treasury:spend",
  "Proposes to spend from the treasury; without an amount shows what is available",
)
  .addOption(text("amount", "How much, in whole tokens (0.5)"))
  .addOption(text("to", "Receiver"))
  .addOption(text("token", "Token; default: LAT"))
  .addOption(text("description", "Why: text of the proposal, or @file to read it from"))
  .addFlag({ name: "collect", description: "First collect the fees that wait in the escrow" })
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./spend.ts"))
  .build();

/** Tasks about the treasury. */
export const treasuryTasks: TaskDefinition[] = [spend];

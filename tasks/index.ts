import type { TaskDefinition } from "hardhat/types/tasks";
import { beaconTasks } from "./beacon/index.ts";
import { governanceTasks } from "./gov/index.ts";
import { jobTasks } from "./job/index.ts";
import { modelTasks } from "./model/index.ts";
import { providerTasks } from "./provider/index.ts";
import { sessionTasks } from "./session/index.ts";
import { trainingTasks } from "./training/index.ts";
import { treasuryTasks } from "./treasury/index.ts";
import { keyTasks } from "./zk/index.ts";

/** Every task of this folder, for hardhat.config.ts. */
export const tasks: TaskDefinition[] = [
  ...modelTasks,
  ...jobTasks,
  ...sessionTasks,
  ...providerTasks,
  ...beaconTasks,
  ...governanceTasks,
  ...trainingTasks,
  ...treasuryTasks,
  ...keyTasks,
];

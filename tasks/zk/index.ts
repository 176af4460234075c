import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { buildDir, json, text } from "../support/options.ts";

const ceremony = text("ceremony", "Directory of the ceremony");
const ptauHash = text(
  "ptauHash",
  "BLAKE2b-512 that the powers of tau must have; default: that of the published file",
);
const ptau = text("ptau", "Prepared powers of tau; default: the file that zk:setup linked");

const setup = task("zk:setup", "Compiles a model's circuit and starts a ceremony for its key")
  .addOption(text("model", "The model, ONNX in integer form"))
  .addOption(text("jobs", "Jobs that one proof covers", "1"))
  .addOption(text("ptau", "Powers of tau, prepared for phase 2 (not with --dev)"))
  .addOption(ptauHash)
  .addOption(text("out", "Directory to make; default: ceremony/<circuit>"))
  .addOption(buildDir)
  .addFlag({ name: "dev", description: "Make the deterministic development key instead" })
  .addFlag(json)
  .setAction(() => import("./setup.ts"))
  .build();

const contribute = task("zk:contribute", "Adds a contribution, and forgets its secret")
  .addOption(ceremony)
  .addOption(text("name", "Who contributes, as the key will say"))
  .addOption(text("entropyEnv", "Environment variable whose text is mixed in as well"))
  .addFlag(json)
  .setAction(() => import("./contribute.ts"))
  .build();

const beacon = task("zk:beacon", "Closes a ceremony with a public random value")
  .addOption(ceremony)
  .addOption(text("beacon", "The value, in hexadecimal digits"))
  .addOption(text("iterationsExp", "It is hashed two to this many times: 10 to 63", "10"))
  .addOption(text("source", 'Where everybody can read it, such as "drand round 4242"'))
  .addFlag(json)
  .setAction(() => import("./beacon.ts"))
  .build();

const verify = task("zk:verify", "Checks a ceremony from circuit and powers of tau to its last key")
  .addOption(ceremony)
  .addOption(ptau)
  .addOption(ptauHash)
  .addOption(text("model", "Compile this model too, and compare its circuit"))
  .addOption(buildDir)
  .addFlag(json)
  .setAction(() => import("./verify.ts"))
  .build();

const exportKey = task(
  "zk:export",
  "Verifies a ceremony and writes its verifiers and manifest entry",
)
  .addOption(ceremony)
  .addOption(text("contract", "Name of the verifier; it ends in Verifier, without Dev"))
  .addOption(ptau)
  .addOption(ptauHash)
  .addOption(text("out", "Directory to write to; default: <ceremony>/export"))
  .addOption(buildDir)
  .addFlag({ name: "batch", description: "Also write the verifier of batches" })
  .addFlag({ name: "install", description: "Prove with this key from now on (in --build-dir)" })
  .addFlag(json)
  .setAction(() => import("./export.ts"))
  .build();

/** Tasks about proving keys. */
export const keyTasks: TaskDefinition[] = [setup, contribute, beacon, verify, exportKey];

import { parentPort } from "node:worker_threads";
import { type HashJob, takeWindows } from "./hash-job.ts";
import { KeccakArena } from "./keccak/keccak-arena.ts";

const arena = new KeccakArena();
parentPort?.on("message", (job: HashJob) => {
  takeWindows(job, arena);
  parentPort?.postMessage(null);
});

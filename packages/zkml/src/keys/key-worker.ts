import { parentPort, workerData } from "node:worker_threads";
import { makeDevelopmentKey } from "./development-key.ts";

// Keys are made off the main thread so that progress is still shown and a caller can give up.
const { r1csPath, zkeyPath } = workerData as { r1csPath: string; zkeyPath: string };
parentPort?.postMessage(await makeDevelopmentKey(r1csPath, zkeyPath));

import { readFile } from "node:fs/promises";
import { BinaryProver } from "../../../packages/zkml/src/prover/binary-prover.ts";
import { SnarkjsProver } from "../../../packages/zkml/src/prover/snarkjs-prover.ts";
import { decodeTask, type ProofFigures } from "./measure.ts";

// Makes one proof from files and prints what it took, then ends: the peak is that of one proof.
const [taskPath, binary] = process.argv.slice(2);
if (taskPath === undefined) throw new Error("usage: prove-process.ts TASK [BINARY]");
const request = decodeTask(await readFile(taskPath, "utf8"));
const prover = binary === undefined ? new SnarkjsProver() : new BinaryProver({ path: binary });
const result = await prover.proveSignals(request);
const own = process.resourceUsage().maxRSS * 1024;
const figures: ProofFigures = {
  proof: result.proof.map(String),
  witnessSeconds: result.witnessSeconds,
  proveSeconds: result.proveSeconds,
  // A program's memory is not that of this process, which at least made the witness.
  peakBytes: Math.max(own, result.peakMemoryBytes),
};
console.log(JSON.stringify(figures));

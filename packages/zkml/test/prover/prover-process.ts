import { buildModelCircuit } from "../../src/circuit/build.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { SnarkjsProver } from "../../src/prover/snarkjs-prover.ts";
import { tinyMlp } from "../circuit/graphs.ts";

// Proves once and neither closes the prover nor exits: the process has to end by itself.
const [cacheDir] = process.argv.slice(2);
if (cacheDir === undefined) throw new Error("usage: prover-process.ts CACHE_DIR");
const circuit = await buildModelCircuit({ graph: tinyMlp(), name: "tiny", cacheDir });
const input = createTensor("uint8", [1, 3], [1, 2, 3]);
await new SnarkjsProver().prove({ circuit, context: 1n, input });

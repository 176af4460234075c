import { buildModelCircuit } from "../../src/circuit/build.ts";
import { tinyMlp } from "./graphs.ts";

const [cacheDir] = process.argv.slice(2);
if (cacheDir === undefined) throw new Error("usage: builder-process.ts CACHE_DIR");
let compiled = false;
const { zkeyHash } = await buildModelCircuit({
  graph: tinyMlp(),
  name: "tiny",
  cacheDir,
  onProgress: (step) => {
    compiled ||= step === "compile";
  },
});
process.stdout.write(`${JSON.stringify({ zkeyHash, compiled })}\n`);

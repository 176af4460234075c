import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawSamples, type SampleOptions } from "./training/samples.ts";

const USAGE = `Writes drawn digits as images.npy (float32 in [0, 1]) and labels.npy (uint8). The same options give the same bytes.

  node packages/zkml/models/samples.ts --out DIR [--count 500] [--set held-out|calibration] [--flat]

  --set   calibration: drawings that the models were trained on; held-out (default): others
  --flat  shape [count, 784] for dense networks; default [count, 1, 28, 28]
`;
const MOST = 100_000;

function readOptions(): SampleOptions & { readonly out: string } {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      count: { type: "string", default: "500" },
      set: { type: "string", default: "held-out" },
      flat: { type: "boolean", default: false },
    },
  });
  const { out, set, flat } = values;
  const count = Number(values.count);
  if (out === undefined) throw new Error("--out is missing");
  if (!Number.isInteger(count) || count < 1 || count > MOST) {
    throw new Error(`--count must be an integer from 1 to ${MOST}, not ${values.count}`);
  }
  if (set !== "calibration" && set !== "held-out") {
    throw new Error(`--set must be calibration or held-out, not ${set}`);
  }
  return { out, count, set, flat };
}

async function main(): Promise<void> {
  const { out, ...options } = readOptions();
  const { images, labels } = drawSamples(options);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, "images.npy"), images);
  await writeFile(join(out, "labels.npy"), labels);
  console.log(`wrote ${options.count} drawings to ${out}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}

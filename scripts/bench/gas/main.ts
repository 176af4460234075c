// Gas of the whole protocol on one in-memory chain, and sizes of its bytecode (npm run bench:gas).
import { readOptions } from "../support/read-options.ts";
import { buildProduct, refusalOf } from "./build.ts";
import { type Figures, orderedNames } from "./figures.ts";
import { DOCUMENT, writeDocument } from "./markdown.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { consoleTable, missedTargets } from "./report.ts";
import { runBenchmark } from "./run.ts";
import { bytecodeSizes, oversized } from "./sizes.ts";
import {
  driftFrom,
  GAS_SNAPSHOT,
  type Numbers,
  readSnapshot,
  SIZE_SNAPSHOT,
  shown,
  UPDATE_ADVICE,
  writeSnapshot,
} from "./snapshot.ts";

/** Figures in the order of the report. */
function ordered(figures: Figures): Figures {
  return Object.fromEntries(orderedNames(figures).map((name) => [name, figures[name] ?? 0]));
}

/** Writes the snapshot, or compares with it, as told. Returns what is wrong. */
async function against(file: string, measured: Numbers, options: Options): Promise<string[]> {
  if (options.snapshot) await writeSnapshot(file, measured);
  if (!options.check) return [];
  const drift = driftFrom(await readSnapshot(file), measured);
  if (drift.length === 0) return [];
  return [`${shown(file)} allows a drift of 2 % either way:`, ...drift, UPDATE_ADVICE];
}

async function measureGas(options: Options): Promise<string[]> {
  const figures = ordered(await runBenchmark((line) => console.error(`bench: ${line}`)));
  const faults = await against(GAS_SNAPSHOT, figures, options);
  if (options.write) await writeDocument(figures);
  console.log(options.json ? JSON.stringify(figures) : consoleTable(figures));
  for (const line of missedTargets(figures)) console.error(`bench: ${line}`);
  return faults;
}

const options = readOptions(parseOptions, USAGE);
const refusal = refusalOf(process.env);
if (refusal !== undefined) {
  console.error(refusal);
  process.exit(2);
}
await buildProduct();
const sizes = await bytecodeSizes();
const faults = [...oversized(sizes), ...(await against(SIZE_SNAPSHOT, sizes, options))];
if (!options.sizes) faults.push(...(await measureGas(options)));
if (options.write) console.error(`bench: wrote ${DOCUMENT}`);
if (faults.length > 0) console.error(faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;

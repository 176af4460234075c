// What proofs cost: constraints, seconds, memory, key size and gas (npm run bench:prove).
import { readOptions } from "../support/read-options.ts";
import { DOCUMENT, writeDocument } from "./markdown.ts";
import { parseOptions, USAGE } from "./options.ts";
import { type Row, runBenchmark } from "./run.ts";

function describe({ circuit, prover, constraints, skipped, ...row }: Row): string {
  if (skipped !== undefined) return `${circuit}: ${constraints} constraints, ${skipped}`;
  return (
    `${circuit}: ${constraints} constraints, ${prover}: witness ${row.witnessSeconds} s, ` +
    `proof ${row.proveSeconds} s, peak ${row.peakMiB} MiB, key ${row.keyMiB} MiB, ${row.verifyGas} gas`
  );
}

const { json, write, subjects, binary } = readOptions(parseOptions, USAGE);
const rows = await runBenchmark(subjects, binary, (line) => console.error(`bench: ${line}`));
if (write) {
  await writeDocument(rows);
  console.error(`bench: wrote ${DOCUMENT}`);
}
console.log(json ? JSON.stringify({ rows }) : rows.map(describe).join("\n"));

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../solc/compile.ts";
import { grouped, table } from "../support/markdown-table.ts";
import { PEER } from "./peer/circomlib-ml.ts";
import type { Row } from "./run.ts";

/** Relative to the repository. */
export const DOCUMENT = "docs/benchmarks/proving.md";

const METHOD = `## Method

\`npm run bench:prove\` builds every circuit, proves it once with each prover and verifies the proof on a chain in memory; add
\`-- --json\` for one line of JSON at the end, \`-- --write\` to write this page, \`-- --only NAME,…\` for some circuits,
\`-- --binary PATH\` for a program with rapidsnark's command line beside snarkjs.

- **Proof**: in a fresh process that reads witness calculator and key from files, makes one proof and ends. *Peak* is the
  largest resident size of that whole process, its own code included. *Witness* and *prove* are measured around
  the two phases, without the start of the process and of its threads.
- **Build**: *compile* is circom (compiled to WebAssembly), with full simplification unless a model has so many products
  with constants that the generator chooses quick; *key* is the development key. Both are taken when the circuit was built,
  which is kept in build/circuits from run to run.
- **Gas** is that of a whole transaction that calls the exported verifier with this proof: base and calldata included.
- **Float models** are imported with 300 drawings to calibrate, and prove a drawing that nothing saw before.
- **Expected outputs** come from the reference interpreter, or from integers computed apart: a proof of anything else fails.
- **circomlib-ml** is measured on the same layer sizes, with the same compiler, key maker and prover. It is not the same
  statement: its weights are private inputs that nothing commits to (ours are constants that the key fixes), its input
  and output have no commitment, and its sums are never scaled back to eight bits. A ratio above 1 says how many times
  more it takes.
- Seconds depend on the machine and on what else it does; constraints, key sizes and gas do not.
`;

export async function writeDocument(rows: readonly Row[]): Promise<void> {
  await writeFile(join(ROOT, DOCUMENT), await document(rows));
}

/** The page as text. */
export async function document(rows: readonly Row[]): Promise<string> {
  const measured = rows.map((row) => [
    `\`${row.circuit}\``,
    row.what,
    row.prover,
    grouped(row.constraints),
    shown(row.witnessSeconds),
    shown(row.proveSeconds),
    shown(row.peakMiB),
    shown(row.keyMiB),
    shown(row.compileSeconds),
    shown(row.keySeconds),
    row.verifyGas === null ? "" : grouped(row.verifyGas),
  ]);
  const head = [
    "Circuit",
    "What",
    "Prover",
    "Constraints",
    "Witness s",
    "Prove s",
    "Peak MiB",
    "Key MiB",
    "Compile s",
    "Key s",
    "Gas",
  ];
  const skipped = rows.flatMap(({ circuit, skipped: reason }) =>
    reason === undefined ? [] : [`\`${circuit}\` is ${reason}.`],
  );
  return `${[
    "# Proving",
    "<!-- Written by npm run bench:prove -- --write. -->",
    await machine(),
    table(head, measured, (column) => column >= 3),
    ...skipped,
    "## Beside circomlib-ml",
    table(
      ["Circuit", "Beside", "Constraints", "Prove", "Peak", "Key", "Gas"],
      ratios(rows),
      (column) => column >= 2,
    ),
    METHOD.trimEnd(),
  ].join("\n\n")}\n`;
}

async function machine(): Promise<string> {
  const require = createRequire(import.meta.url);
  const version = async (name: string) => {
    const text = await readFile(require.resolve(`${name}/package.json`), "utf8");
    return (JSON.parse(text) as { version: string }).version;
  };
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  return (
    `Measured on ${date}: ${processors.length} × ${processors[0]?.model ?? "unknown processor"}, ${memory} GiB; ` +
    `Node ${process.versions.node}, circom2 ${await version("circom2")}, snarkjs ${snarkjsVersion(require)}, ${PEER}.`
  );
}

/** The package does not export its manifest. */
function snarkjsVersion(require: NodeJS.Require): string {
  const manifest = join(require.resolve("snarkjs"), "..", "..", "package.json");
  return (require(manifest) as { version: string }).version;
}

function ratios(rows: readonly Row[]): string[][] {
  return rows.flatMap((row) => {
    const ours = rows.find(
      ({ circuit, prover }) => circuit === row.beside && prover === row.prover,
    );
    if (ours === undefined) return [];
    const figures = ["constraints", "proveSeconds", "peakMiB", "keyMiB", "verifyGas"] as const;
    return [
      [
        `\`${row.circuit}\``,
        `\`${ours.circuit}\` (${row.prover})`,
        ...figures.map((figure) => ratio(row[figure], ours[figure])),
      ],
    ];
  });
}

function ratio(theirs: number | null, ours: number | null): string {
  return theirs === null || ours === null ? "" : (theirs / ours).toFixed(2);
}

function shown(value: number | null): string {
  return value === null ? "" : String(value);
}

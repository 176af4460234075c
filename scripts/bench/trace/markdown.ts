import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../solc/compile.ts";
import { grouped, table } from "../support/markdown-table.ts";
import type { HashingRow } from "./hashing.ts";
import type { Row } from "./measure.ts";

/** Relative to the repository. */
export const DOCUMENT = "docs/benchmarks/trace.md";

export interface Figures {
  readonly rows: readonly Row[];
  readonly hashing: readonly HashingRow[];
  readonly rounds: number;
  readonly threads: number;
}

const METHOD = `## Method

\`npm run bench:trace\` runs each model in three ways, in turn and many times over; add \`-- --json\` for one line of JSON at the
end, \`-- --write\` to write this page, \`-- --only NAME,…\` for some models, \`-- --rounds N\`, \`-- --threads N\`.

- **Plain** is ONNX Runtime with the model's outputs only. **Kept** is one ONNX Runtime session that gives every tensor of the
  trace, sums of parts among them: what anyone needs who keeps a trace at all. **Traced** is the same tensors and the
  commitment to them: packed, hashed, every tree kept, from the call to the trace root. Milliseconds are medians.
- **Ratio** is the median over rounds of traced through kept, which ran one after the other: by the clock, where hashing in a
  thread beside ONNX Runtime's hides some of it, and in processor time of all threads, which depends less on what else
  the machine does. *Best* is that of the fastest run of either way: what a machine comes to that does nothing else.
- **Trace** is what is hashed: all tensors, packed in whole chunks. *Multiplications a byte* decide the ratio: hashing takes the
  same time for a byte whatever it took to compute it.
- **Peak** is the largest resident size of a process that keeps, or commits to, the tensors of eight runs one after the other,
  the making of the model included.
- **Hashing** is of chunks of 1,024 bytes and the tree over them, on one thread.
`;

export async function writeDocument(figures: Figures): Promise<void> {
  await writeFile(join(ROOT, DOCUMENT), document(figures));
}

/** The page as text. */
export function document({ rows, hashing, rounds, threads }: Figures): string {
  const measured = rows.map((row) => [
    `\`${row.model}\``,
    row.what,
    grouped(row.multiplications),
    grouped(row.traceBytes),
    (row.multiplications / row.traceBytes).toFixed(0),
    milliseconds(row.plainSeconds),
    milliseconds(row.keptSeconds),
    milliseconds(row.tracedSeconds),
    row.ratio.toFixed(2),
    row.processorRatio.toFixed(2),
    row.bestRatio.toFixed(2),
    row.target === null ? "" : `≤ ${row.target}`,
    String(row.keptPeakMiB),
    String(row.tracedPeakMiB),
  ]);
  const head = [
    "Model",
    "What",
    "Multiplications",
    "Trace bytes",
    "Multiplications a byte",
    "Plain ms",
    "Kept ms",
    "Traced ms",
    "Ratio",
    "Ratio, processor",
    "Ratio, best",
    "Target",
    "Kept peak MiB",
    "Traced peak MiB",
  ];
  const speeds = hashing.map((row) => [row.hash, row.mebibytesPerSecond.toFixed(0)]);
  return `${[
    "# Committing to a trace",
    "<!-- Written by npm run bench:trace -- --write. -->",
    machine(rounds, threads),
    table(head, measured, (column) => column >= 2),
    "## Hashing",
    table(["Hash", "MiB/s"], speeds, (column) => column >= 1),
    METHOD.trimEnd(),
  ].join("\n\n")}\n`;
}

function machine(rounds: number, threads: number): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  const [load] = loadavg() as [number];
  const runtime = createRequire(import.meta.url)("onnxruntime-node/package.json") as {
    version: string;
  };
  return (
    `Measured on ${date}: ${processors.length} × ${processors[0]?.model ?? "unknown processor"}, ${memory} GiB, load ${load.toFixed(1)}; ` +
    `Node ${process.versions.node}, onnxruntime-node ${runtime.version}. ${rounds} rounds; threads of ONNX Runtime and for hashing: ${threads} each.`
  );
}

function milliseconds(seconds: number): string {
  return (1000 * seconds).toPrecision(3);
}

// What committing to a trace costs beside computing it (npm run bench:trace).
import { readOptions } from "../support/read-options.ts";
import { measureHashing } from "./hashing.ts";
import { DOCUMENT, type Figures, writeDocument } from "./markdown.ts";
import { measureModel, type Row } from "./measure.ts";
import { parseOptions, USAGE } from "./options.ts";

function describe({ model, target, ...row }: Row): string {
  const [plain, kept, traced] = [row.plainSeconds, row.keptSeconds, row.tracedSeconds].map(
    (seconds) => (1000 * seconds).toPrecision(3),
  );
  return (
    `${model}: plain ${plain} ms, kept ${kept} ms, traced ${traced} ms, ratio ${row.ratio.toFixed(2)} ` +
    `(processor ${row.processorRatio.toFixed(2)}, best ${row.bestRatio.toFixed(2)}${target === null ? "" : `, target ${target}`}), ` +
    `${row.traceBytes} bytes, peak ${row.keptPeakMiB} → ${row.tracedPeakMiB} MiB`
  );
}

const { json, write, subjects, rounds, threads } = readOptions(parseOptions, USAGE);
const rows: Row[] = [];
for (const subject of subjects) {
  console.error(`bench: ${subject.name}`);
  rows.push(await measureModel(subject, rounds, threads));
}
const hashing = measureHashing();
const figures: Figures = { rows, hashing, rounds, threads };
if (write) {
  await writeDocument(figures);
  console.error(`bench: wrote ${DOCUMENT}`);
}
const speeds = hashing.map((row) => `${row.hash}: ${row.mebibytesPerSecond.toFixed(0)} MiB/s`);
console.log(json ? JSON.stringify(figures) : [...rows.map(describe), ...speeds].join("\n"));

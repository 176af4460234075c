import { writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import {
  type FloatSamples,
  type ImportProgress,
  type ImportReport,
  importModel,
  type LayerReport,
  readNpy,
  renderImportReport,
} from "@lattice/zkml";
import { NodeError } from "../../shared/errors.ts";
import { toJson } from "../../shared/json.ts";
import { type Output, printRecord, printTable } from "../output.ts";
import type { ImportCommandOptions } from "./commands.ts";
import { grouped, readBytes } from "./support.ts";

/** `lattice model import` */
export async function importCommand(
  file: string,
  options: ImportCommandOptions,
  output: Output,
): Promise<void> {
  const { out, name, weightBits } = options;
  const labels = await readLabels(options.labels);
  const heldOut = await readHeldOut(options);
  const imported = await importModel(file, {
    calibration: await readSamples(options.calibration),
    ...(labels === undefined ? {} : { labels }),
    ...(heldOut === undefined ? {} : { heldOut }),
    ...(name === undefined ? {} : { name }),
    ...(weightBits === undefined ? {} : { weightBits }),
    onProgress: progress(output),
  });
  const { report } = imported;
  await writeFile(out, imported.onnx);
  const figures = `${out.slice(0, out.length - extname(out).length)}.import.json`;
  await writeFile(figures, `${JSON.stringify(report, null, 2)}\n`);
  if (options.report !== undefined) await writeFile(options.report, renderImportReport(report));
  if (options.json) {
    output.write(toJson({ model: out, figures, page: options.report ?? null, report }));
    return;
  }
  printTable(output, HEADINGS, report.layers.map(row));
  output.write("");
  printRecord(false, output, {}, [
    ["model", `${out} (${grouped(imported.onnx.byteLength)} bytes)`],
    ["figures", figures],
    ...(options.report === undefined ? [] : [["page", options.report] as const]),
    ["ranges by", report.method],
    ["MACs", grouped(report.totals.macs)],
    ["widest sum", `${report.totals.widestAccumulator} bits`],
    ["input", `${report.input.elementType}, real value ${real(report.input)}`],
    ...comparison("calibration", report.calibration),
    ...(report.heldOut === undefined ? [] : comparison("held out", report.heldOut)),
    ...report.notes.map((note): [string, string] => ["note", note]),
  ]);
}

const NOTE_MS = 1_000;
const HEADINGS = ["operator", "node", "output", "sum bits", "weight bits", "noise, dB", "clipped"];

function row(layer: LayerReport): string[] {
  const { operator, node, shape, accumulatorBits, weightBits } = layer;
  const { sqnrDb, saturatedShare } = layer.heldOut ?? layer.calibration;
  return [
    operator,
    node,
    shape.join("×"),
    accumulatorBits === undefined ? "" : `${accumulatorBits}`,
    weightBits === undefined ? "" : `${weightBits}`,
    sqnrDb === null ? "exact" : sqnrDb.toFixed(1),
    `${(100 * saturatedShare).toFixed(2)} %`,
  ];
}

function comparison(
  what: string,
  {
    samples,
    sqnrDb,
    top1Agreement,
    floatAccuracy,
    integerAccuracy,
    pointsLost,
  }: ImportReport["calibration"],
): [string, string][] {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const rows: [string, string][] = [
    [what, `${samples} samples, ${sqnrDb === null ? "no noise" : `${sqnrDb.toFixed(1)} dB`}`],
  ];
  if (top1Agreement !== null) rows.push(["  same class", percent(top1Agreement)]);
  if (floatAccuracy !== undefined && integerAccuracy !== undefined) {
    rows.push([
      "  accuracy",
      `${percent(floatAccuracy)} float, ${percent(integerAccuracy)} integer: ${(pointsLost ?? 0).toFixed(2)} points lost`,
    ]);
  }
  return rows;
}

function real({ scale, zeroPoint }: ImportReport["input"]): string {
  return zeroPoint === 0 ? `${scale} · q` : `${scale} · (q − ${zeroPoint})`;
}

/** One line when a step begins, and one a second while it takes its time. */
function progress(output: Output): (progress: ImportProgress) => void {
  let last = { step: "", at: 0 };
  return ({ step, done, total }) => {
    const now = performance.now();
    if (step === last.step && now - last.at < NOTE_MS) return;
    output.note?.(`${step}: ${done} of ${total}`);
    last = { step, at: now };
  };
}

async function readSamples(file: string): Promise<FloatSamples> {
  return readNpy(await readBytes(file, `samples`));
}

async function readLabels(file: string | undefined): Promise<ArrayLike<number> | undefined> {
  return file === undefined ? undefined : (await readSamples(file)).data;
}

async function readHeldOut({ heldOut, heldOutLabels }: ImportCommandOptions) {
  if (heldOut === undefined) {
    if (heldOutLabels === undefined) return undefined;
    throw new NodeError("USAGE", `--held-out-labels ${basename(heldOutLabels)} needs --held-out`);
  }
  const labels = await readLabels(heldOutLabels);
  return { samples: await readSamples(heldOut), ...(labels === undefined ? {} : { labels }) };
}

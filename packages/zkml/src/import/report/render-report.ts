import type { ComparisonReport, ImportReport, LayerReport, TensorReport } from "./report.ts";
import { escapeHtml, layerChart } from "./report-chart.ts";
import { REPORT_STYLE } from "./report-style.ts";

/** A self-contained HTML page with the figures, a chart of the layers and their table. */
export function renderImportReport(report: ImportReport): string {
  const title = `Import of ${escapeHtml(report.model)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="quiet">From float to integers: ${samplesText(report)}; ranges by ${escapeHtml(report.method)}.</p>
<div class="cards">${cards(report).join("")}</div>
<h2>Signal to quantisation noise</h2>
<div class="panel">${legend(report)}${layerChart(report.layers)}</div>
<h2>Layers</h2>
<div class="panel">${layerTable(report.layers)}
<p class="quiet">The last three columns are of the ${report.heldOut === undefined ? "calibration" : "held-out"} samples.</p></div>
<h2>Input and output</h2>
<div class="panel">${tensorTable(report)}
<p class="quiet">A real value is scale · (q − zero point).</p></div>
${notes(report)}
</main>
</body>
</html>
`;
}

function samplesText({ calibration, heldOut }: ImportReport): string {
  const measured =
    heldOut === undefined ? "" : `, measured on ${heldOut.samples} held-out ones too`;
  return `calibrated on ${calibration.samples} samples${measured}`;
}

function cards(report: ImportReport): string[] {
  const shown = report.heldOut ?? report.calibration;
  const { totals } = report;
  return [
    ...accuracyCards(shown),
    card(shown.top1Agreement === null ? "–" : percent(shown.top1Agreement), "top-1 agreement"),
    card(decibels(shown.sqnrDb), "output signal to noise"),
    card(`${totals.widestAccumulator} bits`, "widest accumulator"),
    card(short(totals.macs), "multiplications"),
    card(short(totals.parameters), "parameters"),
  ];
}

function accuracyCards({ floatAccuracy, integerAccuracy, pointsLost }: ComparisonReport): string[] {
  if (floatAccuracy === undefined || integerAccuracy === undefined) return [];
  const lost = pointsLost ?? 0;
  const grade = lost <= 1 ? "good" : lost <= 3 ? "fair" : "poor";
  return [
    card(percent(floatAccuracy), "accuracy in float"),
    card(percent(integerAccuracy), "accuracy in integers"),
    card(`<span class="${grade}">${lost.toFixed(2)}</span>`, "points lost"),
  ];
}

function card(value: string, label: string): string {
  return `<div class="card"><b>${value}</b><span>${label}</span></div>`;
}

function legend({ heldOut }: ImportReport): string {
  if (heldOut === undefined) return "";
  return `<p><span class="key"><i></i>calibration</span><span class="key"><i class="second"></i>held out</span></p>`;
}

const COLUMNS: readonly (readonly [string, (layer: LayerReport) => string])[] = [
  ["Layer", ({ name }) => `<code>${escapeHtml(name)}</code>`],
  ["Operator", ({ operator }) => escapeHtml(operator)],
  ["Shape", ({ shape }) => shape.join(" × ")],
  ["Weight bits", ({ weightBits }) => optional(weightBits)],
  ["Sum bits", ({ accumulatorBits }) => optional(accumulatorBits)],
  ["Bits", ({ activationBits }) => `${activationBits}`],
  ["Scale", ({ scale }) => scale.toPrecision(4)],
  ["Zero point", ({ zeroPoint }) => `${zeroPoint}`],
  ["Shift", ({ shifts }) => (shifts ?? []).join(", ") || "–"],
  ["Multiplier", ({ multiplierBits }) => optional(multiplierBits, " bits")],
  ["Saturated", (layer) => percent(shownErrors(layer).saturatedShare)],
  ["Max error", (layer) => shownErrors(layer).maxError.toPrecision(3)],
  ["SQNR", (layer) => decibels(shownErrors(layer).sqnrDb)],
];

/** As the cards and the command line show them: of samples that calibration has not seen, if any. */
function shownErrors({ heldOut, calibration }: LayerReport): LayerReport["calibration"] {
  return heldOut ?? calibration;
}

function layerTable(layers: readonly LayerReport[]): string {
  const head = COLUMNS.map(([title]) => `<th>${title}</th>`).join("");
  const rows = layers.map(
    (layer) => `<tr>${COLUMNS.map(([, cell]) => `<td>${cell(layer)}</td>`).join("")}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
}

function tensorTable({ input, output }: ImportReport): string {
  const row = (role: string, { name, elementType, shape, scale, zeroPoint }: TensorReport) =>
    `<tr><td>${role}</td><td><code>${escapeHtml(name)}</code></td><td>${elementType}</td>` +
    `<td>${shape.join(" × ")}</td><td>${scale.toPrecision(8)}</td><td>${zeroPoint}</td></tr>`;
  return `<table><thead><tr><th>Role</th><th>Name</th><th>Type</th><th>Shape</th><th>Scale</th><th>Zero point</th></tr></thead><tbody>${row("input", input)}${row("output", output)}</tbody></table>`;
}

function notes({ notes: list }: ImportReport): string {
  if (list.length === 0) return "";
  return `<h2>Notes</h2>\n<ul>${list.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>`;
}

function optional(value: number | undefined, unit = ""): string {
  return value === undefined ? "–" : `${value}${unit}`;
}

function decibels(value: number | null): string {
  return value === null ? "exact" : `${value.toFixed(1)} dB`;
}

function percent(share: number): string {
  const value = 100 * share;
  if (value > 0 && value < 0.01) return "&lt; 0.01 %";
  return `${value.toFixed(value === 0 || value === 100 ? 0 : 2)} %`;
}

function short(value: number): string {
  const units = ["", " k", " M", " G"];
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), 3);
  const scaled = value / 1000 ** power;
  return `${power === 0 ? scaled : scaled.toFixed(scaled < 10 ? 2 : 1)}${units[power]}`;
}

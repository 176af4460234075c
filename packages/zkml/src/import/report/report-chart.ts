import type { LayerReport } from "./report.ts";

const ROW = 34;
const LABELS = 210;
const WIDTH = 1000;
const RIGHT = 90;
const TOP = 8;
const BOTTOM = 30;
const LONGEST_LABEL = 30;

/** Bars of the signal-to-noise ratio of every layer, in decibels; the second bar is held out. */
export function layerChart(layers: readonly LayerReport[]): string {
  const measured = layers.flatMap(({ calibration, heldOut }) => [
    calibration.sqnrDb ?? 0,
    heldOut?.sqnrDb ?? 0,
  ]);
  const most = Math.max(10, Math.ceil(Math.max(...measured) / 10) * 10);
  const x = (decibels: number) =>
    LABELS + (Math.max(decibels, 0) / most) * (WIDTH - LABELS - RIGHT);
  const height = TOP + layers.length * ROW + BOTTOM;
  const grid = Array.from({ length: most / 10 + 1 }, (_, i) => gridLine(x(10 * i), height, 10 * i));
  const rows = layers.map((layer, index) => row(layer, TOP + index * ROW, x));
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Signal to quantisation noise of each layer, in decibels">
${[...grid, ...rows].join("\n")}
</svg>`;
}

function gridLine(x: number, height: number, decibels: number): string {
  const bottom = height - BOTTOM;
  return (
    `<line class="grid" x1="${round(x)}" x2="${round(x)}" y1="${TOP}" y2="${bottom}"/>` +
    `<text class="axis" x="${round(x)}" y="${bottom + 18}" text-anchor="middle">${decibels} dB</text>`
  );
}

function row(
  { name, operator, calibration, heldOut }: LayerReport,
  y: number,
  x: (decibels: number) => number,
): string {
  const label = shorten(`${name} · ${operator}`);
  const bars = [calibration, heldOut].flatMap((errors, index) => {
    if (errors === undefined) return [];
    const tall = heldOut === undefined ? 18 : 10;
    const top = y + (heldOut === undefined ? 8 : 6 + index * 11);
    const end = x(errors.sqnrDb ?? Number.POSITIVE_INFINITY);
    const width = Math.min(end, WIDTH - RIGHT) - LABELS;
    const style = index === 0 ? "bar" : "bar second";
    return [
      `<rect class="${style}" x="${LABELS}" y="${top}" width="${round(Math.max(width, 1))}" height="${tall}" rx="2"/>`,
    ];
  });
  const measured = heldOut === undefined ? [calibration] : [calibration, heldOut];
  const values = measured.map(({ sqnrDb }) => (sqnrDb === null ? "exact" : sqnrDb.toFixed(1)));
  const ends = measured.map(({ sqnrDb }) => x(sqnrDb ?? Number.POSITIVE_INFINITY));
  const end = Math.min(Math.max(...ends), WIDTH - RIGHT);
  return (
    `<text x="${LABELS - 10}" y="${y + 21}" text-anchor="end">${escapeHtml(label)}</text>` +
    bars.join("") +
    `<text x="${round(end + 6)}" y="${y + 21}">${values.join(" / ")}</text>`
  );
}

function shorten(label: string): string {
  return label.length <= LONGEST_LABEL ? label : `…${label.slice(1 - LONGEST_LABEL)}`;
}

function round(value: number): string {
  return value.toFixed(1);
}

/** Names come from the model and may hold anything. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

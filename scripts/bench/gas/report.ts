import { grouped } from "../support/markdown-table.ts";
import { type FigureInfo, type Figures, HEADLINES, orderedNames } from "./figures.ts";

/** A headline as the report shows it. */
export interface Row extends FigureInfo {
  readonly gas: number;
  /** Of the target, when there is one. */
  readonly ratio: number | undefined;
  readonly verdict: "met" | "missed" | "no target";
}

export function headlineRows(figures: Figures): Row[] {
  return HEADLINES.map((info: FigureInfo) => {
    const gas = figures[info.name];
    if (gas === undefined) throw new Error(`${info.name} was not measured.`);
    const ratio = info.target === undefined ? undefined : gas / info.target;
    return { ...info, gas, ratio, verdict: verdictOf(ratio) };
  });
}

function verdictOf(ratio: number | undefined): Row["verdict"] {
  if (ratio === undefined) return "no target";
  return ratio <= 1 ? "met" : "missed";
}

/** A line for every headline above its target. */
export function missedTargets(figures: Figures): string[] {
  return headlineRows(figures)
    .filter(({ verdict }) => verdict === "missed")
    .map(({ name, gas, target }) => `${name}: ${gas} gas, above its target of ${target}`);
}

/** The table for people: headlines with target, ratio and verdict, then everything else. */
export function consoleTable(figures: Figures): string {
  const rows = headlineRows(figures);
  const headlines = rows.map(({ name, gas, target, ratio, verdict }) => [
    name,
    grouped(gas),
    target === undefined ? "" : grouped(target),
    ratio === undefined ? "" : ratio.toFixed(2),
    verdict,
  ]);
  const known = new Set<string>(rows.map(({ name }) => name));
  const others = orderedNames(figures)
    .filter((name) => !known.has(name))
    .map((name) => [name, grouped(figures[name] ?? 0)]);
  return `${aligned([["figure", "gas", "target", "ratio", "verdict"], ...headlines])}\n\n${aligned(others)}`;
}

/** The first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

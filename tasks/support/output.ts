import { toJson } from "@lattice/node";

/** Prints a record as one JSON line, or as aligned rows for people. */
export function print(
  json: boolean,
  record: Readonly<Record<string, unknown>>,
  rows: readonly (readonly [label: string, value: string])[],
): void {
  if (json) {
    console.log(toJson(record));
    return;
  }
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) console.log(`${label.padEnd(width)}  ${value}`);
}

/** Prints rows under headings, in aligned columns. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [headings, ...rows]) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    console.log(cells.join("  ").trimEnd());
  }
}

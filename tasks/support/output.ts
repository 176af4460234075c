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

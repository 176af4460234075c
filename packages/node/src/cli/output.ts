import { toJson } from "../shared/json.ts";

/** Where a command's results go; replaceable in tests. */
export interface Output {
  write(line: string): void;
}

export const standardOutput: Output = {
  write: (line) => {
    process.stdout.write(`${line}\n`);
  },
};

/** Prints a record: as one JSON line, or as aligned lines of the given rows. */
export function printRecord(
  json: boolean,
  output: Output,
  record: Readonly<Record<string, unknown>>,
  rows: readonly (readonly [string, string])[],
): void {
  if (json) {
    output.write(toJson(record));
    return;
  }
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) output.write(`${label.padEnd(width)}  ${value}`);
}

import { toJson } from "../shared/json.ts";

/** Where a command's results go; replaceable in tests. */
export interface Output {
  write(line: string): void;
  /** What a person watching wants to know, such as progress; it is no result. */
  note?(line: string): void;
}

export const standardOutput: Output = {
  write: (line) => {
    process.stdout.write(`${line}\n`);
  },
  note: (line) => {
    process.stderr.write(`${line}\n`);
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

/** Prints rows under headings, in aligned columns; columns of numbers to the right. */
export function printTable(
  output: Output,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const columns = headings.map((heading, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    return {
      width: Math.max(heading.length, ...cells.map(({ length }) => length)),
      numbers: cells.every((cell) => /^[\d., ]*%?$/.test(cell)) && cells.length > 0,
    };
  });
  for (const row of [headings, ...rows]) {
    const cells = columns.map(({ width, numbers }, column) => {
      const cell = row[column] ?? "";
      return numbers ? cell.padStart(width) : cell.padEnd(width);
    });
    output.write(cells.join("  ").trimEnd());
  }
}

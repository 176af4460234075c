import { parseArgs } from "node:util";

export interface Options {
  /** Ends stdout with one line of JSON. */
  readonly json: boolean;
  /** Writes docs/benchmarks/gas.md. */
  readonly write: boolean;
  /** Writes the snapshots of gas and bytecode size. */
  readonly snapshot: boolean;
  /** Fails when something drifted from the snapshots. */
  readonly check: boolean;
  /** Sizes of bytecode alone, which need the build and nothing else. */
  readonly sizes: boolean;
}

export const USAGE =
  "Usage: npm run bench:gas -- [--json] [--write] [--snapshot] [--check] [--sizes]";

/** Throws an Error that says which option is wrong. */
export function parseOptions(parameters: readonly string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...parameters],
    options: { json: flag, write: flag, snapshot: flag, check: flag, sizes: flag },
  });
  if (values.sizes && (values.json || values.write)) {
    throw new Error("--sizes measures no gas, so there is nothing for --json and --write.");
  }
  if (values.snapshot && values.check) {
    throw new Error("--snapshot writes what --check compares with: choose one.");
  }
  return values;
}

import { parseArgs } from "node:util";
import type { Subject } from "./subject.ts";
import { SUBJECTS } from "./subjects/index.ts";

export interface Options {
  /** Ends stdout with one line of JSON. */
  readonly json: boolean;
  /** Writes docs/benchmarks/proving.md. */
  readonly write: boolean;
  readonly subjects: readonly Subject[];
  /** A program with rapidsnark's command line, measured beside snarkjs. */
  readonly binary: string | undefined;
}

export const USAGE = `Usage: npm run bench:prove -- [--json] [--write] [--only NAME,…] [--binary PATH]
Circuits: ${SUBJECTS.map(({ name }) => name).join(", ")}`;

/** Throws an Error that says which option is wrong. */
export function parseOptions(parameters: readonly string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      json: flag,
      write: flag,
      only: { type: "string" },
      binary: { type: "string" },
    },
  });
  const { json, write, only, binary } = values;
  if (write && only !== undefined) {
    throw new Error("--write writes the table of all circuits, so it goes without --only.");
  }
  const names = only?.split(",") ?? SUBJECTS.map(({ name }) => name);
  const subjects = names.map((name) => {
    const subject = SUBJECTS.find((each) => each.name === name);
    if (subject === undefined) throw new Error(`There is no circuit ${name}.`);
    return subject;
  });
  return { json, write, subjects, binary };
}

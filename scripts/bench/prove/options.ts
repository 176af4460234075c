import { parseArgs } from "node:util";
import type { Subject } from "./subject.ts";
import { LARGE_SUBJECTS, SUBJECTS } from "./subjects/index.ts";

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
Circuits: ${namesOf(SUBJECTS).join(", ")}
Only when named: ${namesOf(LARGE_SUBJECTS).join(", ")}`;

function namesOf(subjects: readonly Subject[]): string[] {
  return subjects.map(({ name }) => name);
}

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
  const names = only?.split(",") ?? namesOf(SUBJECTS);
  const subjects = names.map((name) => {
    const subject = [...SUBJECTS, ...LARGE_SUBJECTS].find((each) => each.name === name);
    if (subject === undefined) throw new Error(`There is no circuit ${name}.`);
    return subject;
  });
  return { json, write, subjects, binary };
}

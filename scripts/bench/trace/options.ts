import { parseArgs } from "node:util";
import { SUBJECTS, type Subject } from "./subjects.ts";

export interface Options {
  /** Ends stdout with one line of JSON. */
  readonly json: boolean;
  /** Writes docs/benchmarks/trace.md. */
  readonly write: boolean;
  readonly subjects: readonly Subject[];
  /** Runs of each way, one after the other in turn. */
  readonly rounds: number;
  /** Of ONNX Runtime, and beside them as many that hash. */
  readonly threads: number;
}

const DEFAULT_ROUNDS = "31";
const MOST_ROUNDS = 1000;
const MOST_THREADS = 64;

export const USAGE = `Usage: npm run bench:trace -- [--json] [--write] [--only NAME,…] [--rounds ${DEFAULT_ROUNDS}] [--threads 1]
Models: ${SUBJECTS.map(({ name }) => name).join(", ")}`;

/** Throws an Error that says which option is wrong. */
export function parseOptions(parameters: readonly string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      json: flag,
      write: flag,
      only: { type: "string" },
      rounds: { type: "string", default: DEFAULT_ROUNDS },
      threads: { type: "string", default: "1" },
    },
  });
  const { json, write, only } = values;
  if (write && only !== undefined) {
    throw new Error("--write writes the table of all models, so it goes without --only.");
  }
  const names = only?.split(",") ?? SUBJECTS.map(({ name }) => name);
  const subjects = names.map((name) => {
    const subject = SUBJECTS.find((each) => each.name === name);
    if (subject === undefined) throw new Error(`There is no model ${name}.`);
    return subject;
  });
  const rounds = integer("--rounds", values.rounds, MOST_ROUNDS);
  return {
    json,
    write,
    subjects,
    rounds,
    threads: integer("--threads", values.threads, MOST_THREADS),
  };
}

function integer(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${name} must be an integer from 1 to ${most}, not ${text}.`);
}

import { parseArgs } from "node:util";

export interface Options {
  /** Files to mutate; all of the table when none are given. */
  readonly files: readonly string[];
  /** Functions to mutate; all of a file's when none are given. */
  readonly functions: readonly string[];
  /** Mutants a file; all when undefined. */
  readonly sample: number | undefined;
  readonly seed: string;
  /** No mutant is begun after that long. */
  readonly minutes: number;
  /** Leaves out the tests that Hardhat compiles first: what survives, they may still notice. */
  readonly quick: boolean;
  readonly json: boolean;
  /** Forgets the results of earlier runs. */
  readonly fresh: boolean;
}

export const USAGE =
  "Usage: npm run test:mutation -- [--files a.sol,b.sol] [--functions a,b] [--sample 40] [--seed text] [--minutes 30] [--quick] [--json] [--fresh]";

/** Throws an Error that says which option is wrong. */
export function parseOptions(parameters: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      files: { type: "string", multiple: true },
      functions: { type: "string", multiple: true },
      sample: { type: "string" },
      seed: { type: "string", default: "lattice" },
      minutes: { type: "string", default: "30" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
    },
  });
  return {
    files: namesIn(values.files),
    functions: namesIn(values.functions),
    sample: values.sample === undefined ? undefined : positive("--sample", values.sample),
    seed: values.seed,
    minutes: positive("--minutes", values.minutes),
    quick: values.quick,
    json: values.json,
    fresh: values.fresh,
  };
}

const namesIn = (lists: readonly string[] = []) => lists.flatMap((list) => list.split(","));

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above zero, not "${text}"`);
  return value;
}

// Changes the contracts that money passes through, one small change at a time, and sees whether a test notices
// (npm run test:mutation). Works in copies below build/mutation; results are kept there, so that a run can go on.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SolcError, type SolcOutput } from "../solc/compile.ts";
import { type Mutant, mutantsOf, sample } from "./mutants.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import {
  fingerprint,
  isExplained,
  type Result,
  Results,
  summarise,
  type Verdict,
} from "./results.ts";
import { TARGETS, type Target } from "./targets.ts";
import { Dependents, installArtifacts, Workspace } from "./workspace.ts";

/** A test run that takes longer hangs, as a loop without end does: someone would notice. */
const TIMEOUT_MS = 180_000;
const SLOW_TIMEOUT_MS = 600_000;

/** All contracts but those that rehearse upgrades, which would be compiled for nothing. */
function contractSources(): Record<string, string> {
  const files = readdirSync(join(ROOT, "contracts"), { recursive: true, encoding: "utf8" })
    .map((name) => join("contracts", name).replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".sol") && !file.startsWith("contracts/mocks/upgrades/"));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
}

/** Two copies: quick tests run on code put in place by hand, slow ones on what Hardhat builds. */
class Judge {
  readonly #quick = new Workspace("quick");
  #slow: Workspace | undefined;
  readonly #slowChecked = new Set<string>();
  readonly #dependents = new Dependents(contractSources());

  /** Throws when the tests fail without any change: nothing could be learnt from them. */
  async prepare({ file, mocha }: Target): Promise<void> {
    installArtifacts(this.#quick, this.#dependents.compile(file, this.#quick.read(file)));
    if (!(await this.#runMocha(mocha))) {
      throw new Error(`The tests of ${file} fail without any change: ${mocha.join(" ")}`);
    }
  }

  async judge({ mocha, solidity }: Target, mutant: Mutant): Promise<Verdict> {
    let compiled: SolcOutput;
    try {
      compiled = this.#dependents.compile(mutant.file, mutant.text);
    } catch (error) {
      if (error instanceof SolcError) return "invalid";
      throw error;
    }
    installArtifacts(this.#quick, compiled);
    if (!(await this.#runMocha(mocha))) return "killed";
    await this.#prepareSlow(mutant.file, solidity);
    return (await this.#passesSlow(mutant, solidity)) ? "survived" : "killed";
  }

  #runMocha(files: readonly string[]): Promise<boolean> {
    return this.#quick.hardhat(["test", "mocha", "--no-compile", "--bail", ...files], TIMEOUT_MS);
  }

  async #prepareSlow(file: string, tests: readonly string[]): Promise<void> {
    if (this.#slowChecked.has(file)) return;
    this.#slow ??= new Workspace("slow");
    const text = this.#slow.read(file);
    if (!(await this.#passesSlow({ file, text }, tests))) {
      throw new Error(`The tests of ${file} fail without any change: ${tests.join(" ")}`);
    }
    this.#slowChecked.add(file);
  }

  async #passesSlow(
    { file, text }: Pick<Mutant, "file" | "text">,
    tests: readonly string[],
  ): Promise<boolean> {
    const slow = this.#slow as Workspace;
    const original = slow.read(file);
    slow.write(file, text);
    try {
      for (const test of tests) {
        const command = ["--no-typechain", "test", "solidity", test];
        if (!(await slow.hardhat(command, SLOW_TIMEOUT_MS))) return false;
      }
      return true;
    } finally {
      slow.write(file, original);
    }
  }
}

async function run(options: Options): Promise<Result[]> {
  const targets = TARGETS.filter(
    ({ file }) => options.files.length === 0 || options.files.includes(file),
  ).map((target) => (options.quick ? { ...target, solidity: [] } : target));
  const unknown = options.files.filter((file) => !TARGETS.some((target) => target.file === file));
  if (unknown.length > 0) {
    throw new Error(
      `No tests are known for ${unknown.join(", ")}: see scripts/mutation/targets.ts`,
    );
  }
  const started = Date.now();
  const kept = new Results(options.fresh);
  const judge = new Judge();
  const results: Result[] = [];
  for (const target of targets) {
    const all = mutantsOf(target.file, readFileSync(join(ROOT, target.file), "utf8")).filter(
      ({ place }) => options.functions.length === 0 || options.functions.includes(place),
    );
    const chosen = options.sample ? sample(all, options.sample, options.seed) : all;
    console.error(`${target.file}: ${chosen.length} of ${all.length} mutants`);
    const tests = fingerprint([...target.mocha, ...target.solidity]);
    let judged = 0;
    for (const [index, mutant] of chosen.entries()) {
      const known = kept.get(mutant.id, tests);
      if (!known && Date.now() - started > options.minutes * 60_000) continue;
      if (!known && judged++ === 0) await judge.prepare(target);
      const result = known ?? kept.add(mutant, await judge.judge(target, mutant), tests);
      results.push(result);
      console.error(
        `  ${index + 1}/${chosen.length} ${result.verdict.padEnd(8)} ${result.place}:${result.line} ${result.replacement || `without ${result.original}`}`,
      );
    }
    // Puts the present code back for the next file, and shows that tests failed for the changes' sake alone.
    if (judged > 0) await judge.prepare(target);
  }
  return results;
}

let options: Options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n${USAGE}`);
  process.exit(2);
}
const results = await run(options);
const unexplained = results.filter((each) => each.verdict === "survived" && !isExplained(each));
console.log(options.json ? JSON.stringify({ results }) : summarise(results));
process.exitCode = unexplained.length === 0 ? 0 : 1;

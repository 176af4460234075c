import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../solc/compile.ts";
import type { Mutant } from "./mutants.ts";

/** `invalid`: the compiler refused it. */
export type Verdict = "killed" | "survived" | "invalid";
export type Result = Omit<Mutant, "text"> & {
  readonly verdict: Verdict;
  /** Fingerprint of the tests that judged it: others may judge otherwise. */
  readonly tests: string;
};

const FILE = join(ROOT, "build", "mutation", "results.jsonl");
const EXPLANATIONS = join(ROOT, "docs", "security", "mutation.md");

/** Results of this and earlier runs, so that a run can be stopped and taken up again. */
export class Results {
  readonly #known = new Map<string, Result>();

  constructor(fresh: boolean) {
    if (fresh) rmSync(FILE, { force: true });
    mkdirSync(dirname(FILE), { recursive: true });
    const lines = existsSync(FILE) ? readFileSync(FILE, "utf8").split("\n") : [];
    for (const line of lines.filter(Boolean)) {
      const result = JSON.parse(line) as Result;
      this.#known.set(result.id, result);
    }
  }

  /** What these tests made of the mutant. */
  get(id: string, tests: string): Result | undefined {
    const result = this.#known.get(id);
    return result?.tests === tests ? result : undefined;
  }

  add({ text: _, ...mutant }: Mutant, verdict: Verdict, tests: string): Result {
    const result = { ...mutant, verdict, tests };
    this.#known.set(mutant.id, result);
    appendFileSync(FILE, `${JSON.stringify(result)}\n`);
    return result;
  }
}

/** Changes with the text of any of the files. */
export function fingerprint(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest("hex").slice(0, 12);
}

/** The change as it is written in docs/security/mutation.md. */
export function describeChange({ original, replacement }: Result): string {
  return replacement === "" || replacement === "{}"
    ? `without \`${original}\``
    : `\`${original}\` → \`${replacement}\``;
}

/** True when docs/security/mutation.md says why nothing notices this change. */
export function isExplained(result: Result): boolean {
  if (!existsSync(EXPLANATIONS)) return false;
  const row = `| ${result.file} | ${result.place} | ${escapeCell(describeChange(result))} |`;
  return readFileSync(EXPLANATIONS, "utf8").includes(row);
}

/** A bar ends a cell of a Markdown table. */
export function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** One line per file, then one per survivor. */
export function summarise(results: readonly Result[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const rows = files.map((file) => {
    const own = results.filter((result) => result.file === file);
    const count = (verdict: Verdict) => own.filter((each) => each.verdict === verdict).length;
    const survived = own.filter(({ verdict }) => verdict === "survived");
    const explained = survived.filter(isExplained).length;
    return `| ${file} | ${count("killed")} | ${survived.length} | ${explained} | ${count("invalid")} |`;
  });
  const survivors = results
    .filter(({ verdict }) => verdict === "survived")
    .map((result) => {
      const change = escapeCell(describeChange(result));
      const mark = isExplained(result) ? "explained" : "NOT EXPLAINED";
      return `${mark} ${result.file}:${result.line}\n  | ${result.file} | ${result.place} | ${change} | |`;
    });
  return [
    "| File | Killed | Survived | Explained | Did not compile |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    ...survivors,
  ].join("\n");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../solc/compile.ts";
import { table } from "./blocks.ts";

/** Rows of test/PROPERTIES.md: id, property, test files. */
export function readProperties(): Map<string, { property: string; tests: string[] }> {
  const text = readFileSync(join(ROOT, "test", "PROPERTIES.md"), "utf8");
  return new Map(
    [...text.matchAll(/^\| ([A-Z]+-\d) \| (.*) \| (.*) \|$/gm)].map(
      ([, id = "", property = "", tests = ""]) => [id, { property, tests: tests.split(", ") }],
    ),
  );
}

/** The properties of these ids with links to the tests that hold them. Throws when there is no such property. */
export function renderProperties(ids: readonly string[]): string {
  const known = readProperties();
  return table(
    ["Id", "Property", "Tests"],
    ids.map((id) => {
      const found = known.get(id);
      if (!found) throw new Error(`test/PROPERTIES.md has no ${id}.`);
      const tests = found.tests.map((path) => `[${path.split("/").at(-1)}](../../${path})`);
      return [`[${id}](../../test/PROPERTIES.md)`, found.property, tests.join(", ")];
    }),
  );
}

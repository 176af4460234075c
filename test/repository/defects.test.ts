import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Titles of a file's tests; of Solidity files the names of test functions. */
function titlesOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const pattern = file.endsWith(".sol")
    ? /function ((?:test|invariant)\w*)\(/g
    : /\bit\w*\(\s*(["`])((?:(?!\1).)*)\1/g;
  return [...text.matchAll(pattern)].map((match) => match[2] ?? match[1] ?? "");
}

describe("DEFECTS.md", () => {
  const text = readFileSync(join(root, "test", "DEFECTS.md"), "utf8");
  const rows = [...text.matchAll(/^\| (?!Defect )([A-Z].*) \| (.*) \|$/gm)];

  it("lists defects", () => {
    expect(rows.length).to.be.least(16);
  });

  for (const [, defect, tests] of rows) {
    it(`${defect}: its tests are there`, () => {
      for (const entry of (tests ?? "").split("; ")) {
        const [file = "", title = ""] = entry.split(/: (.*)/s);
        expect(existsSync(join(root, file)), file).to.equal(true);
        // Part of a title is enough where a loop completes it, but a word would match anything.
        expect(title.length, file).to.be.greaterThan(19);
        expect(
          titlesOf(file).some((each) => each.includes(title)),
          `${file}: "${title}"`,
        ).to.equal(true);
      }
    });
  }
});

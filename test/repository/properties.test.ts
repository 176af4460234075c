import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe("PROPERTIES.md", () => {
  const text = readFileSync(join(root, "test", "PROPERTIES.md"), "utf8");
  const rows = [...text.matchAll(/^\| ([A-Z]+)-(\d) \| .* \| (.*) \|$/gm)];

  it("lists properties", () => {
    expect(rows.length).to.be.greaterThan(20);
  });

  it("gives each property an id of its own", () => {
    const ids = rows.map(([, family, number]) => `${family}-${number}`);
    expect(ids).to.deep.equal([...new Set(ids)]);
  });

  for (const [, family, number, files] of rows) {
    it(`${family}-${number} is named in every test that the table gives`, () => {
      for (const file of (files ?? "").split(", ")) {
        const path = join(root, file);
        expect(existsSync(path), file).to.equal(true);
        expect(readFileSync(path, "utf8"), file).to.match(new RegExp(`${family}-?${number}`));
      }
    });
  }
});

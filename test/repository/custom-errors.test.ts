import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function filesBelow(folder: string, endings: readonly string[]): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(root, folder, name));
}

describe("custom errors", () => {
  it("each one that our contracts declare is asserted by a test", () => {
    const declared = filesBelow("contracts", [".sol"])
      .filter((file) => !/mocks|generated/.test(file))
      .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^\s*error (\w+)\(/gm)])
      .map((match) => match[1] ?? "");
    const asserting = [
      ...filesBelow("test", [".test.ts", ".t.sol"]),
      ...filesBelow("test/helpers", [".ts"]),
    ];
    const tests = asserting.map((file) => readFileSync(file, "utf8")).join("\n");
    const missing = declared.filter((name) => !new RegExp(`\\b${name}\\b`).test(tests));
    expect(declared.length).to.be.greaterThan(80);
    expect(missing).to.deep.equal([]);
  });
});

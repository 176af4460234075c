import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compareFindings, readFindings, readVerdicts } from "../../scripts/analyse/findings.ts";
import { protocolSources, ROOT } from "../../scripts/solc/compile.ts";

const inContract = (name: string) => ({ parent: { type: "contract", name } });

/** A report of Slither with one finding on each of the given elements. */
const report = (...elements: object[]) => ({
  success: true,
  error: null,
  results: {
    detectors: elements.map((element) => ({
      check: "unused-return",
      impact: "Medium",
      description: "ignores a value\n",
      elements: [element],
    })),
  },
});

const withdraw = { type: "function", name: "withdraw", type_specific_fields: inContract("Vault") };
const local = { type: "variable", name: "sum", type_specific_fields: { parent: withdraw } };
const table = (place: string) =>
  `| Detector | Place |\n| \`unused-return\` | ${place} | fine | because |`;

describe("static analysis", () => {
  it("names findings by contract and function, also those on variables", () => {
    const places = readFindings(report(withdraw, local)).map(({ place }) => place);
    expect(places).to.deep.equal(["Vault.withdraw", "Vault.withdraw"]);
  });

  it("throws what Slither failed with", () => {
    const failed = { success: false, error: "no compiler", results: {} };
    expect(() => readFindings(failed)).to.throw("Slither failed: no compiler");
  });

  it("tells findings without a verdict, and verdicts without a finding", () => {
    const findings = readFindings(report(withdraw));
    for (const place of ["Vault.withdraw", "Safe.open, Vault.withdraw", "*"]) {
      expect(compareFindings(findings, readVerdicts(table(place))).open, place).to.deep.equal([]);
    }
    const other = compareFindings(findings, readVerdicts(table("Safe.open")));
    expect(other.open).to.deep.equal(findings);
    expect(other.stale).to.deep.equal([{ detector: "unused-return", place: "Safe.open" }]);
  });

  it("has a reason for every verdict in docs/security", () => {
    const text = readFileSync(join(ROOT, "docs/security/static-analysis.md"), "utf8");
    const rows = text.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows.length).to.be.greaterThan(10);
    expect(
      new Set(readVerdicts(rows.join("\n")).map(({ detector }) => detector)).size,
    ).to.be.greaterThan(10);
    for (const row of rows) expect(readVerdicts(row), row).to.not.have.length(0);
  });

  it("has verdicts on what is in the code alone", () => {
    const sources = Object.values(protocolSources());
    const text = readFileSync(join(ROOT, "docs/security/static-analysis.md"), "utf8");
    const places = new Set(readVerdicts(text).map(({ place }) => place));
    places.delete("*");
    expect(places.size).to.be.greaterThan(50);
    for (const place of places) {
      const [contract, member] = place.split(".");
      const source = sources.find((each) =>
        new RegExp(`^(abstract contract|contract|library) ${contract}\\b`, "m").test(each),
      );
      expect(source, `${contract} of ${place}`).to.not.equal(undefined);
      if (member) expect(source, place).to.match(new RegExp(`\\b${member}\\b`));
    }
  });
});

import { expect } from "chai";
import { countSuite, formatCounts, readSummary, totalCounts } from "../../scripts/test/counts.ts";

describe("test run", () => {
  it("reads the summaries of mocha and Hardhat, several in one output", () => {
    const output = "  12 passing (3s)\n  1 pending\n\n  3 passing\n  2 failing\n";
    expect(readSummary(output)).to.deep.equal({ passed: 15, failed: 2, skipped: 1 });
  });

  it("never lets silence pass", () => {
    expect(countSuite("runner", 0, "nothing to see")).to.deep.equal({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
    expect(countSuite("runner", 1, "  3 passing")).to.deep.equal({
      passed: 3,
      failed: 1,
      skipped: 0,
    });
    expect(countSuite("runner", 1, "  3 passing\n  2 failing")).to.deep.equal({
      passed: 3,
      failed: 2,
      skipped: 0,
    });
  });

  it("counts a check as one test", () => {
    expect(countSuite("check", 0, "")).to.deep.equal({ passed: 1, failed: 0, skipped: 0 });
    expect(countSuite("check", 2, "")).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
  });

  it("closes with the total", () => {
    const total = totalCounts([
      { passed: 2, failed: 0, skipped: 0 },
      { passed: 1, failed: 1, skipped: 3 },
    ]);
    expect(formatCounts(total)).to.equal("3 passed, 1 failed, 3 skipped");
    expect(formatCounts({ passed: 4, failed: 0, skipped: 0 })).to.equal("4 passed, 0 failed");
  });
});

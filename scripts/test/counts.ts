/** Numbers of one run. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(left: Counts, right: Counts): Counts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

export function totalCounts(all: readonly Counts[]): Counts {
  return all.reduce(addCounts, NONE);
}

/** Reads the closing summary that mocha and Hardhat print ("12 passing", "1 failing", "2 pending"). */
export function readSummary(output: string): Counts {
  const count = (word: string) =>
    [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  return { passed: count("passing"), failed: count("failing"), skipped: count("pending|skipped") };
}

/**
 * Numbers of a finished suite. A runner that fails without naming a failing test, or that ran nothing, counts as one
 * failure: silence never passes.
 */
export function countSuite(kind: "check" | "runner", exitCode: number, output: string): Counts {
  if (kind === "check") return exitCode === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };
  const counts = readSummary(output);
  const silent = counts.passed === 0 || (exitCode !== 0 && counts.failed === 0);
  return silent ? { ...counts, failed: counts.failed + 1 } : counts;
}

/** The closing line. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

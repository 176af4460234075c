/** One command of the test run. A `check` counts as one test; a `runner` reports its own numbers. */
export interface Suite {
  readonly name: string;
  readonly kind: "check" | "runner";
  readonly command: readonly [string, ...string[]];
}

const check = (name: string, ...command: [string, ...string[]]): Suite => ({
  name,
  kind: "check",
  command,
});
const runner = (name: string, ...command: [string, ...string[]]): Suite => ({
  name,
  kind: "runner",
  command,
});

/** Builds what some of the suites read. */
export const BUILD = check(
  "contracts compile, bindings are current",
  "node",
  "scripts/test/bindings.ts",
);

/** A process for each package: matchers that one loads would change what those of another mean. */
function packageTests(name: string): [string, ...string[]] {
  return ["mocha", "--timeout", "120000", `packages/${name}/test/**/*.test.ts`];
}

export interface Lane {
  /** Suites that need no build: they run beside it. */
  readonly before: readonly Suite[];
  readonly after: readonly Suite[];
}

/** Lanes run side by side, the suites of a lane one after the other: two cores, two lanes. The first lane builds. */
export const LANES: readonly [Lane, Lane] = [
  {
    before: [],
    after: [runner("contracts, deployment, end to end", "hardhat", "test", "mocha")],
  },
  {
    before: [
      check("types", "tsc", "-p", "tsconfig.json"),
      check("TypeScript style", "biome", "check", "."),
      check("Solidity style", "solhint", "--max-warnings", "0", "contracts/**/*.sol"),
      check("Solidity format", "prettier", "--check", "contracts/**/*.sol", "test/**/*.sol"),
      runner("models, circuits, proofs", ...packageTests("zkml")),
      runner("provider and command line", ...packageTests("node")),
    ],
    after: [
      runner("SDK", ...packageTests("sdk")),
      check("storage layouts (UPG-1)", "node", "scripts/layout/main.ts", "check"),
      check("protocol documentation", "node", "scripts/docs/main.ts", "check"),
      check("gas and bytecode size", "node", "scripts/bench/gas/main.ts", "--check"),
      runner("Solidity tests", "hardhat", "test", "solidity"),
    ],
  },
];

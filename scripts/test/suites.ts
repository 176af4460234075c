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

/** Runs before everything else: what it builds, the others read. */
export const BUILD = check(
  "contracts compile, bindings are current",
  "node",
  "scripts/test/bindings.ts",
);

/** Lanes run side by side, the suites of a lane one after the other: two cores, two lanes. */
export const LANES: readonly (readonly Suite[])[] = [
  [
    runner("Solidity tests", "hardhat", "test", "solidity"),
    runner("contracts, deployment, end to end", "hardhat", "test", "mocha"),
  ],
  [
    check("storage layouts (UPG-1)", "node", "scripts/layout/main.ts", "check"),
    check("protocol documentation", "node", "scripts/docs/main.ts", "check"),
    check("types", "tsc", "-p", "tsconfig.json"),
    check("TypeScript style", "biome", "check", "."),
    check("Solidity style", "solhint", "--max-warnings", "0", "contracts/**/*.sol"),
    check("Solidity format", "prettier", "--check", "contracts/**/*.sol", "test/**/*.sol"),
    check("gas and bytecode size", "node", "scripts/bench/gas/main.ts", "--check"),
    runner("packages", "mocha", "--timeout", "120000", "packages/*/test/**/*.test.ts"),
  ],
];

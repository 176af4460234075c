/** One command of the test run. A `check` counts as one test; a `runner` reports its own numbers. */
export interface Suite {
  readonly name: string;
  readonly kind: "check" | "runner";
  readonly command: readonly [string, ...string[]];
}

export const SUITES: readonly Suite[] = [
  {
    name: "contracts compile, bindings are current",
    kind: "check",
    command: ["node", "scripts/test/bindings.ts"],
  },
  { name: "types", kind: "check", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "TypeScript style", kind: "check", command: ["biome", "check", "."] },
  {
    name: "Solidity style",
    kind: "check",
    command: ["solhint", "--max-warnings", "0", "contracts/**/*.sol"],
  },
  {
    name: "Solidity format",
    kind: "check",
    command: ["prettier", "--check", "contracts/**/*.sol", "test/**/*.sol"],
  },
  { name: "Solidity tests", kind: "runner", command: ["hardhat", "test", "solidity"] },
  {
    name: "packages",
    kind: "runner",
    command: ["mocha", "--timeout", "120000", "packages/*/test/**/*.test.ts"],
  },
  {
    name: "contracts, deployment, end to end",
    kind: "runner",
    command: ["hardhat", "test", "mocha"],
  },
];

import { expect } from "chai";
import { compile } from "../../scripts/solc/compile.ts";

describe("the compiler", () => {
  it("takes more source than its stack holds at four bytes a character", () => {
    const padding = `// ${"x".repeat(2_000_000)}\n`;
    const source = `// SPDX-License-Identifier: MIT\npragma solidity 0.8.28;\n${padding}contract Long {}\n`;
    const { contracts } = compile(
      { "Long.sol": source },
      { outputSelection: { "*": { "*": ["abi"] } } },
    );
    expect(contracts?.["Long.sol"]?.Long?.abi).to.deep.equal([]);
  });
});

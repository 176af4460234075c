import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { mutantsOf, sample } from "../../scripts/mutation/mutants.ts";
import { parseOptions } from "../../scripts/mutation/options.ts";
import { TARGETS } from "../../scripts/mutation/targets.ts";
import { analyse, ROOT } from "../../scripts/solc/compile.ts";

const SOURCE = `pragma solidity 0.8.28;
// 5 < 6: no comment and no type is ever changed. € takes three bytes.
contract Till {
    uint256 private constant PPM = 1_000_000;
    uint256 private _total;
    error Refused(uint256 amount);
    modifier onlyOdd(uint256 amount) { require(amount % 2 == 1); _; }
    function pay(uint256 amount, bool open) external onlyOdd(amount) returns (bool) {
        if (amount >= 100 || !open) revert Refused(amount);
        _total += amount;
        uint256 fee = (amount * 5 + PPM - 1) / PPM;
        uint256 share = (amount * 7) / PPM;
        if (fee != share) _total = 0;
        return true;
    }
}`;

describe("mutation tool", () => {
  const mutants = mutantsOf("Till.sol", SOURCE);
  const changes = mutants.map(({ original, replacement }) => `${original} → ${replacement}`);

  it("flips comparisons, sums, products and connectives", () => {
    expect(changes).to.include.members([
      "amount >= 100 → amount > 100",
      "amount >= 100 → amount < 100",
      "amount >= 100 || !open → amount >= 100 && !open",
      "fee != share → fee == share",
      "amount * 7 → amount / 7",
      "amount * 5 + PPM → amount * 5 - PPM",
      "_total += amount → _total -= amount",
      "_total += amount → _total = amount",
      "amount % 2 == 1 → amount % 2 != 1",
    ]);
  });

  it("removes checks, modifiers and statements, and turns truth over", () => {
    expect(changes).to.include.members([
      "amount >= 100 || !open → false",
      "!open → open",
      "onlyOdd(amount) → ",
      "_total += amount; → {}",
      "_total = 0; → {}",
      "fee != share → true",
      "require(amount % 2 == 1); → {}",
      "return true → return false",
    ]);
  });

  it("rounds the other way where a rate's unit divides", () => {
    expect(changes).to.include.members([
      "(amount * 5 + PPM - 1) / PPM → (amount * 5) / PPM",
      "(amount * 7) / PPM → (amount * 7 + PPM - 1) / PPM",
    ]);
  });

  it("makes one change each, that compiles, and knows its line and function", () => {
    expect(new Set(mutants.map(({ id }) => id)).size).to.equal(mutants.length);
    for (const { text, line, place, original } of mutants) {
      expect(() => analyse({ "Till.sol": text }, { "": ["ast"] }), original).to.not.throw();
      expect(SOURCE.split("\n")[line - 1], original).to.contain(original.slice(0, 5));
      expect(place).to.be.oneOf(["pay", "onlyOdd"]);
      expect(text).to.contain(
        "// 5 < 6: no comment and no type is ever changed. € takes three bytes.",
      );
    }
  });

  it("samples the same mutants for the same seed, in the order of the source", () => {
    const chosen = sample(mutants, 5, "one");
    expect(chosen).to.have.length(5);
    expect(sample(mutants, 5, "one")).to.deep.equal(chosen);
    expect(sample(mutants, 5, "two")).to.not.deep.equal(chosen);
    expect(chosen).to.deep.equal(mutants.filter((each) => chosen.includes(each)));
  });

  it("knows files and tests that exist", () => {
    for (const { file, mocha, solidity } of TARGETS) {
      for (const path of [file, ...mocha, ...solidity]) {
        expect(existsSync(join(ROOT, path)), path).to.equal(true);
      }
    }
  });

  it("refuses options that mean nothing", () => {
    expect(() => parseOptions(["--sample", "none"])).to.throw(
      "--sample must be a number above zero",
    );
    expect(parseOptions(["--files", "a.sol,b.sol", "--files", "c.sol"]).files).to.deep.equal([
      "a.sol",
      "b.sol",
      "c.sol",
    ]);
    expect(parseOptions(["--functions", "pay,take"]).functions).to.deep.equal(["pay", "take"]);
    expect(parseOptions([]).functions).to.deep.equal([]);
    expect([parseOptions(["--quick"]).quick, parseOptions([]).quick]).to.deep.equal([true, false]);
  });
});

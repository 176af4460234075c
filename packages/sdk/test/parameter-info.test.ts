import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parseEther } from "ethers";
import { formatParameter, PARAMETER_MEANINGS, PARAMETERS, parameterUnit } from "../src/index.ts";

const source = readFileSync(
  new URL("../../../contracts/types/Parameter.sol", import.meta.url),
  "utf8",
);
const body = /enum Parameter \{([^}]*)\}/.exec(source)?.[1] ?? "";
/** Name and NatSpec of every value of the contracts' enum, in order. */
const declared = [...body.matchAll(/\/\/\/ (.*)\.\n\s+(\w+)/g)].map((match) => [
  match[2],
  match[1],
]);

describe("parameters", () => {
  it("are those of the contracts' enum, in its order", () => {
    expect(declared.map(([name]) => name)).to.deep.equal([...PARAMETERS]);
  });

  it("mean what the contracts say", () => {
    expect(Object.entries(PARAMETER_MEANINGS)).to.deep.equal(declared);
  });

  it("have the unit that their meaning states", () => {
    const words = { millionths: /millionths/, seconds: /[Ss]econds/, "LAT wei": /LAT wei/ };
    for (const name of PARAMETERS) {
      const unit = parameterUnit(name);
      if (unit === "times" || unit === "ranks") continue;
      expect(PARAMETER_MEANINGS[name], name).to.match(words[unit]);
    }
    expect(parameterUnit("MaxReassignments")).to.equal("times");
    expect(parameterUnit("FallbackRanks")).to.equal("ranks");
  });

  it("are written in their unit", () => {
    expect(formatParameter("ProtocolFeePpm", 30_000n)).to.equal("3 %");
    expect(formatParameter("ProtocolFeePpm", 1n)).to.equal("0.0001 %");
    expect(formatParameter("EpochSeconds", 2n)).to.equal("2 s");
    expect(formatParameter("MinProvision", parseEther("10000.5"))).to.equal("10000.5 LAT");
    expect(formatParameter("MaxReassignments", 3n)).to.equal("3 times");
  });
});

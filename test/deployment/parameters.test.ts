import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parameterFileOf, readParameterFile } from "../../deploy/parameters.ts";
import { planVerifiers } from "../../deploy/verifiers.ts";

describe("parameter files", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lattice-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function changed(change: Record<string, unknown>): Promise<string> {
    const base = JSON.parse(await readFile(parameterFileOf("sepolia", false), "utf8"));
    const file = join(folder, "changed.json");
    await writeFile(file, JSON.stringify({ ...base, ...change }));
    return file;
  }

  for (const name of ["local", "sepolia", "baseSepolia", "arbitrumSepolia"]) {
    it(`${name} is usable`, async () => {
      const file = await readParameterFile(parameterFileOf(name, false));
      expect(Object.keys(file.parameters)).to.have.length(24);
    });
  }

  it("names a missing file", async () => {
    const error = await readParameterFile(join(folder, "none.json")).catch(
      (caught: Error) => caught,
    );
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/no parameter file .*none\.json/);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ["an unknown key", { surprise: 1 }, /surprise/],
    ["a malformed address", { guardian: "0x12" }, /guardian/],
    ["an amount that is no whole number", { tokenSupply: "1.5" }, /tokenSupply/],
    [
      "a fallback of the beacon that few could use",
      { beaconFallbackSeconds: 60 },
      /beaconFallbackSeconds[\s\S]*at least 3600|at least 3600[\s\S]*beaconFallbackSeconds/,
    ],
    [
      "a timelock shorter than the escrow's thaw",
      { timelockDelaySeconds: 86400 },
      /must exceed EscrowThawSeconds/,
    ],
  ];
  for (const [name, change, message] of wrong) {
    it(`refuses ${name}`, async () => {
      const error = await readParameterFile(await changed(change)).catch((caught: Error) => caught);
      expect(error).to.be.instanceOf(Error).with.property("message").that.matches(message);
    });
  }
});

describe("verifier plan", () => {
  it("gives local chains every verifier", async () => {
    const plan = await planVerifiers("all", true);
    expect(plan.deploy).to.include("DigitsDevVerifier");
    expect(plan.refused).to.deep.equal([]);
  });

  it("keeps development keys off public networks", async () => {
    const plan = await planVerifiers("all", false);
    expect(plan.refused).to.include("DigitsDevVerifier");
    expect(plan.deploy).not.to.include("DigitsDevVerifier");
    const error = await planVerifiers("DigitsDevVerifier", false).catch((caught: Error) => caught);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/development key/);
  });

  it("names verifiers that do not exist, and can do without any", async () => {
    const error = await planVerifiers("NoSuchVerifier", true).catch((caught: Error) => caught);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/no verifier NoSuchVerifier/);
    expect(await planVerifiers("none", false)).to.deep.equal({ deploy: [], refused: [] });
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { parameterFileOf, readParameterFile } from "../../deploy/parameters.ts";
import { choose, knownSets, planVerifiers } from "../../deploy/verifiers.ts";

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
      expect(Object.keys(file.parameters)).to.have.length(27);
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
    ["an attestation service without its registry", { eas: { eas: ZeroAddress } }, /eas/],
    ["an attestor that is no account", { attestors: ["me"] }, /attestors/],
    ["a class with a mask too wide", { attestedClasses: [{ accelerator: 65_536 }] }, /accelerator/],
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
  const DIGITS = {
    verifier: "DigitsDevVerifier",
    batchVerifier: "DigitsDevBatchVerifier",
    multiVerifier: "DigitsX4DevVerifier",
    jobsPerProof: 4,
  };

  it("gives local chains every verifier, in sets", async () => {
    const plan = await planVerifiers("all", true);
    expect(plan.deploy).to.deep.include(DIGITS);
    expect(plan.refused).to.deep.equal([]);
  });

  it("brings the whole set of any verifier that is named", async () => {
    for (const name of [DIGITS.verifier, DIGITS.batchVerifier, DIGITS.multiVerifier]) {
      expect(await planVerifiers(name, true)).to.deep.equal({ deploy: [DIGITS], refused: [] });
    }
  });

  it("keeps development keys off public networks, those of batches and of many jobs too", async () => {
    const plan = await planVerifiers("all", false);
    const names = [DIGITS.verifier, DIGITS.batchVerifier, DIGITS.multiVerifier];
    expect(plan.refused).to.include.members(names);
    expect(plan.deploy).to.deep.equal([]);
    for (const name of names) {
      const error = await planVerifiers(name, false).catch((caught: Error) => caught);
      expect(error)
        .to.be.instanceOf(Error)
        .with.property("message")
        .that.matches(new RegExp(`^${name} holds a development key`));
    }
  });

  it("leaves development keys out of the sets of public networks", () => {
    const model = { digest: "0x01" };
    const sets = knownSets({
      one: {
        model,
        keyStatus: "ceremony",
        contract: { name: "OneVerifier" },
        batchContract: { name: "OneBatchVerifier" },
      },
      many: {
        model,
        keyStatus: "development",
        setOf: "one",
        jobsPerProof: 2,
        contract: { name: "ManyDevVerifier" },
      },
    });
    const expected = { verifier: "OneVerifier", batchVerifier: "OneBatchVerifier" };
    expect(choose(sets, "all", false)).to.deep.equal({
      deploy: [{ ...expected, multiVerifier: undefined, jobsPerProof: undefined }],
      refused: ["ManyDevVerifier"],
    });
    expect(choose(sets, "all", true).deploy).to.deep.equal([
      { ...expected, multiVerifier: "ManyDevVerifier", jobsPerProof: 2 },
    ]);
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

import { expect } from "chai";
import { encodeProvingKey } from "../../src/keys/proving-key.ts";
import { developmentSecrets } from "../../src/keys/secrets.ts";
import { exportVerifier } from "../../src/keys/solidity-verifier.ts";
import { exportVerificationKey, type VerificationKey } from "../../src/keys/verification-key.ts";
import type { TestCircuit } from "../circuit/harness.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { compileTiny } from "./tiny-circuit.ts";

describe("exportVerifier", () => {
  let circuit: TestCircuit;
  let key: VerificationKey;

  before(async () => {
    circuit = await compileTiny();
    const secrets = developmentSecrets(Buffer.from("verifier"));
    key = await exportVerificationKey(await encodeProvingKey(circuit.r1cs, secrets));
  });

  after(() => circuit.remove());

  it("writes one contract of the given name, marked as made from a development key", async () => {
    const source = await exportVerifier(key, "TinyDevVerifier");
    expect(source.match(/^contract (\w+)/gm)).to.deep.equal(["contract TinyDevVerifier"]);
    expect(source).to.match(/DEVELOPMENT KEY/);
    expect(source).to.contain(`deltax1 = ${key.vk_delta_2[0][1]};`);
    expect(source).to.contain("uint[3] calldata _pubSignals");
  });

  it("writes the same bytes twice", async () => {
    const first = await exportVerifier(key, "TinyDevVerifier");
    expect(await exportVerifier(key, "TinyDevVerifier")).to.equal(first);
  });

  for (const name of ["TinyVerifier", "tinyDevVerifier", "Tiny-DevVerifier", "TinyDev", ""]) {
    it(`refuses the name "${name}" for a development key`, () =>
      expectZkmlError(() => exportVerifier(key, name), {
        code: "KEY_FAILED",
        metadata: { contractName: name, status: "development" },
      }));
  }

  it("refuses the development mark on the verifier of a ceremony's key", async () => {
    await expectZkmlError(() => exportVerifier(key, "TinyDevVerifier", "ceremony"), {
      code: "KEY_FAILED",
    });
    const source = await exportVerifier(key, "TinyVerifier", "ceremony");
    expect(source).to.not.match(/DEVELOPMENT/);
  });

  it("refuses a key whose second phase was skipped", () =>
    expectZkmlError(
      () => exportVerifier({ ...key, vk_delta_2: key.vk_gamma_2 }, "TinyDevVerifier"),
      {
        code: "KEY_UNSAFE",
      },
    ));
});

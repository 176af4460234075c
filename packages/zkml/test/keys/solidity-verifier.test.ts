import { expect } from "chai";
import { encodeProvingKey } from "../../src/keys/proving-key.ts";
import { developmentSecrets } from "../../src/keys/secrets.ts";
import { exportBatchVerifier } from "../../src/keys/solidity-batch-verifier.ts";
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

describe("exportBatchVerifier", () => {
  let circuit: TestCircuit;
  let key: VerificationKey;

  before(async () => {
    circuit = await compileTiny();
    const secrets = developmentSecrets(Buffer.from("batch"));
    key = await exportVerificationKey(await encodeProvingKey(circuit.r1cs, secrets));
  });

  after(() => circuit.remove());

  it("writes every word of the key once, marked as made from a development key", async () => {
    const source = await exportBatchVerifier(key, "TinyDevBatchVerifier");
    expect(source.match(/^contract (\w+)/gm)).to.deep.equal(["contract TinyDevBatchVerifier"]);
    expect(source).to.match(/DEVELOPMENT KEY/);
    const written = [...source.matchAll(/key\.(\w+) = (\d+);/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    const second = (name: string, [[x0, x1], [y0, y1]]: VerificationKey["vk_beta_2"]) => [
      [`${name}X1`, x1],
      [`${name}X0`, x0],
      [`${name}Y1`, y1],
      [`${name}Y0`, y0],
    ];
    expect(written).to.deep.equal([
      ["alphaX", key.vk_alpha_1[0]],
      ["alphaY", key.vk_alpha_1[1]],
      ...second("beta", key.vk_beta_2),
      ...second("gamma", key.vk_gamma_2),
      ...second("delta", key.vk_delta_2),
      ...key.IC.flatMap(([x, y], i) => [
        [`ic${i}X`, x],
        [`ic${i}Y`, y],
      ]),
    ]);
  });

  it("writes no notice for the key of a ceremony", async () => {
    const source = await exportBatchVerifier(key, "TinyBatchVerifier", "ceremony");
    expect(source).to.not.match(/DEVELOPMENT/);
  });

  for (const name of [
    "TinyBatchVerifier",
    "TinyDevVerifier",
    "BatchVerifier",
    "tinyDevBatchVerifier",
  ]) {
    it(`refuses the name "${name}" for a development key`, () =>
      expectZkmlError(() => exportBatchVerifier(key, name), {
        code: "KEY_FAILED",
        metadata: { contractName: name, status: "development" },
      }));
  }

  it("refuses a key of another number of public signals", () => {
    const two = { ...key, nPublic: 2, IC: key.IC.slice(0, 3) };
    return expectZkmlError(() => exportBatchVerifier(two, "TinyDevBatchVerifier"), {
      code: "KEY_FAILED",
      metadata: { contractName: "TinyDevBatchVerifier", publicSignals: 2 },
    });
  });

  it("refuses a key whose second phase was skipped", () =>
    expectZkmlError(
      () => exportBatchVerifier({ ...key, vk_delta_2: key.vk_gamma_2 }, "TinyDevBatchVerifier"),
      { code: "KEY_UNSAFE" },
    ));
});

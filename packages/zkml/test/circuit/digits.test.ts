import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { DIGIT_PIXELS, DIGITS_MODEL_URL, renderDigit } from "../../models/digits/index.ts";
import { buildModelCircuit } from "../../src/circuit/build.ts";
import { CIRCUIT_CACHE, derivedFiles, REPOSITORY, readInstances } from "../../src/cli/manifest.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { checkDevelopmentKey } from "../../src/keys/check-key.ts";
import { verifyProof } from "../../src/keys/groth16.ts";
import { readR1cs } from "../../src/keys/r1cs.ts";
import { developmentSecrets } from "../../src/keys/secrets.ts";
import { loadModel } from "../../src/onnx/load-model.ts";
import { SnarkjsProver } from "../../src/prover/snarkjs-prover.ts";

describe("digits circuit", () => {
  it("gives the committed verifier, manifest and constraint count byte for byte", async () => {
    for (const { path, content } of await derivedFiles(() => {})) {
      expect(await readFile(join(REPOSITORY, path), "utf8"), path).to.equal(content);
    }
  });

  it("has a key in which every point is the one that the circuit asks for", async () => {
    const { graph } = await loadModel(DIGITS_MODEL_URL);
    const circuit = await buildModelCircuit({ graph, name: "digits", cacheDir: CIRCUIT_CACHE });
    const r1cs = readR1cs(await readFile(circuit.r1csPath));
    const secrets = developmentSecrets(Buffer.from(circuit.r1csHash, "hex"));
    await checkDevelopmentKey(await readFile(circuit.zkeyPath), r1cs, secrets);
  });

  it("proves what the model says of a drawn digit", async () => {
    const { graph } = await loadModel(DIGITS_MODEL_URL);
    const circuit = await buildModelCircuit({ graph, name: "digits", cacheDir: CIRCUIT_CACHE });
    const declared = (await readInstances()).models.find(({ name }) => name === "digits");
    expect(circuit.constraints).to.equal(declared?.constraints);
    const input = createTensor("uint8", [1, DIGIT_PIXELS], renderDigit(7, 20_260_101).pixels);
    const { output } = interpret(graph, input);
    const prover = new SnarkjsProver();
    try {
      const result = await prover.prove({ circuit, context: 42n, input, output });
      const { verificationKey: key } = circuit;
      expect(await verifyProof(key, result.publicSignals, result.proof)).to.equal(true);
      const otherJob = result.publicSignals.with(0, 43n);
      expect(await verifyProof(key, otherJob, result.proof)).to.equal(false);
    } finally {
      await prover.close();
    }
  });

  it("proves four drawn digits at once, each with its own output", async () => {
    const { graph } = await loadModel(DIGITS_MODEL_URL);
    const declared = (await readInstances()).models.find(({ name }) => name === "digits-x4");
    const circuit = await buildModelCircuit({
      graph,
      name: "digits-x4",
      cacheDir: CIRCUIT_CACHE,
      jobsPerProof: 4,
    });
    expect(circuit.constraints).to.equal(declared?.constraints);
    const inputs = [2, 7, 1, 8].map((label) =>
      createTensor("uint8", [1, DIGIT_PIXELS], renderDigit(label, 20_260_102).pixels),
    );
    const outputs = inputs.map((input) => interpret(graph, input).output);
    const prover = new SnarkjsProver();
    try {
      const result = await prover.proveMany({ circuit, context: 42n, inputs, outputs });
      const { verificationKey: key } = circuit;
      const { publicSignals: signals, proof } = result;
      expect(await verifyProof(key, signals, proof)).to.equal(true);
      // Context, four inputs, four outputs: 1 and 2 are inputs, 5 and 6 the outputs that belong to them.
      for (const [first, second] of [
        [1, 2],
        [5, 6],
      ] as const) {
        const exchanged = signals
          .with(first, signals[second] as bigint)
          .with(second, signals[first] as bigint);
        expect(await verifyProof(key, exchanged, proof)).to.equal(false);
      }
      expect(await verifyProof(key, signals.with(0, 43n), proof)).to.equal(false);
    } finally {
      await prover.close();
    }
  });
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { CIRCUIT_CACHE, REPOSITORY, readInstances, readManifest } from "../../src/cli/manifest.ts";
import { deriveTraining, type TrainingInstance } from "../../src/cli/training-manifest.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";
import { SnarkjsProver } from "../../src/prover/snarkjs-prover.ts";
import { buildTrainingCircuit, type TrainingCircuit } from "../../src/training/circuit.ts";
import { TrainingDataset } from "../../src/training/commitments.ts";
import { computeStep, proveStep, stepSignals } from "../../src/training/prove-step.ts";
import { calculate } from "../circuit/harness.ts";
import { extremes, randomBatch, randomParameters } from "./cases.ts";

const NAME = "training-64-32-10";

// Minutes of compiling: `npm run test:training`, not part of `npm test`.
describe(`training circuit ${NAME}`, () => {
  const random = new SeededRandom(17);
  let instance: TrainingInstance;
  let circuit: TrainingCircuit;

  before(async () => {
    instance = (await readInstances()).training.steps.find(
      ({ name }) => name === NAME,
    ) as TrainingInstance;
    circuit = await buildTrainingCircuit({
      name: NAME,
      shape: instance.shape,
      cacheDir: CIRCUIT_CACHE,
    });
  });

  it("has the constraints, the key and the verifier that are committed", async () => {
    const derived = await deriveTraining(instance, {
      cacheDir: CIRCUIT_CACHE,
      onProgress: () => {},
    });
    expect(derived.instance).to.deep.equal(instance);
    expect(derived.entry).to.deep.equal((await readManifest())[NAME]);
    const { path, content } = derived.verifier;
    expect(content).to.equal(await readFile(join(REPOSITORY, path), "utf8"));
  });

  it("shows the reference's next state", async () => {
    const { shape } = instance;
    const drawn = [100, 4_000, 32_767].map((limit) => ({
      name: `random up to ${limit}`,
      parameters: randomParameters(shape, random, limit),
      batch: randomBatch(shape, random),
    }));
    for (const { name, parameters, batch } of [...drawn, ...extremes(shape)]) {
      const dataset = await TrainingDataset.commit(shape, [batch, randomBatch(shape, random)]);
      const statement = { dataset, parameters, step: 2 * random.integer(0, 1_000) };
      const witness = await calculate(circuit.wasmPath, stepSignals(statement, 5n));
      const { input, output } = await computeStep(statement);
      expect(witness.slice(1, 4), name).to.deep.equal([5n, input, output]);
    }
  });

  it("proves a step", async () => {
    const { shape } = instance;
    const dataset = await TrainingDataset.commit(shape, [randomBatch(shape, random)]);
    const parameters = randomParameters(shape, random, 4_000);
    const prover = new SnarkjsProver();
    try {
      const context = FIELD_ORDER - 1n;
      const { proof, input, output } = await proveStep(prover, {
        circuit,
        dataset,
        parameters,
        step: 3,
        context,
      });
      expect(proof.publicSignals).to.deep.equal([context, input, output]);
    } finally {
      await prover.close();
    }
  });
});

import { expect } from "chai";
import { readInstances } from "../../src/cli/manifest.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";
import { trainingSource } from "../../src/training/circuit.ts";
import { commitState, TrainingDataset } from "../../src/training/commitments.ts";
import { computeStep, stepSignals } from "../../src/training/prove-step.ts";
import type { TrainingBatch } from "../../src/training/sgd.ts";
import { compileSource, refusal, type TestCircuit } from "../circuit/harness.ts";
import { expectEveryWireBound, freedom } from "../circuit/tampering.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { extremes, randomBatch, randomParameters, SMALL } from "./cases.ts";

const CONTEXT = 0x1234_5678n;
const PUBLIC = 3;
const CONTEXT_WIRE = 1;

describe("training step circuit", () => {
  const random = new SeededRandom(3);
  const batches = Array.from({ length: 3 }, () => randomBatch(SMALL, random));
  let circuit: TestCircuit;
  let dataset: TrainingDataset;

  before(async () => {
    circuit = await compileSource(trainingSource(SMALL));
    dataset = await TrainingDataset.commit(SMALL, batches);
  });

  after(() => circuit.remove());

  async function agreedWitness(of: TrainingDataset, parameters: Int16Array, step: number) {
    const statement = { dataset: of, parameters, step };
    const witness = await circuit.witness(stepSignals(statement, CONTEXT));
    const { input, output } = await computeStep(statement);
    expect(witness.slice(1, 1 + PUBLIC)).to.deep.equal([CONTEXT, input, output]);
    return witness;
  }

  it("has the number of constraints that circuits.json says", async () => {
    const { steps } = (await readInstances()).training;
    const declared = steps.find(({ name }) => name === "training-8-4-3");
    expect(declared?.shape).to.deep.equal(SMALL);
    expect(circuit.r1cs.constraints).to.have.length(declared?.constraints ?? 0);
  });

  it("shows the reference's next state for random states and steps", async () => {
    for (let i = 0; i < 9; i++) {
      const limit = [50, 2_000, 32_767][i % 3] as number;
      const parameters = randomParameters(SMALL, random, limit);
      await agreedWitness(dataset, parameters, random.integer(0, 1_000));
    }
  });

  for (const { name, parameters, batch } of extremes(SMALL)) {
    it(`shows the reference's next state for ${name}`, async () => {
      await agreedWitness(await TrainingDataset.commit(SMALL, [batch]), parameters, 0);
    });
  }

  it("leaves the prover no choice, and refuses a tampered witness at every wire", async () => {
    const parameters = randomParameters(SMALL, random, 2_000);
    const witness = await agreedWitness(dataset, parameters, 4);
    // Nothing else depends on the context.
    expectEveryWireBound(circuit.r1cs, witness, new Set([CONTEXT_WIRE]));
    // The statement and the private inputs fix everything else; the commitments bind the private inputs.
    const signals = Object.values(stepSignals({ dataset, parameters, step: 4 }, CONTEXT)).flat();
    // The context that goes in is the wire that comes out.
    const publicCount = circuit.r1cs.publicCount + signals.length - 1;
    expect(freedom({ ...circuit.r1cs, publicCount }, witness)).to.equal(1);
  });

  async function refused(changes: Readonly<Record<string, bigint | readonly bigint[]>>) {
    const parameters = randomParameters(SMALL, random, 2_000);
    const signals = { ...stepSignals({ dataset, parameters, step: 1 }, CONTEXT), ...changes };
    expect(await refusal(circuit, signals)).to.match(/Assert Failed|divide by zero/);
  }

  it("refuses parameters beyond int16, pixels beyond uint8 and labels beyond the classes", async () => {
    const parameters = stepSignals(
      { dataset, parameters: randomParameters(SMALL, random, 9), step: 1 },
      0n,
    );
    await refused({ parameters: [32_768n, ...parameters.parameters.slice(1)] });
    await refused({ parameters: [FIELD_ORDER - 32_769n, ...parameters.parameters.slice(1)] });
    await refused({ pixels: [256n, ...parameters.pixels.slice(1)] });
    await refused({ labels: [0n, 3n] });
  });

  for (const [problem, parameters, bound] of [
    ["labels that do not fit a byte", "2, 2, 257, 2, 1, 4", "classes <= 256"],
    ["a tree that is too deep", "2, 2, 2, 2, 33, 4", "depth <= 32"],
  ] as const) {
    it(`does not compile with ${problem}`, async () => {
      const main = `TrainingStep(${parameters})`;
      const source = trainingSource(SMALL).replace(/TrainingStep\(.*\)/, main);
      const error = await expectZkmlError(
        () => compileSource(source).then(({ remove }) => remove()),
        { code: "CIRCUIT_COMPILE_FAILED" },
      );
      expect(error.message).to.contain(`assert(${bound})`);
    });
  }

  it("refuses a data set of no batches", async () => {
    await refused({ batches: 0n });
  });

  it("binds the step's batch: another one, or another place, shows another input", async () => {
    const parameters = randomParameters(SMALL, random, 2_000);
    const honest = await agreedWitness(dataset, parameters, 1);
    const signals = stepSignals({ dataset, parameters, step: 1 }, CONTEXT);
    const other = dataset.batchOf(2) as TrainingBatch;
    const swaps = [
      { pixels: Array.from(other.pixels, BigInt), labels: Array.from(other.labels, BigInt) },
      { siblings: dataset.pathOf(2) },
      { step: 2n },
      { batches: 2n },
    ];
    for (const swap of swaps) {
      const witness = await circuit.witness({ ...signals, ...swap });
      expect(witness[2], Object.keys(swap).join()).to.not.equal(honest[2]);
    }
  });

  it("commits to a state that another packing of the same chunk cannot open", async () => {
    const parameters = randomParameters(SMALL, random, 100);
    const shifted = Int16Array.from(parameters);
    shifted[0] = (parameters[0] as number) + 1;
    expect(await commitState(SMALL, shifted)).to.not.equal(await commitState(SMALL, parameters));
    const { parameters: fields } = stepSignals({ dataset, parameters, step: 1 }, CONTEXT);
    // The first two share a chunk: 2^16 from the first is 1 in the second, and the sum is the same.
    const [first, second] = fields as [bigint, bigint];
    await refused({
      parameters: [(first + 65_536n) % FIELD_ORDER, second - 1n, ...fields.slice(2)],
    });
  });
});

import { expect } from "chai";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { publicSignalNames } from "../../src/circuit/render.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { FIELD_ORDER, reduce } from "../../src/keys/field.ts";
import { firstViolation } from "../../src/keys/r1cs.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { tinyMlp } from "./graphs.ts";
import { compileSource, refusal, type TestCircuit } from "./harness.ts";
import { expectEveryWireBound, freedom } from "./tampering.ts";

const CONTEXT = 0x1234_5678n;
const JOBS = 3;
const PUBLIC = 1 + 2 * JOBS;
const CONTEXT_WIRE = 1;
/** Constraints of the same model in a circuit for one job, the one that carries its context included. */
const SINGLE = 565;

/** Exchanges two elements. */
function swapped<T>(values: readonly T[], first: number, second: number): T[] {
  return values.with(first, values[second] as T).with(second, values[first] as T);
}

describe("circuits of several jobs", () => {
  const graph = tinyMlp();
  const images = Array.from(
    inputsFor(graph, new SeededRandom(6), 2 * JOBS),
    ({ image }) => image as IntegerTensor,
  );
  const batches = [images.slice(0, JOBS), images.slice(JOBS, 2 * JOBS)];
  let circuit: TestCircuit;
  let inputSignal: string;
  let witnesses: bigint[][];

  const signals = (inputs: readonly IntegerTensor[]) => ({
    contextIn: CONTEXT,
    [inputSignal]: inputs.flatMap(({ data }) => Array.from(data, (value) => reduce(BigInt(value)))),
  });

  before(async () => {
    const generated = generateCircuit(graph, { jobsPerProof: JOBS });
    inputSignal = generated.inputSignal;
    circuit = await compileSource(generated.source);
    witnesses = await Promise.all(batches.map((batch) => circuit.witness(signals(batch))));
  });

  after(() => circuit.remove());

  it("agree with the interpreter on every job, inputs before outputs", async () => {
    for (const [i, batch] of batches.entries()) {
      const outputs = batch.map((input) => interpret(graph, input).output);
      const expected = [
        CONTEXT,
        ...(await Promise.all(batch.map(commitTensor))),
        ...(await Promise.all(outputs.map(commitTensor))),
      ];
      expect(witnesses[i]?.slice(1, 1 + PUBLIC)).to.deep.equal(expected);
    }
  });

  it("have one context and two commitments a job for public signals", () => {
    expect(circuit.r1cs.publicCount).to.equal(PUBLIC);
    expect(circuit.r1cs.outputCount).to.equal(PUBLIC);
    expect(publicSignalNames(JOBS)).to.have.length(PUBLIC);
    expect(publicSignalNames(2)).to.deep.equal([
      "context",
      "inputCommitment[0]",
      "inputCommitment[1]",
      "outputCommitment[0]",
      "outputCommitment[1]",
    ]);
  });

  it("keep their constraint count: the model for each job, the context once", () => {
    expect(circuit.r1cs.constraints).to.have.length(1 + JOBS * (SINGLE - 1));
  });

  it("refuse a tampered witness at every wire but the context, which they only carry", () => {
    const free = new Set([CONTEXT_WIRE]);
    for (const witness of witnesses) expectEveryWireBound(circuit.r1cs, witness, free);
  });

  it("leave the prover no direction to move in but the context", () => {
    for (const witness of witnesses) expect(freedom(circuit.r1cs, witness)).to.equal(1);
  });

  it("refuse the inputs, or the outputs, of two jobs exchanged", () => {
    const [witness] = witnesses as [bigint[]];
    const [firstInput, firstOutput] = [CONTEXT_WIRE + 1, CONTEXT_WIRE + 1 + JOBS];
    for (const first of [firstInput, firstOutput]) {
      expect(witness[first]).to.not.equal(witness[first + 1]);
      const violated = firstViolation(circuit.r1cs, swapped(witness, first, first + 1));
      expect(violated, `wires ${first} and ${first + 1}`).to.be.a("number");
    }
  });

  it("prove jobs in the order in which they are given", async () => {
    const [witness] = witnesses as [bigint[]];
    const [batch] = batches as [IntegerTensor[]];
    const other = await circuit.witness(signals(swapped(batch, 0, 2)));
    const inputs = witness.slice(2, 2 + JOBS);
    const outputs = witness.slice(2 + JOBS, 2 + 2 * JOBS);
    expect(other.slice(2, 2 + 2 * JOBS)).to.deep.equal([
      ...swapped(inputs, 0, 2),
      ...swapped(outputs, 0, 2),
    ]);
  });

  it("have no witness when one pixel of one job is out of range", async () => {
    const good = signals(batches[0] as IntegerTensor[]);
    const pixels = good[inputSignal] as bigint[];
    for (const pixel of [256n, FIELD_ORDER - 1n]) {
      const bad = { ...good, [inputSignal]: pixels.with(-1, pixel) };
      expect(await refusal(circuit, bad)).to.match(/Assert Failed/);
    }
  });

  it("are refused for numbers of jobs that the router does not take", () => {
    for (const jobsPerProof of [0, 33, 1.5]) {
      expect(() => generateCircuit(graph, { jobsPerProof })).to.throw(
        RangeError,
        `1 to 32 jobs, not ${jobsPerProof}`,
      );
    }
  });

  it("are the circuit of one job when there is one", () => {
    const { source } = generateCircuit(graph, { jobsPerProof: 1 });
    expect(source).to.equal(generateCircuit(graph).source);
  });
});

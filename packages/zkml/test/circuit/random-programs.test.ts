import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { reduce } from "../../src/keys/field.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { qlinearConv, qlinearMatMul } from "../helpers/qlinear-models.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { operatorsOf, randomProgram } from "../helpers/random-programs.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { bareSignals, bareSource } from "./bare-programs.ts";
import { compileSource, type TestCircuit } from "./harness.ts";
import { expectEveryWireBound } from "./tampering.ts";

const PROGRAMS = 40;
const RUNS = 5;

/** Random programs, and requantisations with halves to even. */
function programs(random: SeededRandom): IntegerGraph[] {
  const made = Array.from({ length: PROGRAMS }, () => randomProgram(random, { steps: 10 }));
  const quantised = [qlinearMatMul, qlinearMatMul, qlinearConv].map((make) =>
    readOnnx(make(random, { exponents: [-6, 1], powersOfTwo: true }).bytes),
  );
  return [...made, ...quantised];
}

/** Run r of every program: both extremes, then random inputs. */
function runs(graphs: readonly IntegerGraph[], random: SeededRandom): IntegerTensor[][] {
  const inputs = graphs.map((graph) =>
    Array.from(inputsFor(graph, random, RUNS - 2), ({ x }) => x as IntegerTensor),
  );
  return Array.from({ length: RUNS }, (_, run) => inputs.map((list) => list[run] as IntegerTensor));
}

describe("circuits of random programs", () => {
  const random = new SeededRandom(8);
  const graphs = programs(random);
  const inputs = runs(graphs, random);
  let circuit: TestCircuit;
  let witnesses: bigint[][];

  before(async () => {
    circuit = await compileSource(bareSource(graphs));
    witnesses = [];
    for (const run of inputs) witnesses.push(await circuit.witness(bareSignals(run)));
  });

  after(() => circuit.remove());

  it("have every operator among them", () => {
    const used = new Set(graphs.flatMap(operatorsOf));
    expect([...used].sort()).to.deep.equal(Object.keys(RANDOM_GRAPHS).sort());
  });

  it("give the interpreter's bits", () => {
    for (const [run, witness] of witnesses.entries()) {
      const expected = graphs.flatMap((graph, i) => {
        const { output } = interpret(graph, inputs[run]?.[i] as IntegerTensor);
        return Array.from(output.data, (value) => reduce(BigInt(value)));
      });
      expect(witness.slice(1, 1 + circuit.r1cs.outputCount)).to.deep.equal(expected);
    }
  });

  it("refuse a tampered witness at every wire but their inputs", () => {
    const { outputCount, publicCount } = circuit.r1cs;
    const statement = new Set<number>();
    for (let wire = outputCount + 1; wire <= publicCount; wire++) statement.add(wire);
    for (const witness of witnesses) expectEveryWireBound(circuit.r1cs, witness, statement);
  });
});

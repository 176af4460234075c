import { expect } from "chai";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph, OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { FIELD_ORDER, reduce } from "../../src/keys/field.ts";
import { firstViolation } from "../../src/keys/r1cs.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";
import { biasPerChannel, dividePerRow, tinyMlp } from "./graphs.ts";
import { compileSource, refusal, type TestCircuit } from "./harness.ts";
import { expectEveryWireBound, freedom } from "./tampering.ts";

const CONTEXT = 0x1234_5678n;
const PUBLIC = 3;
const CONTEXT_WIRE = 1;

async function compileGraph(graph: IntegerGraph) {
  const { source, inputSignal } = generateCircuit(graph);
  const circuit = await compileSource(source);
  const signals = (tensor: IntegerTensor) => ({
    contextIn: CONTEXT,
    [inputSignal]: Array.from(tensor.data, (value) => reduce(BigInt(value))),
  });
  return { circuit, inputSignal, signals };
}

async function publicSignals(graph: IntegerGraph, input: IntegerTensor): Promise<bigint[]> {
  const { output } = interpret(graph, input);
  return [CONTEXT, await commitTensor(input), await commitTensor(output)];
}

/** Compares the circuit's public signals with what the interpreter says they have to be. */
async function expectAgreement(graph: IntegerGraph, seed: number, count: number): Promise<void> {
  const { circuit, signals } = await compileGraph(graph);
  try {
    for (const inputs of inputsFor(graph, new SeededRandom(seed), count)) {
      const input = inputs[graph.inputs[0]?.name ?? ""] as IntegerTensor;
      const witness = await circuit.witness(signals(input));
      expect(witness.slice(1, 1 + PUBLIC)).to.deep.equal(await publicSignals(graph, input));
    }
  } finally {
    await circuit.remove();
  }
}

/** A random graph of one input, which is what circuits take, from the first seed that gives one. */
function provableGraph(op: OperatorName): IntegerGraph {
  for (let seed = 1; ; seed++) {
    const graph = RANDOM_GRAPHS[op](new SeededRandom(seed));
    const weights = graph.constants.get("w")?.shape.length ?? 2;
    const rank = op === "ConvInteger" || weights === 2;
    if (graph.inputs.length === 1 && rank) return graph;
  }
}

describe("model circuits", () => {
  describe("against the reference interpreter", () => {
    // The other operators are in the graphs below.
    const operators = [
      "MatMulInteger",
      "ConvInteger",
      "Add",
      "Mul",
      "Max",
      "Div",
      "Clip",
      "MaxPool",
      "Concat",
      "Lookup",
      "ReduceSum",
      "ArgMax",
    ] as const;
    for (const op of operators) {
      it(`agrees on a random ${op}`, () => expectAgreement(provableGraph(op), 11, 3));
    }

    it("agrees on Div by a power of two for each row", () =>
      expectAgreement(dividePerRow(), 12, 6));

    it("agrees on Sub, Min and Mul of constants for each channel and of computed operands", () =>
      expectAgreement(biasPerChannel(), 13, 4));

    it("agrees on a network with Cast, Transpose and Reshape between its layers", () =>
      expectAgreement(smallConvnet(new SeededRandom(3)), 14, 3));
  });

  describe("a tiny classifier", () => {
    const graph = tinyMlp();
    const images = Array.from(
      inputsFor(graph, new SeededRandom(5), 6),
      ({ image }) => image as IntegerTensor,
    );
    let circuit: TestCircuit;
    let inputSignal: string;
    let witnesses: bigint[][];

    before(async () => {
      const compiled = await compileGraph(graph);
      ({ circuit, inputSignal } = compiled);
      witnesses = [];
      for (const image of images) witnesses.push(await circuit.witness(compiled.signals(image)));
    });

    after(() => circuit.remove());

    it("agrees with the interpreter", async () => {
      for (const [i, input] of images.entries()) {
        expect(witnesses[i]?.slice(1, 1 + PUBLIC)).to.deep.equal(await publicSignals(graph, input));
      }
    });

    it("has three public signals and no other", () => {
      expect(circuit.r1cs.publicCount).to.equal(PUBLIC);
      expect(circuit.r1cs.outputCount).to.equal(PUBLIC);
    });

    it("keeps its constraint count", () => {
      expect(circuit.r1cs.constraints).to.have.length(565);
    });

    it("refuses a tampered witness at every wire but the context, which it only carries", () => {
      const free = new Set([CONTEXT_WIRE]);
      for (const witness of witnesses) expectEveryWireBound(circuit.r1cs, witness, free);
    });

    it("keeps the context in a constraint of its own", () => {
      const [witness] = witnesses as [bigint[]];
      expect(firstViolation(circuit.r1cs, witness.with(CONTEXT_WIRE, CONTEXT + 1n))).to.be.a(
        "number",
      );
    });

    it("leaves the prover no direction to move in but the context", () => {
      // Other pixels are other statements; being whole numbers, they lie apart from one another.
      for (const witness of witnesses) expect(freedom(circuit.r1cs, witness)).to.equal(1);
    });

    for (const pixel of [256n, FIELD_ORDER - 1n, 2n ** 31n, 2n ** 200n]) {
      it(`has no witness for a pixel of ${pixel}`, async () => {
        const signals = { contextIn: CONTEXT, [inputSignal]: [1n, pixel, 2n] };
        expect(await refusal(circuit, signals)).to.match(/Assert Failed/);
      });
    }
  });
});

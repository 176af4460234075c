import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { generatePrivateCircuit } from "../../src/circuit/private/generate-private.ts";
import { privateWeights, type WeightSignals } from "../../src/circuit/private/weight-signals.ts";
import { publicSignalNames } from "../../src/circuit/render.ts";
import { CIRCUITS_DIRECTORY } from "../../src/circuit/sources.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";
import { firstViolation } from "../../src/keys/r1cs.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { tinyMlp } from "./graphs.ts";
import { compileSource, refusal, type TestCircuit } from "./harness.ts";
import { fieldElements, otherWeights, tinyConvnet } from "./private-graphs.ts";
import { expectEveryWireBound, freedom } from "./tampering.ts";

const CONTEXT = 0x1234_5678n;
const SALT = 2n ** 250n + 7n;

/** Circuit signals and the public signals that they have to give, for as many inputs as jobs. */
async function statement(
  generated: ReturnType<typeof generatePrivateCircuit>,
  graph: IntegerGraph,
  inputs: readonly IntegerTensor[],
) {
  const weights = await privateWeights(generated.weights as WeightSignals, graph, SALT);
  const outputs = inputs.map((input) => interpret(graph, input).output);
  const commitments = await Promise.all([...inputs, ...outputs].map(commitTensor));
  const signals = {
    ...weights.signals,
    contextIn: CONTEXT,
    [generated.inputSignal]: fieldElements(inputs),
  };
  return { signals, expected: [CONTEXT, ...commitments, weights.commitment] };
}

function draw(graph: IntegerGraph, seed: number, count: number): IntegerTensor[] {
  const drawn = inputsFor(graph, new SeededRandom(seed), count);
  return Array.from(drawn, (inputs) => Object.values(inputs)[0] as IntegerTensor).slice(-count);
}

describe("circuits with private weights", () => {
  describe("one job, every product for itself", () => {
    const models = [tinyMlp(), otherWeights(tinyMlp(), new SeededRandom(22))];
    const generated = generatePrivateCircuit(tinyMlp());
    let circuit: TestCircuit;
    let witnesses: bigint[][];

    before(async () => {
      circuit = await compileSource(generated.source);
      witnesses = [];
    });

    after(() => circuit.remove());

    it("agrees with the interpreter for every model of the architecture", async () => {
      for (const graph of models) {
        for (const input of draw(graph, 23, 3)) {
          const { signals, expected } = await statement(generated, graph, [input]);
          const witness = await circuit.witness(signals);
          expect(witness.slice(1, 5)).to.deep.equal(expected);
          witnesses.push(witness);
        }
      }
    });

    it("has the weights' commitment as its fourth and last public signal", () => {
      expect(circuit.r1cs.publicCount).to.equal(4);
      expect(publicSignalNames(1, "private").at(-1)).to.equal("weightsCommitment");
      expect(publicSignalNames(2, "private")).to.have.length(6);
    });

    it("keeps its constraint count", () => {
      expect(circuit.r1cs.constraints).to.have.length(1720);
    });

    it("refuses a tampered witness at every wire but the context, which it only carries", () => {
      for (const witness of witnesses) {
        expectEveryWireBound(circuit.r1cs, witness, new Set([1]));
      }
    });

    it("leaves the prover no direction but the context and the salt", () => {
      for (const witness of witnesses.slice(-2)) expect(freedom(circuit.r1cs, witness)).to.equal(2);
    });

    for (const [signal, value] of [
      ["v1", 64n],
      ["v1", FIELD_ORDER - 65n],
      ["v2", 2n ** 16n],
      ["v3", 2n ** 200n],
    ] as const) {
      it(`has no witness for a value of ${value} in ${signal}, beyond the declared bits`, async () => {
        const [graph] = models as [IntegerGraph];
        const { signals } = await statement(generated, graph, draw(graph, 24, 1));
        const tampered = { ...signals, [signal]: (signals[signal] as bigint[]).with(1, value) };
        expect(await refusal(circuit, tampered)).to.match(/Assert Failed/);
      });
    }
  });

  describe("two jobs, sums claimed and checked at a challenge", () => {
    const graph = tinyConvnet(new SeededRandom(25));
    const generated = generatePrivateCircuit(graph, { jobsPerProof: 2 });
    const inputs = draw(graph, 26, 2);
    let circuit: TestCircuit;

    before(async () => {
      circuit = await compileSource(generated.source);
    });

    after(() => circuit.remove());

    it("agrees with the interpreter and binds every wire, the context among them", async () => {
      const { signals, expected } = await statement(generated, graph, inputs);
      const witness = await circuit.witness(signals);
      expect(witness.slice(1, 1 + 6)).to.deep.equal(expected);
      expect(firstViolation(circuit.r1cs, witness)).to.equal(undefined);
      expectEveryWireBound(circuit.r1cs, witness);
    });

    it("takes fewer constraints than products do", () => {
      expect(generated.source).to.match(/ConvCheck/);
      expect(circuit.r1cs.constraints).to.have.length(13895);
    });

    it("refuses a prover that claims other sums and goes on from them consistently", async () => {
      const cheating = await compileSource(await cheat(generated.source));
      try {
        const digest = async ({ directory }: TestCircuit) =>
          createHash("sha256")
            .update(await readFile(join(directory, "circuit.r1cs")))
            .digest("hex");
        expect(await digest(cheating), "the same constraints").to.equal(await digest(circuit));
        const { signals } = await statement(generated, graph, inputs);
        expect(await refusal(cheating, signals)).to.match(/Assert Failed.*ConvCheck/s);
      } finally {
        await cheating.remove();
      }
    });
  });
});

/** The circuit with a witness generator that adds one to every sum it claims. */
async function cheat(source: string): Promise<string> {
  const library = await readFile(join(CIRCUITS_DIRECTORY, "lib", "freivalds-conv.circom"), "utf8");
  const [template = ""] = library.match(/^template ConvClaim[\s\S]*?^}/m) ?? [];
  const other = template
    .replace("template ConvClaim", "template ConvCheat")
    .replace("<-- sum;", "<-- sum + 1;");
  expect(other).to.contain("<-- sum + 1;");
  return source
    .replace("template Model()", `${other}\n\ntemplate Model()`)
    .replaceAll("ConvClaim(", "ConvCheat(");
}

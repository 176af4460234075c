import { expect } from "chai";
import { poseidonHash } from "../../src/circuit/poseidon.ts";
import { readInstances } from "../../src/cli/manifest.ts";
import { reduce } from "../../src/keys/field.ts";
import { compileTemplate, refusal, type TestCircuit } from "../circuit/harness.ts";
import { expectEveryWireBound, freedom } from "../circuit/tampering.ts";
import { TRAINING_TEMPLATES, type TrainingTemplate } from "./templates.ts";

const { library } = (await readInstances()).training;
const MERKLE_ROOT = "MerkleRoot(2)";

/** A flat vector as the template's input signals. */
function split({ inputs }: TrainingTemplate, vector: readonly number[]): Record<string, bigint[]> {
  const values = vector.map(BigInt);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, length]) => [name, values.splice(0, Math.max(length, 1))]),
  );
}

function signals(template: TrainingTemplate, vector: readonly number[]) {
  return Object.fromEntries(
    Object.entries(split(template, vector)).map(([name, values]) => {
      const reduced = values.map(reduce);
      return [name, template.inputs[name] === 0 ? (reduced[0] as bigint) : reduced];
    }),
  );
}

/** A template's own inputs are its statement: they are not the prover's to choose. */
function statementWires({ outputCount, publicCount }: TestCircuit["r1cs"]): Set<number> {
  const wires = new Set<number>();
  for (let wire = outputCount + 1; wire <= publicCount; wire++) wires.add(wire);
  return wires;
}

describe("training circuit library", () => {
  it("has a test for every template that circuits.json lists", () => {
    const tested = [...Object.keys(TRAINING_TEMPLATES), MERKLE_ROOT];
    expect(library.map(({ template }) => template)).to.have.members(tested);
  });

  for (const { file, template, constraints } of library) {
    if (template === MERKLE_ROOT) continue;
    describe(template, () => {
      const item = TRAINING_TEMPLATES[template] as TrainingTemplate;
      let circuit: TestCircuit;

      before(async () => {
        circuit = await compileTemplate(file, template, Object.keys(item.inputs));
      });

      after(() => circuit.remove());

      it(`has ${constraints} constraints`, () => {
        expect(circuit.r1cs.constraints).to.have.length(constraints);
      });

      it("computes what it states and leaves the prover no choice", async () => {
        for (const vector of item.vectors) {
          const witness = await circuit.witness(signals(item, vector));
          const outputs = witness.slice(1, 1 + circuit.r1cs.outputCount);
          expect(outputs, `of ${vector}`).to.deep.equal(
            item.expected(split(item, vector)).map(reduce),
          );
          expect(freedom(circuit.r1cs, witness)).to.equal(0);
          expectEveryWireBound(circuit.r1cs, witness, statementWires(circuit.r1cs));
        }
      });

      for (const vector of item.refused) {
        it(`has no witness for ${vector}`, async () => {
          expect(await refusal(circuit, signals(item, vector))).to.match(
            /Assert Failed|divide by zero/,
          );
        });
      }
    });
  }

  it("MerkleRoot(2) walks to the root from every leaf", async () => {
    const instance = library.find(({ template }) => template === MERKLE_ROOT);
    const circuit = await compileTemplate("dataset.circom", MERKLE_ROOT, [
      "leaf",
      "bits",
      "siblings",
    ]);
    try {
      expect(circuit.r1cs.constraints).to.have.length(instance?.constraints ?? 0);
      const leaves = [11n, 12n, 13n, 14n];
      const pair = async (i: number) => poseidonHash(leaves.slice(2 * i, 2 * i + 2));
      const nodes = [await pair(0), await pair(1)];
      for (const [index, leaf] of leaves.entries()) {
        const siblings = [leaves[index ^ 1] as bigint, nodes[(index >> 1) ^ 1] as bigint];
        const bits = [BigInt(index & 1), BigInt(index >> 1)];
        const witness = await circuit.witness({ leaf, bits, siblings });
        expect(witness[1]).to.equal(await poseidonHash(nodes));
        expect(freedom(circuit.r1cs, witness)).to.equal(0);
        expectEveryWireBound(circuit.r1cs, witness, statementWires(circuit.r1cs));
      }
    } finally {
      await circuit.remove();
    }
  });
});

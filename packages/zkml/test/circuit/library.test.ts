import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { CIRCUITS_DIRECTORY } from "../../src/circuit/sources.ts";
import type { CircuitInstances } from "../../src/cli/manifest.ts";
import { reduce } from "../../src/keys/field.ts";
import { compileTemplate, refusal, type TestCircuit } from "./harness.ts";
import { expectEveryWireBound, freedom } from "./tampering.ts";
import { type TemplateCase, templateCases } from "./templates.ts";

const instances = JSON.parse(
  await readFile(join(CIRCUITS_DIRECTORY, "circuits.json"), "utf8"),
) as CircuitInstances;
const cases = templateCases(commitTensor);

/** Splits a flat vector into the template's input signals. */
function signals(inputs: TemplateCase["inputs"], vector: readonly number[]) {
  const values = vector.map((value) => reduce(BigInt(value)));
  return Object.fromEntries(
    Object.entries(inputs).map(([name, length]) => {
      const taken = values.splice(0, Math.max(length, 1));
      return [name, length === 0 ? (taken[0] as bigint) : taken];
    }),
  );
}

describe("circuit library", () => {
  it("has a test for every template that circuits.json lists", () => {
    expect(Object.keys(cases)).to.have.members(instances.library.map(({ template }) => template));
  });

  for (const { file, template, constraints } of instances.library) {
    describe(template, () => {
      const { inputs, vectors, refused, expected } = cases[template] as TemplateCase;
      let circuit: TestCircuit;
      let witnesses: bigint[][];

      before(async () => {
        circuit = await compileTemplate(file, template, Object.keys(inputs));
        witnesses = [];
        for (const vector of vectors) {
          witnesses.push(await circuit.witness(signals(inputs, vector)));
        }
      });

      after(() => circuit.remove());

      it(`has ${constraints} constraints`, () => {
        expect(circuit.r1cs.constraints).to.have.length(constraints);
      });

      it("computes what it states", async () => {
        for (const [i, vector] of vectors.entries()) {
          const outputs = witnesses[i]?.slice(1, 1 + circuit.r1cs.outputCount);
          expect(outputs, `of ${vector}`).to.deep.equal((await expected(vector)).map(reduce));
        }
      });

      it("leaves the prover no choice", async () => {
        for (const witness of witnesses) {
          expect(freedom(circuit.r1cs, witness)).to.equal(0);
        }
      });

      it("refuses a tampered witness at every wire", async () => {
        // Another input may well have the same output: inputs are the statement, not the witness.
        const { outputCount, publicCount } = circuit.r1cs;
        const statement = new Set<number>();
        for (let wire = outputCount + 1; wire <= publicCount; wire++) statement.add(wire);
        for (const witness of witnesses) {
          expectEveryWireBound(circuit.r1cs, witness, statement);
        }
      });

      for (const vector of refused) {
        it(`has no witness for ${vector}`, async () => {
          expect(await refusal(circuit, signals(inputs, vector))).to.match(/Assert Failed/);
        });
      }
    });
  }
});

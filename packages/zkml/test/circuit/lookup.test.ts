import { expect } from "chai";
import { horner } from "../../src/circuit/emit-reduce.ts";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { interpolate } from "../../src/circuit/interpolate.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { reduce } from "../../src/keys/field.ts";
import { expectZkmlError } from "../helpers/errors.ts";

function evaluate(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((sum, coefficient) => reduce(sum * x + coefficient), 0n);
}

describe("look-ups", () => {
  it("go through every entry of the table, negative ones included", () => {
    const random = new SeededRandom(19);
    for (const length of [1, 2, 3, 17, 256]) {
      const values = Array.from({ length }, () => random.integer(-(2 ** 31), 2 ** 31 - 1));
      const coefficients = interpolate(values);
      expect(coefficients).to.have.length(length);
      for (const [x, value] of values.entries()) {
        expect(evaluate(coefficients, BigInt(x))).to.equal(reduce(BigInt(value)));
      }
    }
  });

  it("take no more terms than the table needs", () => {
    expect(interpolate([5, 5, 5, 5])).to.deep.equal([5n]);
    expect(interpolate([1, 4, 7, 10, 13])).to.deep.equal([1n, 3n]);
    expect(interpolate([0, 1, 4, 9, 16, 25])).to.deep.equal([0n, 0n, 1n]);
    expect(interpolate([0, 0, 0])).to.deep.equal([0n]);
  });

  it("choose the block length with the fewest products", () => {
    const products = (terms: number) => {
      const step = horner(terms);
      const blocks = Math.ceil(terms / step);
      return blocks === 1 ? Math.max(terms - 2, 0) : step + blocks - 2;
    };
    expect([1, 2, 3, 4, 16, 256, 1024].map(products)).to.deep.equal([0, 0, 1, 2, 6, 30, 62]);
  });

  it("name a table too large for a circuit", () => {
    const builder = new GraphBuilder("large");
    builder.addInput({ name: "x", elementType: "int32", shape: [2] });
    builder.addConstant("t", createTensor("uint8", [2000], new Array<number>(2000).fill(1)));
    builder.addNode({ op: "Clip", name: "fit", inputs: ["x"], output: "i", min: 0, max: 1999 });
    builder.addNode({ op: "Lookup", name: "look", inputs: ["i", "t"], output: "y" });
    return expectZkmlError(() => generateCircuit(builder.finish(["y"])), {
      code: "UNSUPPORTED_ATTRIBUTE",
      metadata: { node: "look", operator: "Lookup" },
      message: /reaches 2000 entries; clip or divide it to at most 1024/,
    });
  });
});

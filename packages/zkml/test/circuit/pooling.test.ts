import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph, Window } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type IntegerTensor } from "../../src/ir/tensor.ts";
import { reduce } from "../../src/keys/field.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { bareSignals, bareSource } from "./bare-programs.ts";
import { compileSource } from "./harness.ts";
import { expectEveryWireBound } from "./tampering.ts";

const APART: Window = { kernel: [2, 2], strides: [2, 2], dilations: [1, 1], pads: [0, 0, 0, 0] };
const OVERLAPPING: Window = { ...APART, kernel: [3, 3], strides: [1, 1] };

interface PooledOptions {
  readonly window?: Window;
  readonly divisorShape?: readonly number[];
  readonly divisors?: readonly number[];
  readonly limit?: number;
  /** Reads the values before the pooling too. */
  readonly shared?: boolean;
}

/** Relu, division, limit and Cast of [1, 2, 4, 4] values of 21 bits, then MaxPool. */
function pooled(options: PooledOptions): IntegerGraph {
  const { window = APART, divisorShape = [], divisors = [64], limit = 255 } = options;
  const builder = new GraphBuilder("pooled");
  builder.addInput({ name: "x", elementType: "int32", shape: [1, 2, 4, 4] });
  builder.addConstant("d", createTensor("int32", divisorShape, divisors));
  const wide = { min: -(2 ** 20), max: 2 ** 20 - 1 };
  builder.addNode({ op: "Clip", name: "wide", inputs: ["x"], output: "w", ...wide });
  // Ends the chain that bounds the input.
  builder.addNode({ op: "Reshape", name: "same", inputs: ["w"], output: "s", shape: [1, 2, 4, 4] });
  builder.addNode({
    op: "Clip",
    name: "relu",
    inputs: ["s"],
    output: "r",
    min: 0,
    max: 2 ** 31 - 1,
  });
  builder.addNode({ op: "Div", name: "scale", inputs: ["r", "d"], output: "q" });
  builder.addNode({ op: "Clip", name: "limit", inputs: ["q"], output: "l", min: 0, max: limit });
  builder.addNode({ op: "Cast", name: "cast", inputs: ["l"], output: "c", to: "uint8" });
  builder.addNode({ op: "MaxPool", name: "pool", inputs: ["c"], output: "p", window });
  if (!options.shared) return builder.finish(["p"]);
  const outer = { ...APART, kernel: [1, 1] as const };
  builder.addNode({ op: "MaxPool", name: "again", inputs: ["c"], output: "a", window: outer });
  builder.addNode({ op: "Concat", name: "join", inputs: ["p", "a"], output: "j", axis: 1 });
  return builder.finish(["j"]);
}

describe("pooling", () => {
  it("compares wide values and requantises the largest, which costs less", () => {
    const source = bareSource([pooled({})]);
    expect(source).to.match(/LargestOf\(22, 4\)/);
    expect(source).to.match(/i < 8; i\+\+\) \{ v\d+\[i\] <== Requantise\(21, 6, 8\)\(s\d+\[i\]\)/);
  });

  it("requantises first where windows overlap so much that it costs less", () => {
    const source = bareSource([pooled({ window: OVERLAPPING })]);
    expect(source).to.match(/i < 32; i\+\+\) \{ v\d+\[i\] <== Requantise\(21, 6, 8\)/);
    expect(source).to.match(/LargestOf\(9, 9\)/);
  });

  it("requantises first when somebody else reads the values before", () => {
    expect(bareSource([pooled({ shared: true })])).to.match(/LargestOf\(9, 4\)/);
  });

  it("requantises first when the elements of a window are divided differently", () => {
    const graph = pooled({ divisorShape: [4], divisors: [64, 128, 64, 64] });
    expect(bareSource([graph])).to.match(/LargestOf\(9, 4\)/);
  });

  describe("before requantisation", () => {
    const graphs = [
      pooled({}),
      pooled({ limit: 100 }),
      pooled({ divisorShape: [2, 1, 1], divisors: [64, 1024] }),
      pooled({ divisors: [100] }),
      pooled({ window: { ...APART, pads: [1, 0, 0, 1] } }),
    ];

    it("gives the interpreter's bits and binds every wire", async () => {
      const circuit = await compileSource(bareSource(graphs));
      try {
        const random = new SeededRandom(3);
        const runs = graphs.map((graph) =>
          Array.from(inputsFor(graph, random, 3), ({ x }) => x as IntegerTensor),
        );
        const { outputCount, publicCount } = circuit.r1cs;
        const statement = new Set(
          Array.from({ length: publicCount - outputCount }, (_, i) => outputCount + 1 + i),
        );
        for (let run = 0; run < 5; run++) {
          const inputs = runs.map((list) => list[run] as IntegerTensor);
          const witness = await circuit.witness(bareSignals(inputs));
          const expected = graphs.flatMap((graph, i) =>
            Array.from(interpret(graph, inputs[i] as IntegerTensor).output.data, (value) =>
              reduce(BigInt(value)),
            ),
          );
          expect(witness.slice(1, 1 + outputCount)).to.deep.equal(expected);
          expectEveryWireBound(circuit.r1cs, witness, statement);
        }
      } finally {
        await circuit.remove();
      }
    });
  });
});

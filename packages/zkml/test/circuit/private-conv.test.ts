import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph, ValueInfo, Window } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { randomTensor } from "../helpers/random-tensors.ts";
import { compileSource, refusal, type TestCircuit } from "./harness.ts";
import { fieldElements, lone } from "./private-graphs.ts";

interface Geometry {
  readonly input: readonly [number, number, number, number];
  readonly filters: number;
  readonly groups: number;
  readonly window: Window;
}

const plain = { strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] } as const;

/** Every way in which taps share sums or do not, on either axis. */
const GEOMETRIES: Readonly<Record<string, Geometry>> = {
  "padding all round": {
    input: [2, 2, 6, 5],
    filters: 2,
    groups: 1,
    window: { ...plain, kernel: [3, 3], pads: [1, 1, 1, 1] },
  },
  "groups and uneven padding": {
    input: [1, 4, 5, 6],
    filters: 4,
    groups: 2,
    window: { ...plain, kernel: [2, 3], pads: [1, 0, 0, 2] },
  },
  "strides below the kernel": {
    input: [1, 1, 9, 11],
    filters: 2,
    groups: 1,
    window: { ...plain, kernel: [3, 5], strides: [2, 2], pads: [0, 1, 0, 1] },
  },
  "strides beyond the kernel": {
    input: [1, 2, 8, 13],
    filters: 1,
    groups: 1,
    window: { ...plain, kernel: [1, 2], strides: [2, 3] },
  },
  "dilations that divide the strides and that do not": {
    input: [1, 1, 14, 12],
    filters: 2,
    groups: 1,
    window: { kernel: [3, 3], strides: [2, 1], dilations: [2, 2], pads: [1, 2, 1, 2] },
  },
};

interface Case {
  readonly graph: IntegerGraph;
  readonly input: IntegerTensor;
  readonly output: IntegerTensor;
  readonly weights: IntegerTensor;
  readonly parameters: string;
}

function caseOf({ input, filters, groups, window }: Geometry, random: SeededRandom): Case {
  const info: ValueInfo = { name: "x", elementType: "uint8", shape: input };
  const shape = [filters, input[1] / groups, ...window.kernel];
  const graph = lone(random, info, shape, { window, groups, zeroPoint: 5 });
  const image = randomTensor(random, "uint8", input);
  const { output } = interpret(graph, image);
  const { kernel, strides, dilations, pads } = window;
  const geometry = [...kernel, ...strides, ...dilations, pads[0], pads[1]];
  const out = [...output.shape.slice(1), groups];
  const parameters = `[${input}], [${out}], [${geometry}], 5, -1`;
  const weights = graph.constants.get("w") as IntegerTensor;
  return { graph, input: image, output, weights, parameters };
}

/** All geometries in one circuit, since compiling costs more than witnesses do. */
function sourceOf(cases: readonly Case[]): string {
  const parts = cases.map(({ input, output, weights, parameters }, i) => {
    const sizes = { x: input.data.length, w: weights.data.length, y: output.data.length };
    const inputs = Object.entries(sizes).map(
      ([name, size]) => `    signal input ${name}${i}[${size}];`,
    );
    return `${inputs.join("\n")}
    signal output claimed${i}[${sizes.y}] <== ConvClaim(${parameters})(x${i}, w${i});
    signal output products${i}[${sizes.y}] <== ConvPrivate(${parameters})(x${i}, w${i});
    ConvCheck(${parameters})(challenge, x${i}, w${i}, y${i});`;
  });
  return `pragma circom 2.1.9;
include "freivalds-conv.circom";
template Test() {
    signal input challenge;
${parts.join("\n")}
}
component main = Test();
`;
}

describe("convolutions with private weights", () => {
  const random = new SeededRandom(31);
  const cases = Object.values(GEOMETRIES).map((geometry) => caseOf(geometry, random));
  const signals = Object.fromEntries([
    ["challenge", 123_456_789n],
    ...cases.flatMap(({ input, weights, output }, i) => [
      [`x${i}`, fieldElements([input])],
      [`w${i}`, fieldElements([weights])],
      [`y${i}`, fieldElements([output])],
    ]),
  ]) as Record<string, bigint | bigint[]>;
  let circuit: TestCircuit;
  let outputs: bigint[];

  before(async () => {
    circuit = await compileSource(sourceOf(cases));
    outputs = (await circuit.witness(signals)).slice(1);
  });

  after(() => circuit.remove());

  for (const [i, name] of Object.keys(GEOMETRIES).entries()) {
    it(`agrees with the interpreter: ${name}`, () => {
      const before = cases.slice(0, i).reduce((sum, { output }) => sum + output.data.length, 0);
      const { output } = cases[i] as Case;
      const [start, count] = [2 * before, output.data.length];
      const expected = fieldElements([output]);
      expect(outputs.slice(start, start + count), "claims").to.deep.equal(expected);
      expect(outputs.slice(start + count, start + 2 * count), "products").to.deep.equal(expected);
    });

    it(`refuses another sum anywhere: ${name}`, async () => {
      const claims = signals[`y${i}`] as bigint[];
      const last = claims.length - 1;
      for (const place of [0, 1, random.integer(2, last - 1), last]) {
        const tampered = { ...signals, [`y${i}`]: claims.with(place, (claims[place] ?? 0n) + 1n) };
        expect(await refusal(circuit, tampered), `sum ${place}`).to.match(
          /Assert Failed.*ConvCheck/s,
        );
      }
    });
  }
});

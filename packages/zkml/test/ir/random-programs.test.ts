import { expect } from "chai";
import { interpret, trace } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph, OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { OnnxRunner } from "../../src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../src/runtime/same-bits.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { operatorsOf, randomProgram } from "../helpers/random-programs.ts";
import { inputsFor } from "../helpers/random-tensors.ts";

const RUNS = 10_000;
const RUNS_PER_PROGRAM = 5;
const RUNTIME_PROGRAMS = 150;

/** Runs a program on both extremes and random inputs; every value has to stay in its interval. */
function expectInsideIntervals(graph: IntegerGraph, random: SeededRandom): number {
  let runs = 0;
  for (const inputs of inputsFor(graph, random, RUNS_PER_PROGRAM - 2)) {
    for (const [name, { data }] of trace(graph, inputs).values) {
      const { min, max } = graph.intervals.get(name) as { min: bigint; max: bigint };
      const [least, most] = [Number(min), Number(max)];
      for (const value of data) {
        if (value < least || value > most) {
          expect.fail(`${name} is ${value}, outside of [${least}, ${most}]`);
        }
      }
    }
    runs++;
  }
  return runs;
}

describe("random programs", () => {
  it(`never exceed their intervals in ${RUNS} runs, with every operator among them`, () => {
    const random = new SeededRandom(0x10_000);
    const used = new Set<OperatorName>();
    let runs = 0;
    while (runs < RUNS) {
      const graph = randomProgram(random, { steps: 12 });
      for (const op of operatorsOf(graph)) used.add(op);
      runs += expectInsideIntervals(graph, random);
    }
    expect([...used].sort()).to.deep.equal(Object.keys(RANDOM_GRAPHS).sort());
  });

  it(`give ONNX Runtime's bits in ${RUNTIME_PROGRAMS} programs`, async () => {
    const random = new SeededRandom(0xb175);
    for (let i = 0; i < RUNTIME_PROGRAMS; i++) {
      const graph = randomProgram(random, { steps: 12 });
      const bytes = writeOnnx(graph);
      const read = readOnnx(bytes);
      const runner = await OnnxRunner.create(bytes);
      for (const inputs of inputsFor(graph, random, RUNS_PER_PROGRAM - 2)) {
        assertSameBits(interpret(read, inputs).outputs, (await runner.run(inputs)).outputs);
      }
      await runner.release();
    }
  });
});

import { expect } from "chai";
import type { ProgramValue } from "../../src/commitments/lowered-program.ts";
import { stepEvidence } from "../../src/disputes/step-evidence.ts";
import type { OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { ELEMENT_BYTES } from "../../src/ir/tensor.ts";
import { isWrongStep } from "../helpers/check-step.ts";
import { type CommittedRun, committedRun, rootsOf } from "../helpers/committed-runs.ts";
import { withByte } from "../helpers/forged-traces.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { randomProgram } from "../helpers/random-programs.ts";

function outputOf({ program }: CommittedRun, node: number): ProgramValue {
  return program.values[program.nodes[node]?.output as number] as ProgramValue;
}

/** The index that an honest ArgMax gave; nothing for other operators. */
function rightHint(run: CommittedRun, node: number, element: number): { hint?: number } {
  if (run.program.nodes[node]?.node.op !== "ArgMax") return {};
  const packed = run.trace.tensors[run.program.inputs + node]?.packed as Uint8Array;
  return { hint: new DataView(packed.buffer, packed.byteOffset).getInt32(4 * element) };
}

/** An honest element is right; with a bit turned it is wrong. */
function checkElement(run: CommittedRun, random: SeededRandom, node: number, element: number) {
  const { program, trace } = run;
  const step = program.nodes[node];
  const what = `${step?.node.op} ${JSON.stringify(step?.range)} element ${element}`;
  const hint = rightHint(run, node, element);
  const right = stepEvidence(run, trace, { node, element, ...hint });
  expect(isWrongStep(right, rootsOf(run, trace)), what).to.equal(false);
  const width = ELEMENT_BYTES[outputOf(run, node).elementType];
  const byte = element * width + random.integer(0, width - 1);
  const turned = 1 << random.integer(0, 7);
  const forged = withByte(trace, program.inputs + node, byte, (old) => old ^ turned);
  const wrong = stepEvidence(run, forged, { node, element, ...hint });
  expect(isWrongStep(wrong, rootsOf(run, forged)), what).to.equal(true);
}

/** A few elements of every node, the first and the last among them. */
function checkRun(run: CommittedRun, random: SeededRandom, count: number): void {
  for (const node of run.program.nodes.keys()) {
    const length = outputOf(run, node).shape.reduce((product, d) => product * d, 1);
    const elements = new Set([0, length - 1]);
    for (let i = 0; i < count; i++) elements.add(random.integer(0, length - 1));
    for (const element of elements) checkElement(run, random, node, element);
  }
}

describe("evidence of a step", () => {
  for (const op of Object.keys(RANDOM_GRAPHS) as OperatorName[]) {
    it(`is enough to recompute ${op}, and no more`, () => {
      const random = new SeededRandom(501);
      for (let i = 0; i < 25; i++) {
        checkRun(committedRun(RANDOM_GRAPHS[op](random), random), random, 3);
      }
    });
  }

  for (const [name, make] of Object.entries(LARGE_GRAPHS)) {
    it(`is enough to recompute ${name}, and no more`, () => {
      const random = new SeededRandom(502);
      for (let i = 0; i < 4; i++) checkRun(committedRun(make(random), random), random, 3);
    });
  }

  it("is enough to recompute every node of random programs", () => {
    const random = new SeededRandom(503);
    for (let i = 0; i < 60; i++) {
      checkRun(committedRun(randomProgram(random, { steps: 12 }), random), random, 2);
    }
  });

  it("needs a node and an element that the program has", () => {
    const random = new SeededRandom(504);
    const run = committedRun(RANDOM_GRAPHS.Clip(random), random);
    const open = (node: number, element: number) => stepEvidence(run, run.trace, { node, element });
    expect(() => open(1, 0)).to.throw(RangeError, "no node 1");
    expect(() => open(0, 25)).to.throw(RangeError, "no element 25");
    expect(() => open(0, -1)).to.throw(RangeError, "no element -1");
  });
});

import type { IntegerGraph, OperatorName, ProgramValue, StepPlace } from "@lattice/zkml";
import { expect } from "chai";
import type { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { ELEMENT_BYTES } from "../../../packages/zkml/src/ir/tensor.ts";
import {
  type CommittedRun,
  committedRun,
} from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { withByte } from "../../../packages/zkml/test/helpers/forged-traces.ts";
import { LARGE_GRAPHS } from "../../../packages/zkml/test/helpers/large-graphs.ts";
import { RANDOM_GRAPHS } from "../../../packages/zkml/test/helpers/random-graphs.ts";
import { MIXED_GRAPHS } from "./graphs.ts";
import type { Referee } from "./referee.ts";

/** Every maker of random graphs: one operator each, long reductions, unusual layouts. */
export const CASE_GRAPHS: Readonly<Record<string, (random: SeededRandom) => IntegerGraph>> = {
  ...RANDOM_GRAPHS,
  ...LARGE_GRAPHS,
  ...MIXED_GRAPHS,
};

/** Operators of a graph. */
export function operatorsIn({ nodes }: IntegerGraph): OperatorName[] {
  return nodes.map(({ op }) => op);
}

export function valueOfNode({ program }: CommittedRun, node: number): ProgramValue {
  return program.values[program.nodes[node]?.output as number] as ProgramValue;
}

/** A step with the hint that evidence against it would have. */
export function stepAt(run: CommittedRun, node: number, element: number): StepPlace {
  if (run.program.nodes[node]?.node.op !== "ArgMax") return { node, element };
  const packed = run.trace.tensors[run.program.inputs + node]?.packed as Uint8Array;
  return { node, element, hint: Buffer.from(packed).readInt32BE(4 * element) };
}

export function randomStep(run: CommittedRun, random: SeededRandom): StepPlace {
  const node = random.integer(0, run.program.nodes.length - 1);
  const { shape } = valueOfNode(run, node);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  return stepAt(run, node, random.integer(0, count - 1));
}

/** The element off by one, with another sign, or with another byte. */
export function falsified(run: CommittedRun, { node, element }: StepPlace, random: SeededRandom) {
  const width = ELEMENT_BYTES[valueOfNode(run, node).elementType];
  const [first, last] = [width * element, width * (element + 1) - 1];
  const changes: readonly (readonly [number, (byte: number) => number])[] = [
    [last, (byte) => byte + 1],
    [last, (byte) => byte - 1],
    [first, (byte) => byte ^ 0x80],
    [random.integer(first, last), (byte) => byte ^ random.integer(1, 255)],
  ];
  const [byte, change] = random.pick(changes);
  return withByte(run.trace, run.program.inputs + node, byte, change);
}

/**
 * Two cases: the referee finds the right element right, and another one in its place wrong.
 * @returns How many cases that were.
 */
export async function judgeBoth(
  referee: Referee,
  run: CommittedRun,
  step: StepPlace,
  random: SeededRandom,
): Promise<number> {
  const { node, output } = run.program.nodes[step.node] ?? {};
  const where = `${node?.op} ${JSON.stringify(step)} of value ${output}`;
  expect(await referee.judgeStep(run, run.trace, step), `${where}, right`).to.equal(false);
  const wrong = falsified(run, step, random);
  expect(await referee.judgeStep(run, wrong, step), `${where}, falsified`).to.equal(true);
  return 2;
}

/** Judges random steps of a random graph both ways. */
export async function judgeGraph(
  referee: Referee,
  graph: IntegerGraph,
  random: SeededRandom,
  steps: number,
): Promise<number> {
  const run = committedRun(graph, random);
  let cases = 0;
  for (let i = 0; i < steps; i++) {
    cases += await judgeBoth(referee, run, randomStep(run, random), random);
  }
  return cases;
}

import {
  type CommittedConstants,
  commitConstants,
  commitTraceSync,
} from "../../src/commitments/commit-trace.ts";
import type { CommittedTrace } from "../../src/commitments/committed-trace.ts";
import { type LoweredProgram, lowerProgram } from "../../src/commitments/lowered-program.ts";
import { interpretTrace } from "../../src/interpreter/interpret-trace.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import type { CheckedRoots } from "./opened-evidence.ts";
import { randomTensor } from "./random-tensors.ts";

/** A model and an honest run of it. */
export interface CommittedRun {
  readonly program: LoweredProgram;
  readonly constants: CommittedConstants;
  readonly graph: IntegerGraph;
  readonly tensors: readonly IntegerTensor[];
  readonly trace: CommittedTrace;
}

/** Runs a graph on a random input. */
export function committedRun(graph: IntegerGraph, random: SeededRandom): CommittedRun {
  const program = lowerProgram(graph);
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name, elementType, shape }) => [
      name,
      randomTensor(random, elementType, shape),
    ]),
  );
  const tensors = interpretTrace(program, graph, inputs);
  const trace = commitTraceSync(program, tensors);
  return { program, constants: commitConstants(program, graph), graph, tensors, trace };
}

/** Roots that a trace of this model is held against. */
export function rootsOf({ program, constants }: CommittedRun, trace: CommittedTrace): CheckedRoots {
  return { program: program.root, weights: constants.root, trace: trace.root };
}

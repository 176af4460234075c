import { ZkmlError } from "../../src/errors/zkml-error.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph, OperatorName, ValueName } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import type { ElementType } from "../../src/ir/tensor.ts";
import { RANDOM_STEPS, type RandomStep } from "./random-steps.ts";

const TYPES = ["uint8", "int8", "int32"] as const;
const MAX_ELEMENTS = 48;

export interface RandomProgramOptions {
  /** Most nodes to try to add. */
  readonly steps: number;
}

/**
 * A random graph of one input in which each node reads what the one before gave, now and then
 * something earlier. Only what the graph's own checks accept is added.
 */
export function randomProgram(random: SeededRandom, { steps }: RandomProgramOptions): IntegerGraph {
  let builder = new GraphBuilder("program");
  const elementType: ElementType = random.pick(TYPES);
  const shape = random.pick([[3], [2, 4], [2, 3, 2], [1, 2, 4, 4], [1, 1, 5, 4]]);
  builder.addInput({ name: "x", elementType, shape });
  let value: ValueName = "x";
  const made: ValueName[] = [value];
  for (let i = 0; i < steps; i++) {
    const from = random.unit() < 0.15 ? random.pick(made) : value;
    const step = random.pick(Object.values(RANDOM_STEPS));
    const trial = copyOf(builder, made);
    const output = attempt(trial, step, from, random, i);
    if (output === undefined) continue;
    builder = trial;
    value = output;
    made.push(output);
  }
  return builder.finish([value]);
}

/** Operators that a program uses. */
export function operatorsOf(graph: IntegerGraph): OperatorName[] {
  return graph.nodes.map(({ op }) => op);
}

function attempt(
  builder: GraphBuilder,
  step: RandomStep,
  from: ValueName,
  random: SeededRandom,
  index: number,
): ValueName | undefined {
  try {
    const output = step({ builder, random, from, info: builder.info(from, "test"), index });
    if (output === undefined) return undefined;
    const { shape } = builder.info(output, "test");
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    return count <= MAX_ELEMENTS && shape.length <= 5 ? output : undefined;
  } catch (error) {
    // The step does not fit the value: a sum could wrap, a window is too large.
    if (error instanceof ZkmlError) return undefined;
    throw error;
  }
}

/** A failed step may leave some of its nodes behind, so each is tried on a copy. */
function copyOf(builder: GraphBuilder, made: readonly ValueName[]): GraphBuilder {
  const graph = builder.finish([made.at(-1) as ValueName]);
  const copy = new GraphBuilder(graph.name);
  for (const input of graph.inputs) copy.addInput(input);
  for (const [name, tensor] of graph.constants) copy.addConstant(name, tensor);
  for (const node of graph.nodes) copy.addNode(node);
  return copy;
}

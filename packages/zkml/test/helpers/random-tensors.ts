import type { IntegerGraph } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import {
  createTensor,
  ELEMENT_RANGES,
  type ElementType,
  type IntegerTensor,
  type Shape,
} from "../../src/ir/tensor.ts";

/** A tensor whose values are often the extremes of their range. */
export function randomTensor(
  random: SeededRandom,
  elementType: ElementType,
  shape: Shape,
  range: readonly [min: number, max: number] = fullRange(elementType),
): IntegerTensor {
  const [min, max] = range;
  const inside = (value: number) => Math.min(Math.max(value, min), max);
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  const values = Array.from({ length }, () =>
    random.unit() < 0.4
      ? inside(random.pick([min, max, 0, 1, -1, min + 1, max - 1]))
      : random.integer(min, max),
  );
  return createTensor(elementType, shape, values);
}

/** Every element the same end of its type's range: where sums are largest. */
export function extremeTensor(elementType: ElementType, shape: Shape, end: "min" | "max") {
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  const value = Number(ELEMENT_RANGES[elementType][end]);
  return createTensor(elementType, shape, new Array<number>(length).fill(value));
}

/** Inputs to try on a graph: both extremes, then random ones. */
export function* inputsFor(graph: IntegerGraph, random: SeededRandom, count: number) {
  for (const end of ["min", "max"] as const) {
    yield named(graph, (type, shape) => extremeTensor(type, shape, end));
  }
  for (let i = 0; i < count; i++) {
    yield named(graph, (type, shape) => randomTensor(random, type, shape));
  }
}

export function fullRange(elementType: ElementType): readonly [number, number] {
  const { min, max } = ELEMENT_RANGES[elementType];
  return [Number(min), Number(max)];
}

function named(
  graph: IntegerGraph,
  make: (elementType: ElementType, shape: Shape) => IntegerTensor,
): Record<string, IntegerTensor> {
  return Object.fromEntries(
    graph.inputs.map(({ name, elementType, shape }) => [name, make(elementType, shape)]),
  );
}

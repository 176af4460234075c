import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { addByteLookup } from "../../src/ir/lookup.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import { randomTensor } from "./random-tensors.ts";
import { dimensions, singleInput } from "./single-input.ts";

const TYPES = ["uint8", "int8", "int32"] as const;

export function reshape(random: SeededRandom): IntegerGraph {
  const shape = dimensions(random, 3);
  const [a, b, c] = shape as [number, number, number];
  const target = random.pick([[a * b * c], [a, b * c], [c, b, a], [1, a, 1, b * c]]);
  const elementType = random.pick(TYPES);
  return singleInput(random, elementType, shape, {
    op: "Reshape",
    name: "reshape",
    inputs: ["x"],
    output: "y",
    shape: target,
  });
}

export function transpose(random: SeededRandom): IntegerGraph {
  const rank = random.integer(1, 4);
  const permutation = Array.from({ length: rank }, (_, axis) => axis);
  random.shuffle(permutation);
  const elementType = random.pick(TYPES);
  return singleInput(random, elementType, dimensions(random, rank), {
    op: "Transpose",
    name: "transpose",
    inputs: ["x"],
    output: "y",
    permutation,
  });
}

/** Inputs and constants joined, the same value possibly twice. */
export function concat(random: SeededRandom): IntegerGraph {
  const elementType = random.pick(TYPES);
  const shape = dimensions(random, random.integer(1, 4), 4);
  const axis = random.integer(0, shape.length - 1);
  const operand = () => shape.with(axis, random.integer(1, 4));
  const builder = new GraphBuilder("concat");
  builder.addInput({ name: "x", elementType, shape: operand() });
  const names = random.pick([["x"], ["x", "c"], ["c", "x", "x"], ["x", "z", "c", "z"]]);
  if (names.includes("c")) {
    builder.addConstant("c", randomTensor(random, elementType, operand()));
  }
  if (names.includes("z")) builder.addInput({ name: "z", elementType, shape: operand() });
  builder.addNode({ op: "Concat", name: "join", inputs: names, output: "y", axis });
  return builder.finish(["y"]);
}

/** Every byte looked up, or an int32 index clipped to a table of any length. */
export function lookup(random: SeededRandom): IntegerGraph {
  const entryType = random.pick(TYPES);
  const shape = dimensions(random, random.integer(0, 3));
  const builder = new GraphBuilder("lookup");
  if (random.pick([true, false])) {
    builder.addInput({ name: "x", elementType: random.pick(["uint8", "int8"]), shape });
    builder.addConstant("t", randomTensor(random, entryType, [256]));
    addByteLookup(builder, { name: "look", x: "x", table: "t", output: "y" });
  } else {
    const entries = random.integer(1, 70);
    builder.addInput({ name: "x", elementType: "int32", shape });
    builder.addConstant("t", randomTensor(random, entryType, [entries]));
    const [min, max] = [0, random.integer(0, entries - 1)];
    builder.addNode({ op: "Clip", name: "fit", inputs: ["x"], output: "i", min, max });
    builder.addNode({ op: "Lookup", name: "look", inputs: ["i", "t"], output: "y" });
  }
  return builder.finish(["y"]);
}

export function reduceSum(random: SeededRandom): IntegerGraph {
  const shape = dimensions(random, random.integer(1, 4));
  const axes = shape.map((_, axis) => axis).filter(() => random.pick([true, false]));
  if (axes.length === 0) axes.push(random.integer(0, shape.length - 1));
  const terms = axes.reduce((count, axis) => count * (shape[axis] as number), 1);
  const bound = Math.floor((2 ** 31 - 1) / terms);
  const builder = new GraphBuilder("reduce");
  builder.addInput({ name: "x", elementType: "int32", shape });
  const limits = { min: -bound, max: bound };
  builder.addNode({ op: "Clip", name: "bound", inputs: ["x"], output: "a", ...limits });
  const keepDims = random.pick([true, false]);
  builder.addNode({ op: "ReduceSum", name: "sum", inputs: ["a"], output: "y", axes, keepDims });
  return builder.finish(["y"]);
}

export function argMax(random: SeededRandom): IntegerGraph {
  const shape = dimensions(random, random.integer(1, 4), 6);
  return singleInput(random, random.pick(TYPES), shape, {
    op: "ArgMax",
    name: "largest",
    inputs: ["x"],
    output: "y",
    axis: random.integer(0, shape.length - 1),
    keepDims: random.pick([true, false]),
  });
}

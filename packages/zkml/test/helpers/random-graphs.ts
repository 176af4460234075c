import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph, OperatorName, Window } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor, Shape } from "../../src/ir/tensor.ts";
import { argMax, concat, lookup, reduceSum, reshape, transpose } from "./random-layout-graphs.ts";
import { fullRange, randomTensor } from "./random-tensors.ts";
import { dimensions, singleInput } from "./single-input.ts";

/** One random graph around the given operator. */
export const RANDOM_GRAPHS: Readonly<Record<OperatorName, (random: SeededRandom) => IntegerGraph>> =
  {
    MatMulInteger: matMul,
    ConvInteger: conv,
    Add: (random) => arithmetic(random, "Add", 2 ** 30 - 1),
    Sub: (random) => arithmetic(random, "Sub", 2 ** 30 - 1),
    Mul: (random) => arithmetic(random, "Mul", 46_340),
    Max: (random) => arithmetic(random, "Max", 2 ** 31 - 1),
    Min: (random) => arithmetic(random, "Min", 2 ** 31 - 1),
    Div: divide,
    Clip: clip,
    Cast: cast,
    Reshape: reshape,
    Transpose: transpose,
    MaxPool: maxPool,
    Concat: concat,
    Lookup: lookup,
    ReduceSum: reduceSum,
    ArgMax: argMax,
  };

function weights(random: SeededRandom, shape: Shape): IntegerTensor {
  return random.pick([true, false])
    ? randomTensor(random, "int8", shape, [-64, 63])
    : randomTensor(random, "uint8", shape);
}

function matMul(random: SeededRandom): IntegerGraph {
  const [rows, columns] = dimensions(random, 2) as [number, number];
  const inner = random.integer(1, 70);
  const batch = random.pick([[], [], [3], [2, 1]]);
  const w = weights(random, [...random.pick([[], batch]), inner, columns]);
  return singleInput(
    random,
    "uint8",
    [...batch, rows, inner],
    {
      op: "MatMulInteger",
      name: "multiply",
      inputs: ["x", "w"],
      output: "y",
      aZeroPoint: random.pick([0, 0, 128, 255]),
      bZeroPoint: random.pick([0, 0, 3]),
    },
    { w },
  );
}

function randomWindow(random: SeededRandom, kernel: readonly [number, number]): Window {
  const pad = (axis: 0 | 1) => random.integer(0, kernel[axis] - 1);
  return {
    kernel,
    strides: [random.integer(1, 3), random.integer(1, 3)],
    dilations: [1, 1],
    pads: [pad(0), pad(1), pad(0), pad(1)],
  };
}

function conv(random: SeededRandom): IntegerGraph {
  const groups = random.pick([1, 1, 2]);
  const [perGroup, filters] = [random.integer(1, 3), groups * random.integer(1, 3)];
  const kernel = [random.integer(1, 3), random.integer(1, 3)] as const;
  const dilations = [random.integer(1, 2), 1] as const;
  const window: Window = { ...randomWindow(random, kernel), dilations };
  const image = [random.integer(6, 9), random.integer(5, 9)];
  return singleInput(
    random,
    "uint8",
    [random.integer(1, 2), perGroup * groups, ...image],
    {
      op: "ConvInteger",
      name: "convolve",
      inputs: ["x", "w"],
      output: "y",
      xZeroPoint: random.pick([0, 0, 7, 255]),
      wZeroPoint: random.pick([0, 0, 2]),
      groups,
      window,
    },
    { w: weights(random, [filters, perGroup, ...kernel]) },
  );
}

function arithmetic(
  random: SeededRandom,
  op: "Add" | "Sub" | "Mul" | "Max" | "Min",
  bound: number,
): IntegerGraph {
  const shape = dimensions(random, random.integer(0, 3));
  const other = random.pick([shape, shape.slice(1), shape.map(() => 1), [2, ...shape]]);
  const builder = new GraphBuilder(op);
  builder.addInput({ name: "x", elementType: "int32", shape });
  builder.addNode({
    op: "Clip",
    name: "bound-x",
    inputs: ["x"],
    output: "a",
    min: -bound,
    max: bound,
  });
  if (random.pick([true, false])) {
    builder.addConstant("b", randomTensor(random, "int32", other, [-bound, bound]));
  } else {
    builder.addInput({ name: "z", elementType: "int32", shape: other });
    builder.addNode({
      op: "Clip",
      name: "bound-z",
      inputs: ["z"],
      output: "b",
      min: -bound,
      max: bound,
    });
  }
  builder.addNode({
    op,
    name: "apply",
    inputs: random.pick([
      ["a", "b"],
      ["b", "a"],
    ]) as ["a", "b"],
    output: "y",
  });
  return builder.finish(["y"]);
}

function divide(random: SeededRandom): IntegerGraph {
  const shape = dimensions(random, random.integer(1, 3));
  const divisorShape = random.pick([[], [1], shape, shape.slice(1)]);
  const most = random.pick([1, 2, 3, 1024, 2 ** 31 - 1]);
  const divisor = randomTensor(random, "int32", divisorShape, [1, most]);
  return singleInput(
    random,
    "int32",
    shape,
    { op: "Div", name: "divide", inputs: ["x", "d"], output: "y" },
    { d: divisor },
  );
}

function clip(random: SeededRandom): IntegerGraph {
  const elementType = random.pick(["uint8", "int8", "int32"] as const);
  const [least, most] = fullRange(elementType);
  const ends = [random.integer(least, most), random.integer(least, most)].sort((a, b) => a - b);
  const [min, max] = random.pick([ends, [least, ends[1]], [ends[0], most], [least, most]]);
  return singleInput(random, elementType, dimensions(random, 2), {
    op: "Clip",
    name: "clip",
    inputs: ["x"],
    output: "y",
    min: min as number,
    max: max as number,
  });
}

function cast(random: SeededRandom): IntegerGraph {
  const from = random.pick(["uint8", "int8", "int32"] as const);
  const to = random.pick(["uint8", "int8", "int32"] as const);
  const [fromMin, fromMax] = fullRange(from);
  const [toMin, toMax] = fullRange(to);
  const builder = new GraphBuilder("cast");
  builder.addInput({ name: "x", elementType: from, shape: dimensions(random, 2) });
  builder.addNode({
    op: "Clip",
    name: "fit",
    inputs: ["x"],
    output: "fitted",
    min: Math.max(fromMin, toMin),
    max: Math.min(fromMax, toMax),
  });
  builder.addNode({ op: "Cast", name: "cast", inputs: ["fitted"], output: "y", to });
  return builder.finish(["y"]);
}

function maxPool(random: SeededRandom): IntegerGraph {
  const elementType = random.pick(["uint8", "int8"] as const);
  const kernel = [random.integer(1, 3), random.integer(1, 3)] as const;
  const shape = [...dimensions(random, 2, 3), random.integer(3, 8), random.integer(3, 8)];
  return singleInput(random, elementType, shape, {
    op: "MaxPool",
    name: "pool",
    inputs: ["x"],
    output: "y",
    window: randomWindow(random, kernel),
  });
}

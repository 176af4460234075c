import type { IntegerGraph } from "@lattice/zkml";
import { GraphBuilder } from "../../../packages/zkml/src/ir/builder.ts";
import type { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { randomTensor } from "../../../packages/zkml/test/helpers/random-tensors.ts";
import { dimensions } from "../../../packages/zkml/test/helpers/single-input.ts";

/** Graphs whose values are packed or broadcast in ways that single operators seldom meet. */
export const MIXED_GRAPHS: Readonly<Record<string, (random: SeededRandom) => IntegerGraph>> = {
  "a product with itself": withItself,
  "a product of rank four": rankFour,
  "a convolution packed by columns": columnsImage,
  "a sum broadcast at rank eight": rankEight,
  "sums and maxima packed by columns": columnsReduced,
  "a pooling window of many rows": tallPool,
};

const NO_ZERO = { aZeroPoint: 0, bZeroPoint: 0 } as const;

/** Packed by columns as the right operand, it is the left one too. */
function withItself(random: SeededRandom): IntegerGraph {
  const size = random.integer(1, 40);
  const batch = random.pick([[], [2], [2, 3]]);
  const builder = new GraphBuilder("square");
  builder.addInput({ name: "x", elementType: "uint8", shape: [...batch, size, size] });
  const points = { aZeroPoint: random.pick([0, 9]), bZeroPoint: random.pick([0, 200]) };
  builder.addNode({ op: "MatMulInteger", name: "mul", inputs: ["x", "x"], output: "y", ...points });
  return builder.finish(["y"]);
}

/** Left operand and result with channels last, either broadcast along the batch. */
function rankFour(random: SeededRandom): IntegerGraph {
  const [m, k, n] = dimensions(random, 3, 20) as [number, number, number];
  const [a, b] = random.pick([
    [
      [2, 3],
      [2, 3],
    ],
    [[1, 3], [2, 1], []],
    [[2, 1], [3]],
    [[1, 1], [2, 4], []],
  ]) as [number[], number[]];
  const builder = new GraphBuilder("batches");
  builder.addInput({ name: "x", elementType: "uint8", shape: [...a, m, k] });
  const type = random.pick(["int8", "uint8"] as const);
  const range = type === "int8" ? ([-64, 63] as const) : ([0, 255] as const);
  builder.addConstant("w", randomTensor(random, type, [...b, k, n], range));
  const points = { aZeroPoint: random.pick([0, 255]), bZeroPoint: random.pick([0, 5]) };
  builder.addNode({ op: "MatMulInteger", name: "mul", inputs: ["x", "w"], output: "y", ...points });
  return builder.finish(["y"]);
}

/** The image is the right operand of a product too. */
function columnsImage(random: SeededRandom): IntegerGraph {
  const [channels, height, width] = [2 * random.integer(1, 4), 7, random.integer(4, 9)];
  const builder = new GraphBuilder("columns");
  builder.addInput({ name: "x", elementType: "uint8", shape: [2, channels, height, width] });
  builder.addConstant("a", randomTensor(random, "uint8", [3, height]));
  builder.addNode({ op: "MatMulInteger", name: "m", inputs: ["a", "x"], output: "p", ...NO_ZERO });
  const groups = random.pick([1, 2]);
  const kernel = [random.integer(1, 3), random.integer(1, 3)] as const;
  const shape = [2 * groups, channels / groups, ...kernel];
  builder.addConstant("w", randomTensor(random, "int8", shape, [-64, 63]));
  builder.addNode({
    op: "ConvInteger",
    name: "conv",
    inputs: ["x", "w"],
    output: "y",
    xZeroPoint: random.pick([0, 77]),
    wZeroPoint: random.pick([0, -3]),
    groups,
    window: {
      kernel,
      strides: [1, 2],
      dilations: [random.integer(1, 2), 1],
      pads: [0, 1, 2, 1],
    },
  });
  return builder.finish(["y", "p"]);
}

function rankEight(random: SeededRandom): IntegerGraph {
  const shape = dimensions(random, 8, 3);
  const other = shape.slice(random.integer(0, 7)).map((d) => random.pick([d, 1]));
  const builder = new GraphBuilder("deep");
  builder.addInput({ name: "x", elementType: "int8", shape });
  builder.addNode({ op: "Cast", name: "wide", inputs: ["x"], output: "a", to: "int32" });
  builder.addConstant("b", randomTensor(random, "int32", other, [-1000, 1000]));
  const op = random.pick(["Add", "Sub", "Mul", "Max", "Min"] as const);
  const inputs = random.pick([
    ["a", "b"],
    ["b", "a"],
  ]) as ["a", "b"];
  builder.addNode({ op, name: "join", inputs, output: "y" });
  return builder.finish(["y"]);
}

/** Reductions and movements of a value that is packed by columns. */
function columnsReduced(random: SeededRandom): IntegerGraph {
  const shape = [random.integer(1, 3), random.integer(1, 6), random.integer(1, 9)];
  const [images, rows, columns] = shape as [number, number, number];
  const builder = new GraphBuilder("reduced");
  builder.addInput({ name: "x", elementType: "uint8", shape });
  builder.addConstant("a", randomTensor(random, "uint8", [2, rows]));
  builder.addNode({ op: "MatMulInteger", name: "m", inputs: ["a", "x"], output: "p", ...NO_ZERO });
  const axis = random.integer(0, 2);
  const keepDims = random.pick([true, false]);
  builder.addNode({ op: "ArgMax", name: "arg", inputs: ["x"], output: "i", axis, keepDims });
  builder.addNode({ op: "Cast", name: "wide", inputs: ["x"], output: "w", to: "int32" });
  builder.addNode({
    op: "Reshape",
    name: "flat",
    inputs: ["x"],
    output: "f",
    shape: [images * rows * columns],
  });
  builder.addNode({
    op: "Transpose",
    name: "turn",
    inputs: ["x"],
    output: "t",
    permutation: [2, 0, 1],
  });
  builder.addNode({ op: "Concat", name: "join", inputs: ["x", "x"], output: "c", axis });
  return builder.finish(["p", "i", "w", "f", "t", "c"]);
}

/** Rows of one tap each: more rows than a step may have, and padding on every side. */
function tallPool(random: SeededRandom): IntegerGraph {
  const [height, width] = [random.integer(4, 60), random.integer(1, 3)];
  const builder = new GraphBuilder("tall");
  const elementType = random.pick(["uint8", "int8"] as const);
  builder.addInput({ name: "x", elementType, shape: [1, 2, height, width] });
  builder.addNode({
    op: "MaxPool",
    name: "pool",
    inputs: ["x"],
    output: "y",
    window: {
      kernel: [height, 1],
      strides: [1, 1],
      dilations: [1, 1],
      pads: [random.integer(0, height - 1), 0, random.integer(0, height - 1), 0],
    },
  });
  return builder.finish(["y"]);
}

/** Rows of 3,072 bytes, two of them, times two columns of as many: an element reads three chunks of each. */
export function manyChunks(random: SeededRandom): IntegerGraph {
  const builder = new GraphBuilder("rows");
  builder.addInput({ name: "x", elementType: "uint8", shape: [2, 3072] });
  builder.addConstant("w", randomTensor(random, "int8", [3072, 2], [-64, 63]));
  builder.addNode({
    op: "MatMulInteger",
    name: "mul",
    inputs: ["x", "w"],
    output: "y",
    ...NO_ZERO,
  });
  return builder.finish(["y"]);
}

/** Input, what is clipped, and an output of 2,500 bytes: three tensors, the last one of three chunks. */
export function threeChunks(): IntegerGraph {
  const builder = new GraphBuilder("three");
  builder.addInput({ name: "x", elementType: "int32", shape: [50, 50] });
  builder.addNode({ op: "Clip", name: "fit", inputs: ["x"], output: "f", min: 0, max: 255 });
  builder.addNode({ op: "Cast", name: "narrow", inputs: ["f"], output: "y", to: "uint8" });
  return builder.finish(["y"]);
}

import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph, Window } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import type { ElementType, IntegerTensor, Shape } from "../../src/ir/tensor.ts";
import { randomTensor } from "./random-tensors.ts";
import { singleInput } from "./single-input.ts";

/** Random graphs of one node, or few, whose output elements need many elements or chunks. */
export const LARGE_GRAPHS: Readonly<Record<string, (random: SeededRandom) => IntegerGraph>> = {
  "a dense layer": dense,
  "a product of images": imageProduct,
  "a convolution": (random) => conv(random, random.integer(100, 700), 1, random.integer(1, 4)),
  "a convolution of few channels": (random) => conv(random, 3, 1, random.integer(7, 11)),
  "a depthwise convolution": (random) => {
    const channels = random.integer(300, 1100);
    return conv(random, channels, channels, random.integer(3, 6));
  },
  "a grouped convolution": (random) => conv(random, 4 * random.integer(50, 300), 4, 3),
  "a convolution with filters packed by columns": sharedFilters,
  "a sum over the last axes": (random) => sum(random, [2, random.integer(30, 90), 70], [1, 2]),
  "a sum over the first axis": (random) => sum(random, [random.integer(20, 70), 300], [0]),
  "a sum over image axes": (random) => sum(random, [1, random.integer(200, 600), 7, 7], [2, 3]),
  "a sum over channels": (random) => sum(random, [1, random.integer(3000, 6000), 2, 1], [1]),
  "a sum over axes apart": (random) => sum(random, [40, 20, random.integer(5, 30)], [0, 2]),
  "a pooling window": maxPool,
  "joined images": join,
  "a long table": table,
  "the largest of many": largest,
  "an image made flat": flat,
  "an image of constants added": add,
};

function dense(random: SeededRandom): IntegerGraph {
  const [inner, columns] = [random.integer(3500, 10_000), random.integer(1, 3)];
  const w = randomTensor(random, "int8", [inner, columns], [-64, 63]);
  return product(random, [random.integer(1, 2), inner], w);
}

function imageProduct(random: SeededRandom): IntegerGraph {
  const [heads, inner] = [random.integer(100, 400), random.integer(20, 200)];
  const w = randomTensor(random, "int8", [1, heads, inner, 1], [-64, 63]);
  return product(random, [1, heads, 1, inner], w);
}

function product(random: SeededRandom, shape: Shape, w: IntegerTensor): IntegerGraph {
  return singleInput(
    random,
    "uint8",
    shape,
    {
      op: "MatMulInteger",
      name: "multiply",
      inputs: ["x", "w"],
      output: "y",
      aZeroPoint: random.pick([0, 128]),
      bZeroPoint: random.pick([0, 3]),
    },
    { w },
  );
}

function square(random: SeededRandom, size: number, dilation = 1): Window {
  const pad = () => random.integer(0, size - 1);
  return {
    kernel: [size, size],
    strides: [random.integer(1, 2), random.integer(1, 2)],
    dilations: [dilation, dilation],
    pads: [pad(), pad(), pad(), pad()],
  };
}

function conv(random: SeededRandom, channels: number, groups: number, size: number): IntegerGraph {
  const dilation = random.pick([1, 1, 2]);
  const filters = groups * (groups > 8 ? 1 : random.integer(1, 2));
  const w = randomTensor(random, "int8", [filters, channels / groups, size, size], [-64, 63]);
  const extent = (size - 1) * dilation + random.integer(1, 2);
  return singleInput(
    random,
    "uint8",
    [1, channels, extent, extent],
    {
      op: "ConvInteger",
      name: "convolve",
      inputs: ["x", "w"],
      output: "y",
      xZeroPoint: random.pick([0, 7]),
      wZeroPoint: random.pick([0, 2]),
      groups,
      window: square(random, size, dilation),
    },
    { w },
  );
}

/** The filters are the right operand of a product too, which decides how they are packed. */
function sharedFilters(random: SeededRandom): IntegerGraph {
  const [channels, size] = [random.integer(300, 700), random.integer(3, 4)];
  const builder = new GraphBuilder("shared");
  builder.addInput({ name: "x", elementType: "uint8", shape: [1, channels, size, size] });
  builder.addConstant("w", randomTensor(random, "int8", [1, channels, size, size], [-64, 63]));
  const zero = { aZeroPoint: 0, bZeroPoint: 0 };
  builder.addNode({ op: "MatMulInteger", name: "mul", inputs: ["x", "w"], output: "z", ...zero });
  const points = { xZeroPoint: 3, wZeroPoint: 1, groups: 1, window: square(random, size) };
  builder.addNode({ op: "ConvInteger", name: "conv", inputs: ["x", "w"], output: "y", ...points });
  return builder.finish(["y", "z"]);
}

function sum(random: SeededRandom, shape: Shape, axes: readonly number[]): IntegerGraph {
  const builder = new GraphBuilder("sum");
  builder.addInput({ name: "x", elementType: "int32", shape });
  const limits = { min: -300_000, max: 300_000 };
  builder.addNode({ op: "Clip", name: "bound", inputs: ["x"], output: "a", ...limits });
  const keepDims = random.pick([true, false]);
  builder.addNode({ op: "ReduceSum", name: "sum", inputs: ["a"], output: "y", axes, keepDims });
  return builder.finish(["y"]);
}

function maxPool(random: SeededRandom): IntegerGraph {
  const size = random.integer(4, 7);
  const [channels, extent] = [random.integer(300, 1200), size + random.integer(0, 1)];
  const type = random.pick(["uint8", "int8"] as const);
  return singleInput(random, type, [1, channels, extent, extent], {
    op: "MaxPool",
    name: "pool",
    inputs: ["x"],
    output: "y",
    window: square(random, size),
  });
}

function join(random: SeededRandom): IntegerGraph {
  const type = random.pick(["uint8", "int32"] as const);
  const builder = new GraphBuilder("join");
  builder.addInput({ name: "x", elementType: type, shape: [1, random.integer(1, 40), 6, 7] });
  builder.addConstant("c", randomTensor(random, type, [1, random.integer(1, 40), 6, 7]));
  const inputs = ["x", "c", "x"];
  builder.addNode({ op: "Concat", name: "join", inputs, output: "y", axis: 1 });
  return builder.finish(["y"]);
}

function table(random: SeededRandom): IntegerGraph {
  const entries = random.integer(3000, 20_000);
  const type: ElementType = random.pick(["uint8", "int8", "int32"]);
  const builder = new GraphBuilder("table");
  builder.addInput({ name: "x", elementType: "int32", shape: [random.integer(300, 600)] });
  builder.addConstant("t", randomTensor(random, type, [entries]));
  const limits = { min: 0, max: entries - 1 };
  builder.addNode({ op: "Clip", name: "fit", inputs: ["x"], output: "i", ...limits });
  builder.addNode({ op: "Lookup", name: "look", inputs: ["i", "t"], output: "y" });
  return builder.finish(["y"]);
}

function largest(random: SeededRandom): IntegerGraph {
  const type = random.pick(["uint8", "int8", "int32"] as const);
  const shape = random.pick([
    [2, 5000],
    [4000, 2],
    [1, 900, 2, 2],
  ]);
  return singleInput(random, type, shape, {
    op: "ArgMax",
    name: "largest",
    inputs: ["x"],
    output: "y",
    axis: shape.findIndex((dimension) => dimension > 2),
    keepDims: random.pick([true, false]),
  });
}

function flat(random: SeededRandom): IntegerGraph {
  const [channels, extent] = [random.integer(10, 60), random.integer(5, 9)];
  const builder = new GraphBuilder("flat");
  const shape = [1, channels, extent, extent];
  builder.addInput({ name: "x", elementType: "int8", shape });
  const permutation = [0, 3, 1, 2];
  builder.addNode({ op: "Transpose", name: "turn", inputs: ["x"], output: "t", permutation });
  const length = channels * extent * extent;
  builder.addNode({ op: "Reshape", name: "flat", inputs: ["t"], output: "y", shape: [length] });
  return builder.finish(["y"]);
}

function add(random: SeededRandom): IntegerGraph {
  const [channels, extent] = [random.integer(10, 60), random.integer(5, 9)];
  const builder = new GraphBuilder("add");
  builder.addInput({ name: "x", elementType: "int8", shape: [2, channels, extent, extent] });
  builder.addNode({ op: "Cast", name: "wide", inputs: ["x"], output: "a", to: "int32" });
  const shape = random.pick([[channels, 1, 1], [extent], [1, channels, extent, extent]]);
  builder.addConstant("b", randomTensor(random, "int32", shape, [-1000, 1000]));
  builder.addNode({ op: "Add", name: "add", inputs: ["a", "b"], output: "y" });
  return builder.finish(["y"]);
}

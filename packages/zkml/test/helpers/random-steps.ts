import type { GraphBuilder } from "../../src/ir/builder.ts";
import type { ArithmeticNode, DivNode, ValueInfo, ValueName } from "../../src/ir/graph.ts";
import { addByteLookup } from "../../src/ir/lookup.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type IntegerTensor } from "../../src/ir/tensor.ts";
import { randomTensor } from "./random-tensors.ts";

export interface StepContext {
  readonly builder: GraphBuilder;
  readonly random: SeededRandom;
  readonly from: ValueName;
  readonly info: ValueInfo;
  /** Makes names unique. */
  readonly index: number;
}

/** Adds nodes that read `from` and returns the last value, or undefined when none fits. */
export type RandomStep = (context: StepContext) => ValueName | undefined;

export const RANDOM_STEPS: Readonly<Record<string, RandomStep>> = {
  matMul,
  conv,
  arithmetic,
  divide,
  clip,
  narrow,
  widen,
  requantise,
  pool,
  concat,
  lookup,
  reduceSum,
  argMax,
  reshape,
  transpose,
};

const ONE = [1, 1] as const;

function weights({ random }: StepContext, shape: readonly number[]): IntegerTensor {
  if (random.unit() < 0.3) return randomTensor(random, "uint8", shape);
  return randomTensor(random, "int8", shape, [-64, 63]);
}

function matMul(step: StepContext): ValueName | undefined {
  const { builder, random, from, info, index } = step;
  const inner = info.shape.at(-1);
  if (info.elementType !== "uint8" || info.shape.length < 2 || inner === undefined)
    return undefined;
  builder.addConstant(`w${index}`, weights(step, [inner, random.integer(1, 3)]));
  const zeroPoints = { aZeroPoint: random.pick([0, 5, 255]), bZeroPoint: random.pick([0, 2]) };
  const inputs = [from, `w${index}`] as const;
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "MatMulInteger", ...names, inputs, ...zeroPoints }).name;
}

function conv(step: StepContext): ValueName | undefined {
  const { builder, random, from, info, index } = step;
  const channels = info.shape[1];
  if (info.elementType !== "uint8" || info.shape.length !== 4 || !channels) return undefined;
  const kernel = [random.integer(1, 2), random.integer(1, 2)] as const;
  builder.addConstant(`w${index}`, weights(step, [random.integer(1, 2), channels, ...kernel]));
  const pads = [random.integer(0, 1), 0, 0, random.integer(0, 1)] as const;
  return builder.addNode({
    op: "ConvInteger",
    name: `n${index}`,
    inputs: [from, `w${index}`],
    output: `v${index}`,
    xZeroPoint: random.pick([0, 9]),
    wZeroPoint: random.pick([0, 1]),
    groups: 1,
    window: { kernel, strides: ONE, dilations: ONE, pads },
  }).name;
}

function withConstant(
  { builder, from, index }: StepContext,
  op: ArithmeticNode["op"] | DivNode["op"],
  tensor: IntegerTensor,
): ValueName {
  builder.addConstant(`c${index}`, tensor);
  const inputs = [from, `c${index}`] as const;
  return builder.addNode({ op, name: `n${index}`, inputs, output: `v${index}` }).name;
}

function arithmetic(step: StepContext): ValueName | undefined {
  const { builder, random, from, info, index } = step;
  if (info.elementType !== "int32") return undefined;
  const op = random.pick(["Add", "Sub", "Mul", "Max", "Min"] as const);
  if (random.unit() < 0.2) {
    const inputs = [from, from] as const;
    return builder.addNode({ op, name: `n${index}`, inputs, output: `v${index}` }).name;
  }
  const bound = op === "Mul" ? random.pick([2, 100]) : random.pick([1, 255, 100_000]);
  const shape = random.pick([[], info.shape, info.shape.slice(-1)]);
  return withConstant(step, op, randomTensor(random, "int32", shape, [-bound, bound]));
}

function divide(step: StepContext): ValueName | undefined {
  const { random, info } = step;
  if (info.elementType !== "int32") return undefined;
  const [channels = 1] = info.shape.slice(-3);
  const shape = random.pick([[], info.shape.slice(-1), [channels, 1, 1]]);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const one = random.pick([1, 2, 3, 8, 10, 256, 1000]);
  const same = random.pick([true, false]);
  const divisors = Array.from({ length: count }, () => (same ? one : random.pick([1, 2, 5, 64])));
  return withConstant(step, "Div", createTensor("int32", shape, divisors));
}

const LIMITS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  uint8: [
    [0, 127],
    [3, 200],
  ],
  int8: [
    [0, 127],
    [-7, 9],
  ],
  int32: [
    [0, 255],
    [0, 2 ** 31 - 1],
    [-128, 127],
    [0, 1000],
    [-70_000, 99],
    [0, 2 ** 20 - 1],
  ],
};

function clip(step: StepContext): ValueName {
  const { builder, random, from, info, index } = step;
  const [min, max] = random.pick(LIMITS[info.elementType] as readonly [number, number][]);
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "Clip", ...names, inputs: [from], min, max }).name;
}

/** Clip and Cast to a byte. */
function narrow({ builder, random, from, info, index }: StepContext): ValueName | undefined {
  if (info.elementType !== "int32") return undefined;
  const to = random.pick(["uint8", "int8"] as const);
  const [min, max] = to === "uint8" ? [0, 255] : [-128, 127];
  const fit = `f${index}`;
  builder.addNode({ op: "Clip", name: fit, inputs: [from], output: fit, min, max });
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "Cast", ...names, inputs: [fit], to }).name;
}

function widen({ builder, from, info, index }: StepContext): ValueName | undefined {
  if (info.elementType === "int32") return undefined;
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "Cast", ...names, inputs: [from], to: "int32" }).name;
}

/** Relu, division, limit and Cast to uint8, in either order of the first two. */
function requantise({ builder, random, from, info, index }: StepContext): ValueName | undefined {
  if (info.elementType !== "int32") return undefined;
  const [relu, scaled, limited] = [`r${index}`, `d${index}`, `l${index}`];
  builder.addConstant(`s${index}`, createTensor("int32", [], [random.pick([2, 64, 1024, 12])]));
  let value = from;
  const max = random.pick([2 ** 31 - 1, 2 ** 14]);
  if (random.pick([true, false])) {
    builder.addNode({ op: "Clip", name: relu, inputs: [value], output: relu, min: 0, max });
    value = relu;
  }
  builder.addNode({ op: "Div", name: scaled, inputs: [value, `s${index}`], output: scaled });
  const limit = { min: 0, max: random.pick([255, 127, 100]) };
  builder.addNode({ op: "Clip", name: limited, inputs: [scaled], output: limited, ...limit });
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "Cast", ...names, inputs: [limited], to: "uint8" }).name;
}

function pool({ builder, random, from, info, index }: StepContext): ValueName | undefined {
  if (info.shape.length !== 4 || info.elementType === "int32") return undefined;
  const kernel = random.pick([
    [2, 2],
    [1, 2],
    [2, 1],
  ] as const);
  const strides = random.pick([ONE, kernel]);
  const pads = random.pick([[0, 0, 0, 0] as const, [kernel[0] - 1, 0, 0, 0] as const]);
  return builder.addNode({
    op: "MaxPool",
    name: `n${index}`,
    inputs: [from],
    output: `v${index}`,
    window: { kernel, strides, dilations: ONE, pads },
  }).name;
}

function concat({ builder, random, from, info, index }: StepContext): ValueName | undefined {
  if (info.shape.length === 0) return undefined;
  const axis = random.integer(0, info.shape.length - 1);
  const constant = `c${index}`;
  const inputs = random.pick([[from, from], [from, constant], [constant, from], [from]]);
  if (inputs.includes(constant)) {
    const tensor = randomTensor(random, info.elementType, info.shape.with(axis, 1), [0, 99]);
    builder.addConstant(constant, tensor);
  }
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "Concat", ...names, inputs, axis }).name;
}

function lookup({ builder, random, from, info, index }: StepContext): ValueName {
  const [table, name, output] = [`t${index}`, `n${index}`, `v${index}`];
  const type = random.pick(["uint8", "int8", "int32"] as const);
  if (info.elementType !== "int32") {
    builder.addConstant(table, randomTensor(random, type, [256]));
    addByteLookup(builder, { name, x: from, table, output });
    return output;
  }
  const entries = random.integer(1, 40);
  const fit = `f${index}`;
  builder.addConstant(table, randomTensor(random, type, [entries]));
  const limits = { min: 0, max: entries - 1 };
  builder.addNode({ op: "Clip", name: fit, inputs: [from], output: fit, ...limits });
  return builder.addNode({ op: "Lookup", name, inputs: [fit, table], output }).name;
}

function reduceSum({ builder, random, from, info, index }: StepContext): ValueName | undefined {
  const axes = info.shape.map((_, axis) => axis).filter(() => random.pick([true, false]));
  if (info.elementType !== "int32" || axes.length === 0) return undefined;
  const names = { name: `n${index}`, output: `v${index}` };
  const keepDims = random.pick([true, false]);
  return builder.addNode({ op: "ReduceSum", ...names, inputs: [from], axes, keepDims }).name;
}

function argMax({ builder, random, from, info, index }: StepContext): ValueName | undefined {
  if (info.shape.length === 0 || random.unit() < 0.5) return undefined;
  const axis = random.integer(0, info.shape.length - 1);
  const names = { name: `n${index}`, output: `v${index}` };
  const keepDims = random.pick([true, false]);
  return builder.addNode({ op: "ArgMax", ...names, inputs: [from], axis, keepDims }).name;
}

function reshape({ builder, random, from, info, index }: StepContext): ValueName {
  const count = info.shape.reduce((product, dimension) => product * dimension, 1);
  const shape = random.pick([[count], [1, count], [1, 1, 1, count], [...info.shape, 1]]);
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "Reshape", ...names, inputs: [from], shape }).name;
}

function transpose({ builder, random, from, info, index }: StepContext): ValueName {
  const permutation = info.shape.map((_, axis) => axis);
  random.shuffle(permutation);
  const names = { name: `n${index}`, output: `v${index}` };
  return builder.addNode({ op: "Transpose", ...names, inputs: [from], permutation }).name;
}

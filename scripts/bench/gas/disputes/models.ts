import {
  createTensor,
  type ElementType,
  GraphBuilder,
  type IntegerGraph,
  type IntegerTensor,
  type Shape,
} from "@lattice/zkml";
import type { Window } from "../../../../packages/zkml/src/ir/graph.ts";
import { SeededRandom } from "../../../../packages/zkml/src/ir/random.ts";

/** A step of a model whose bytes are random: none is spared, as none is in a real model. */
export interface MeasuredModel {
  readonly graph: IntegerGraph;
  readonly input: IntegerTensor;
  /** Place in the lowered program of the node that is called into question. */
  readonly node: number;
  /** Place of the output element in its packed order. */
  readonly element: number;
}

const SEED = 20_261_127;
/** 7-bit weights, which every processor adds up alike. */
const WEIGHTS = [-64, 63] as const;
const PIXELS = [0, 255] as const;
/** Of quantised activations; no special case. */
const ZERO_POINT = 117;

function drawn(
  elementType: ElementType,
  shape: Shape,
  [low, high]: readonly [number, number],
): IntegerTensor {
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const random = new SeededRandom(SEED + count);
  return createTensor(
    elementType,
    shape,
    Array.from({ length: count }, () => random.integer(low, high)),
  );
}

const weights = (shape: Shape) => drawn("int8", shape, WEIGHTS);
const pixels = (shape: Shape) => drawn("uint8", shape, PIXELS);

/** Two dense layers, 1 024 → 256 → 10; an element of the first, in the middle of its row. */
export function denseModel(): MeasuredModel {
  const builder = new GraphBuilder("dense");
  builder.addInput({ name: "x", elementType: "uint8", shape: [1, 1024] });
  builder.addConstant("w1", weights([1024, 256]));
  builder.addConstant("b1", drawn("int32", [256], [-100_000, 100_000]));
  builder.addConstant("w2", weights([256, 10]));
  multiply(builder, ["x", "w1"], "products", ZERO_POINT);
  builder.addNode({ op: "Add", name: "bias", inputs: ["products", "b1"], output: "sums" });
  builder.addNode({ op: "Clip", name: "clip", inputs: ["sums"], output: "h", min: 0, max: 255 });
  builder.addNode({ op: "Cast", name: "cast", inputs: ["h"], output: "hidden", to: "uint8" });
  multiply(builder, ["hidden", "w2"], "logits", 0);
  return {
    graph: builder.finish(["logits"]),
    input: pixels([1, 1024]),
    node: 0,
    element: 137,
  };
}

/** A convolution of 3 × 3 over 64 channels, 64 filters; an element inside the image. */
export function convModel(): MeasuredModel {
  const window: Window = {
    kernel: [3, 3],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [1, 1, 1, 1],
  };
  const shapes = { x: [1, 64, 16, 16], w: [64, 64, 3, 3] } as const;
  return { ...convolution(shapes, window), node: 0, element: (5 * 16 + 6) * 64 + 17 };
}

/**
 * As many terms in as many chunks as a step of a convolution may have, and the sum of the part before: taps apart from
 * one another, rows that begin in one chunk and end in the next.
 */
export function wideConvModel(): MeasuredModel {
  const window: Window = {
    kernel: [16, 8],
    strides: [1, 1],
    dilations: [1, 2],
    pads: [0, 0, 0, 0],
  };
  const shapes = { x: [1, 64, 16, 32], w: [4, 64, 16, 8] } as const;
  return { ...convolution(shapes, window), node: 1, element: 10 * 4 + 1 };
}

/** The same with as many rows of the window as 16 chunks hold, two taps each: every row is read by itself. */
export function tallConvModel(): MeasuredModel {
  const rows = 2 * 1921;
  const window: Window = {
    kernel: [rows, 2],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
  };
  const shapes = { x: [1, 1, rows, 8], w: [4, 1, rows, 2] } as const;
  return { ...convolution(shapes, window), node: 1, element: 3 * 4 + 1 };
}

/** The same of a pooling window. */
export function tallPoolModel(): MeasuredModel {
  const rows = 2 * 1921;
  const builder = new GraphBuilder("pool");
  builder.addInput({ name: "x", elementType: "uint8", shape: [1, 1, rows, 8] });
  const window: Window = {
    kernel: [rows, 2],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
  };
  builder.addNode({ op: "MaxPool", name: "pool", inputs: ["x"], output: "y", window });
  return {
    graph: builder.finish(["y"]),
    input: pixels([1, 1, rows, 8]),
    node: 1,
    element: 3,
  };
}

/**
 * The same of a matrix product: the rows of a lie across four heads, each term apart from the next, and 3 841 of those are
 * what 16 chunks hold.
 */
export function stridedModel(): MeasuredModel {
  const terms = 2 * 3841;
  const builder = new GraphBuilder("heads");
  builder.addInput({ name: "x", elementType: "uint8", shape: [1, 4, 1, terms] });
  builder.addConstant("w", weights([terms, 4]));
  multiply(builder, ["x", "w"], "y", ZERO_POINT);
  return {
    graph: builder.finish(["y"]),
    input: pixels([1, 4, 1, terms]),
    node: 1,
    element: 6,
  };
}

function multiply(
  builder: GraphBuilder,
  inputs: readonly [a: string, b: string],
  output: string,
  aZeroPoint: number,
): void {
  builder.addNode({
    op: "MatMulInteger",
    name: `product ${output}`,
    inputs,
    output,
    aZeroPoint,
    bZeroPoint: 0,
  });
}

function convolution(
  { x, w }: { readonly x: Shape; readonly w: Shape },
  window: Window,
): Pick<MeasuredModel, "graph" | "input"> {
  const builder = new GraphBuilder("convolution");
  builder.addInput({ name: "x", elementType: "uint8", shape: x });
  builder.addConstant("w", weights(w));
  builder.addNode({
    op: "ConvInteger",
    name: "convolution",
    inputs: ["x", "w"],
    output: "y",
    xZeroPoint: ZERO_POINT,
    wZeroPoint: 0,
    groups: 1,
    window,
  });
  return { graph: builder.finish(["y"]), input: pixels(x) };
}

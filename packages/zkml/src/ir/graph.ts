import type { ElementType, IntegerTensor, Interval, Shape } from "./tensor.ts";

/** Name of a value: a graph input, a constant or the output of exactly one node. */
export type ValueName = string;

export interface ValueInfo {
  readonly name: ValueName;
  readonly elementType: ElementType;
  readonly shape: Shape;
}

interface NodeBase {
  /** Unique in the graph; named in errors. */
  readonly name: string;
  readonly output: ValueName;
}

/**
 * `output[.., i, j] = Σk (a[.., i, k] − aZeroPoint) · (b[.., k, j] − bZeroPoint)`, int32.
 * a: uint8, rank ≥ 2; b: uint8 or int8, rank ≥ 2; leading dimensions broadcast.
 */
export interface MatMulIntegerNode extends NodeBase {
  readonly op: "MatMulInteger";
  readonly inputs: readonly [a: ValueName, b: ValueName];
  readonly aZeroPoint: number;
  readonly bZeroPoint: number;
}

/** Two-dimensional window, in (height, width) order; pads are top, left, bottom, right. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

/**
 * Cross-correlation to int32, padding contributing nothing.
 * x: uint8 [N, C, H, W]; w: uint8 or int8 [M, C / groups, kH, kW]; output int32 [N, M, H', W'].
 */
export interface ConvIntegerNode extends NodeBase {
  readonly op: "ConvInteger";
  readonly inputs: readonly [x: ValueName, w: ValueName];
  readonly xZeroPoint: number;
  readonly wZeroPoint: number;
  readonly groups: number;
  readonly window: Window;
}

/** Element by element on int32, with numpy broadcasting. */
export interface ArithmeticNode extends NodeBase {
  readonly op: "Add" | "Sub" | "Mul" | "Max" | "Min";
  readonly inputs: readonly [a: ValueName, b: ValueName];
}

/** int32 division that truncates toward zero; the divisor is a constant, every element ≥ 1. */
export interface DivNode extends NodeBase {
  readonly op: "Div";
  readonly inputs: readonly [dividend: ValueName, divisor: ValueName];
}

/** `min(max(x, min), max)` with both bounds inside the element type; Relu is `min: 0`. */
export interface ClipNode extends NodeBase {
  readonly op: "Clip";
  readonly inputs: readonly [x: ValueName];
  readonly min: number;
  readonly max: number;
}

/** Change of element type; the proven range always fits `to`, so no value changes. */
export interface CastNode extends NodeBase {
  readonly op: "Cast";
  readonly inputs: readonly [x: ValueName];
  readonly to: ElementType;
}

/** Same row-major data, new shape (every dimension resolved). ONNX Flatten becomes this too. */
export interface ReshapeNode extends NodeBase {
  readonly op: "Reshape";
  readonly inputs: readonly [x: ValueName];
  readonly shape: Shape;
}

/** Axis i of the output is axis `permutation[i]` of the input. */
export interface TransposeNode extends NodeBase {
  readonly op: "Transpose";
  readonly inputs: readonly [x: ValueName];
  readonly permutation: readonly number[];
}

/** Maximum over each window of uint8 or int8 [N, C, H, W]; padding never wins. */
export interface MaxPoolNode extends NodeBase {
  readonly op: "MaxPool";
  readonly inputs: readonly [x: ValueName];
  readonly window: Window;
}

/**
 * Operands joined along `axis`, in order: same element type, every other dimension equal.
 * 1 to 255 operands.
 */
export interface ConcatNode extends NodeBase {
  readonly op: "Concat";
  readonly inputs: readonly ValueName[];
  readonly axis: number;
}

/**
 * `output[i] = table[index[i]]`; ONNX Gather along the only axis of a table.
 * index: int32, any shape, proven inside [0, n); table: a constant of shape [n], n ≤ 65536, of any
 * element type, which the output has too.
 */
export interface LookupNode extends NodeBase {
  readonly op: "Lookup";
  readonly inputs: readonly [index: ValueName, table: ValueName];
}

/** Sum of int32 over the axes, which keep a dimension of one with `keepDims`. */
export interface ReduceSumNode extends NodeBase {
  readonly op: "ReduceSum";
  readonly inputs: readonly [x: ValueName];
  /** Ascending, at least one. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/**
 * int32 index along `axis` of the largest element, of the first one when several are equal.
 * x: uint8, int8 or int32, rank ≥ 1.
 */
export interface ArgMaxNode extends NodeBase {
  readonly op: "ArgMax";
  readonly inputs: readonly [x: ValueName];
  readonly axis: number;
  /** Keeps the axis with a dimension of one. */
  readonly keepDims: boolean;
}

export type GraphNode =
  | MatMulIntegerNode
  | ConvIntegerNode
  | ArithmeticNode
  | DivNode
  | ClipNode
  | CastNode
  | ReshapeNode
  | TransposeNode
  | MaxPoolNode
  | ConcatNode
  | LookupNode
  | ReduceSumNode
  | ArgMaxNode;

export type OperatorName = GraphNode["op"];

/** What a builder supplies; `buildGraph` checks it and derives the rest. */
export interface GraphDefinition {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueName[];
  readonly constants: ReadonlyMap<ValueName, IntegerTensor>;
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
}

/**
 * A checked model. Every node is exact in integers, in topological order, and for every input of
 * the declared types each value stays inside its proven interval, so nothing wraps int32.
 */
export interface IntegerGraph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly constants: ReadonlyMap<ValueName, IntegerTensor>;
  readonly nodes: readonly GraphNode[];
  /** Type and shape of every input, constant and node output. */
  readonly values: ReadonlyMap<ValueName, ValueInfo>;
  /** Proven bounds of every value named in `values`. */
  readonly intervals: ReadonlyMap<ValueName, Interval>;
}

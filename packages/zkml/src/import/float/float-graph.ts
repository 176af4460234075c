import type { ValueName, Window } from "../../ir/graph.ts";
import type { Shape } from "../../ir/tensor.ts";
import type { GivenIntegers } from "./float-constant.ts";
import type { Pointwise } from "./pointwise.ts";

// The model before it is quantised: constants folded, batch normalisation inside the weights, every
// operator reduced to one of a few kinds. Values keep the names they have in the ONNX file.

interface NodeBase {
  /** Name of the ONNX node. */
  readonly name: string;
  /** ONNX operator, for reports and errors. */
  readonly operator: string;
  readonly output: ValueName;
}

/** Constants broadcast against a value. */
export interface Factors {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/** Convolution or matrix product with constant weights, and a bias for each output channel. */
export interface LinearNode extends NodeBase {
  readonly kind: "linear";
  readonly input: ValueName;
  /** Undefined for a matrix product. */
  readonly convolution: { readonly groups: number; readonly window: Window } | undefined;
  /** Convolution: [filters, channels / groups, height, width]; product: [inner, columns]. */
  readonly weightShape: Shape;
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  /** The integers behind the weights in the same layout, when a quantised model gives them. */
  readonly given: GivenIntegers | undefined;
}

/** Mean of each window, padding counting as zero. */
export interface AverageNode extends NodeBase {
  readonly kind: "average";
  readonly input: ValueName;
  readonly window: Window;
}

export interface PointwiseNode extends NodeBase {
  readonly kind: "pointwise";
  /** Never the output of another pointwise node. */
  readonly source: ValueName;
  readonly function: Pointwise;
}

/** `offset + Σ factor · value`, with numpy broadcasting. */
export interface SumNode extends NodeBase {
  readonly kind: "sum";
  readonly terms: readonly { readonly value: ValueName; readonly factor: Factors }[];
  readonly offset: Factors;
}

export interface ProductNode extends NodeBase {
  readonly kind: "product";
  readonly inputs: readonly [ValueName, ValueName];
}

export interface MaxPoolNode extends NodeBase {
  readonly kind: "maxPool";
  readonly input: ValueName;
  readonly window: Window;
}

export interface ReshapeNode extends NodeBase {
  readonly kind: "reshape";
  readonly input: ValueName;
}

export interface TransposeNode extends NodeBase {
  readonly kind: "transpose";
  readonly input: ValueName;
  readonly permutation: readonly number[];
}

export interface ConcatNode extends NodeBase {
  readonly kind: "concat";
  readonly inputs: readonly ValueName[];
  readonly axis: number;
}

/** The model itself rounds the value to `scale · (q − zeroPoint)`, q in [0, 255]. */
export interface QuantiseNode extends NodeBase {
  readonly kind: "quantise";
  readonly input: ValueName;
  readonly quantisation: Quantisation;
}

/** Index of the largest element, the first one when several are equal. */
export interface ArgMaxNode extends NodeBase {
  readonly kind: "argMax";
  readonly input: ValueName;
  readonly axis: number;
  readonly keepDims: boolean;
}

export type FloatNode =
  | LinearNode
  | AverageNode
  | PointwiseNode
  | SumNode
  | ProductNode
  | MaxPoolNode
  | ReshapeNode
  | TransposeNode
  | ConcatNode
  | QuantiseNode
  | ArgMaxNode;

/** A real number is `scale · (q − zeroPoint)` of a uint8 q. */
export interface Quantisation {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Where the value can be observed while the original model runs. */
export interface Probe {
  readonly tensor: string;
  /** Set where the model itself holds 8-bit integers; `signed` ones are 128 below ours. */
  readonly stored?: Quantisation & { readonly signed: boolean };
}

export interface FloatValue {
  readonly shape: Shape;
  readonly probe: Probe | undefined;
}

export interface FloatGraph {
  readonly name: string;
  readonly input: ValueName;
  readonly output: ValueName;
  /** Name that the output has in the file. */
  readonly outputName: ValueName;
  /** In topological order, only what the output needs. */
  readonly nodes: readonly FloatNode[];
  readonly values: ReadonlyMap<ValueName, FloatValue>;
  /** What was left out or changed on reading, one sentence each. */
  readonly notes: readonly string[];
}

export function operandsOf(node: FloatNode): readonly ValueName[] {
  switch (node.kind) {
    case "pointwise":
      return [node.source];
    case "sum":
      return node.terms.map(({ value }) => value);
    case "product":
    case "concat":
      return node.inputs;
    default:
      return [node.input];
  }
}

import { broadcastIndices, broadcastShapes, transposeIndices } from "../../ir/shapes.ts";
import { elementCount, type Shape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { ConstantData, FloatConstant } from "./float-constant.ts";
import { constantType, makeData } from "./float-constant.ts";
import { concatConstants, gatherConstant, sliceConstant } from "./fold-indexing.ts";
import { foldDequantise, foldQuantise } from "./fold-quantised.ts";
import { concatAxis, flattened, reshaped, squeezed, unsqueezed } from "./layout-shapes.ts";

type Inputs = readonly (FloatConstant | undefined)[];
type Fold = (node: NodeReader, inputs: Inputs) => FloatConstant;

/** Operators computed on reading when every input is a constant: what exporters leave behind. */
export const FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ["Identity", (node, inputs) => required(node, inputs, 0)],
  ["Dropout", (node, inputs) => required(node, inputs, 0)],
  ["Cast", foldCast],
  ["Add", (node, inputs) => binary(node, inputs, (a, b) => a + b)],
  ["Sub", (node, inputs) => binary(node, inputs, (a, b) => a - b)],
  ["Mul", (node, inputs) => binary(node, inputs, (a, b) => a * b)],
  ["Div", foldDiv],
  ["Sqrt", (node, inputs) => unary(node, inputs, Math.sqrt)],
  ["Neg", (node, inputs) => unary(node, inputs, (x) => -x)],
  ["Reshape", (node, inputs) => relaid(node, inputs, reshaped(node, inputs))],
  ["Flatten", (node, inputs) => relaid(node, inputs, flattened(node, shapeOf(node, inputs)))],
  ["Squeeze", (node, inputs) => relaid(node, inputs, squeezed(node, inputs))],
  ["Unsqueeze", (node, inputs) => relaid(node, inputs, unsqueezed(node, inputs))],
  ["Transpose", (node, inputs) => foldTranspose(node, required(node, inputs, 0))],
  ["Concat", foldConcat],
  ["Gather", (node, inputs) => gatherConstant(node, required(node, inputs, 0), inputs[1])],
  ["Slice", (node, inputs) => sliceConstant(node, required(node, inputs, 0), inputs)],
  ["QuantizeLinear", (node, inputs) => foldQuantise(node, inputs)],
  ["DequantizeLinear", (node, inputs) => foldDequantise(node, inputs)],
]);

function required(node: NodeReader, inputs: Inputs, index: number): FloatConstant {
  const constant = inputs[index];
  if (constant === undefined) throw node.unsupported(`input ${index} is missing`);
  return constant;
}

function shapeOf(node: NodeReader, inputs: Inputs): Shape {
  return required(node, inputs, 0).shape;
}

function foldCast(node: NodeReader, inputs: Inputs): FloatConstant {
  const source = required(node, inputs, 0);
  const type = constantType(node.attributeInt("to"), `the result of node "${node.name}" (Cast)`);
  node.attributeInt("saturate", 1);
  const truncates = type !== "float32" && source.type === "float32";
  const data = truncates ? Array.from(source.data, Math.trunc) : source.data;
  return { type, shape: source.shape, data: makeData(type, data) };
}

function foldDiv(node: NodeReader, inputs: Inputs): FloatConstant {
  const integers = required(node, inputs, 0).type !== "float32";
  if (required(node, inputs, 1).data.includes(0)) {
    throw node.unsupported("it divides a constant by zero");
  }
  return binary(node, inputs, (a, b) => (integers ? Math.trunc(a / b) : a / b));
}

function unary(node: NodeReader, inputs: Inputs, apply: (x: number) => number): FloatConstant {
  const { type, shape, data } = required(node, inputs, 0);
  return { type, shape, data: makeData(type, Array.from(data, apply)) };
}

function binary(
  node: NodeReader,
  inputs: Inputs,
  apply: (a: number, b: number) => number,
): FloatConstant {
  const [a, b] = [required(node, inputs, 0), required(node, inputs, 1)];
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined || a.type !== b.type) {
    throw node.unsupported(
      `its constants are ${a.type} [${a.shape.join(", ")}] and ${b.type} [${b.shape.join(", ")}]`,
    );
  }
  const length = elementCount(shape, `output of node "${node.name}"`);
  const data = makeData(a.type, { length });
  const [from, other] = [broadcastIndices(a.shape, shape), broadcastIndices(b.shape, shape)];
  for (let i = 0; i < length; i++) {
    data[i] = apply(a.data[from[i] as number] as number, b.data[other[i] as number] as number);
  }
  return { type: a.type, shape, data };
}

/** Same data in another shape. Integers of a quantised model survive only per tensor. */
function relaid(node: NodeReader, inputs: Inputs, shape: Shape): FloatConstant {
  const source = required(node, inputs, 0);
  const { given, ...rest } = source;
  return given !== undefined && given.scales.length === 1
    ? { ...rest, shape, given }
    : { ...rest, shape };
}

export function foldTranspose(node: NodeReader, source: FloatConstant): FloatConstant {
  const { shape, type, given } = source;
  const reversed = shape.map((_, axis) => axis).reverse();
  const permutation = node.attributeInts("perm") ?? reversed;
  return transposeConstant(
    { shape, type, data: source.data, ...(given && { given }) },
    permutation,
  );
}

/** @param permutation a permutation of the axes; anything else gives wrong shapes. */
export function transposeConstant(
  { type, shape, data, given }: FloatConstant,
  permutation: readonly number[],
): FloatConstant {
  const indices = transposeIndices(shape, permutation);
  const moved = makeData(type, { length: data.length });
  move(data, indices, moved);
  const result = { type, shape: permutation.map((axis) => shape[axis] as number), data: moved };
  if (given === undefined) return result;
  const integers = new Int32Array(given.data.length);
  move(given.data, indices, integers);
  return {
    ...result,
    given: { ...given, data: integers, axis: permutation.indexOf(given.axis) },
  };
}

function move(source: ArrayLike<number>, indices: Int32Array, target: ConstantData): void {
  for (let i = 0; i < target.length; i++) target[i] = source[indices[i] as number] as number;
}

function foldConcat(node: NodeReader, inputs: Inputs): FloatConstant {
  const parts = inputs.map((_, index) => required(node, inputs, index));
  const axis = concatAxis(
    node,
    parts.map(({ shape }) => shape),
  );
  return concatConstants(node, parts, axis);
}

import { ZkmlError } from "../../errors/zkml-error.ts";
import { broadcastShapes } from "../../ir/shapes.ts";
import type { Shape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { FloatConstant } from "./float-constant.ts";
import type { FloatContext } from "./float-context.ts";
import type { Factors } from "./float-graph.ts";
import { composeAffine, foldAffine, ONE, ZERO } from "./fold-affine.ts";
import { affine, merge } from "./pointwise.ts";
import type { FloatReader } from "./readers.ts";

export const ARITHMETIC_READERS: readonly (readonly [string, FloatReader])[] = [
  ["Add", readArithmetic],
  ["Sub", readArithmetic],
  ["Mul", readArithmetic],
  ["Div", readArithmetic],
  ["BatchNormalization", readBatchNormalization],
];

type Operator = "Add" | "Sub" | "Mul" | "Div";

const APPLY: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

function readArithmetic(node: NodeReader, context: FloatContext): void {
  node.expectInputs(2);
  const [left, right] = [context.constant(node.input(0)), context.constant(node.input(1))];
  if (right !== undefined) readWithConstant(node, context, 0, right);
  else if (left !== undefined) readWithConstant(node, context, 1, left);
  else readPair(node, context);
}

/** `factor · x + offset` from an operator with one constant operand. */
function readWithConstant(
  node: NodeReader,
  context: FloatContext,
  index: 0 | 1,
  constant: FloatConstant,
): void {
  const operator = node.op as Operator;
  const x = context.real(node, index);
  if (constant.type !== "float32") throw node.unsupported(`its constant is ${constant.type}`);
  if (operator === "Div" && (index === 1 || constant.data.includes(0))) {
    throw node.unsupported("it divides by a computed value or by zero; use Mul with a constant");
  }
  const map = (apply: (value: number) => number): Factors => ({
    shape: constant.shape,
    data: Float64Array.from(constant.data, apply),
  });
  const [factor, offset] = {
    Add: [ONE, map((value) => value)],
    Sub: index === 0 ? [ONE, map((value) => -value)] : [{ ...ONE, data: [-1] }, map((v) => v)],
    Mul: [map((value) => value), ZERO],
    Div: [map((value) => 1 / value), ZERO],
  }[operator] as [Factors, Factors];
  addAffine(node, context, index, x, factor, offset);
}

function readBatchNormalization(node: NodeReader, context: FloatContext): void {
  node.expectInputs(5);
  const x = context.real(node, 0);
  if (node.attributeInt("training_mode", 0) !== 0) {
    throw node.unsupported("it is in training mode; export the model for inference");
  }
  node.attributeFloat("momentum", 0.9);
  const epsilon = node.attributeFloat("epsilon", 1e-5);
  const channels = x.shape[1] as number;
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((index) => {
    const constant = context.constant(node.input(index));
    if (constant?.type !== "float32" || constant.data.length !== channels) {
      throw node.unsupported(`input ${index} must be a constant of ${channels} float32 values`);
    }
    return constant.data;
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const factors = scale.map((value, c) => {
    const spread = (variance[c] as number) + epsilon;
    if (spread > 0) return value / Math.sqrt(spread);
    throw new ZkmlError("NOT_FINITE", `node "${node.name}": channel ${c} has a variance below 0`, {
      node: node.name,
    });
  });
  const shape = [channels, ...x.shape.slice(2).map(() => 1)];
  const offsets = bias.map((value, c) => value - (mean[c] as number) * (factors[c] as number));
  addAffine(node, context, 0, x, { shape, data: factors }, { shape, data: offsets });
}

/** Into the weights before it where possible, else a function of the value, else a sum. */
function addAffine(
  node: NodeReader,
  context: FloatContext,
  index: number,
  x: { readonly name: string; readonly shape: Shape },
  factor: Factors,
  offset: Factors,
): void {
  const given = node.input(index);
  const linear = context.foldable(given);
  const folded = linear && foldAffine(linear, x.shape, factor, offset, node.output());
  if (linear !== undefined && folded !== undefined) {
    context.replace(linear, folded);
    return;
  }
  if (factor.data.length === 1 && offset.data.length === 1) {
    const rank = Math.max(factor.shape.length, offset.shape.length);
    if (rank > x.shape.length) throw node.unsupported("its constant adds an axis; reshape first");
    const [a, b] = [factor.data[0] as number, offset.data[0] as number];
    context.addPointwise(node, given, affine(a, b));
    return;
  }
  const shape = [factor.shape, offset.shape].reduce<Shape | undefined>(
    (sum, other) => sum && broadcastShapes(sum, other),
    x.shape,
  );
  const inner = context.affineOf(given) ?? { value: x.name, factor: ONE, offset: ZERO };
  const all = composeAffine({ factor, offset }, inner);
  const terms = [{ value: inner.value, factor: all.factor }];
  const { name, op: operator } = node;
  context.add(
    { kind: "sum", name, operator, terms, offset: all.offset, output: node.output() },
    expectShape(node, shape),
  );
}

function readPair(node: NodeReader, context: FloatContext): void {
  const operator = node.op as Operator;
  const [a, b] = [context.real(node, 0), context.real(node, 1)];
  const [left, right] = [context.pointwise(a.name), context.pointwise(b.name)];
  if (left.source === right.source) {
    const merged = merge(left.function, right.function, APPLY[operator]);
    context.addFunction(node, left.source, merged);
    return;
  }
  if (operator === "Div") {
    throw node.unsupported("it divides two computed values, which has no integer form here");
  }
  const shape = expectShape(node, broadcastShapes(a.shape, b.shape));
  const common = { name: node.name, operator, output: node.output() };
  if (operator === "Mul") {
    context.add({ kind: "product", ...common, inputs: [a.name, b.name] }, shape);
    return;
  }
  const sign: Factors = { shape: [], data: [operator === "Sub" ? -1 : 1] };
  const terms = [
    { value: a.name, factor: ONE },
    { value: b.name, factor: sign },
  ];
  context.add({ kind: "sum", ...common, terms, offset: ZERO }, shape);
}

function expectShape(node: NodeReader, shape: Shape | undefined): Shape {
  if (shape !== undefined) return shape;
  throw new ZkmlError(
    "INVALID_SHAPE",
    `node "${node.name}" (${node.op}): the shapes of its operands do not broadcast`,
    { node: node.name, operator: node.op },
  );
}

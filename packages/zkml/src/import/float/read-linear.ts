import { ZkmlError } from "../../errors/zkml-error.ts";
import { windowOutput } from "../../ir/shapes.ts";
import { type Shape, sameShape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { FloatConstant } from "./float-constant.ts";
import { scalar } from "./float-constant.ts";
import type { FloatContext } from "./float-context.ts";
import type { LinearNode } from "./float-graph.ts";
import { transposeConstant } from "./fold.ts";
import { foldInput } from "./fold-affine.ts";
import { readWindow } from "./read-windows.ts";
import type { FloatReader } from "./readers.ts";

export const LINEAR_READERS: readonly (readonly [string, FloatReader])[] = [
  ["Conv", readConv],
  ["MatMul", readMatMul],
  ["Gemm", readGemm],
];

function readConv(node: NodeReader, context: FloatContext): void {
  node.expectInputs(3);
  const x = context.real(node, 0);
  const weights = constantOperand(node, context, 1, "weights");
  const bias = node.inputCount > 2 ? constantOperand(node, context, 2, "bias") : undefined;
  addConv(node, context, x, weights, bias, node.output());
}

function addConv(
  node: NodeReader,
  context: FloatContext,
  x: { readonly name: string; readonly shape: Shape },
  weights: FloatConstant,
  bias: FloatConstant | undefined,
  output: string,
): void {
  const window = readWindow(node, x.shape, weights.shape);
  const groups = node.attributeInt("group", 1);
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [filters, perGroup, ...kernel] = weights.shape;
  const fits =
    weights.shape.length === 4 &&
    groups >= 1 &&
    channels === (perGroup as number) * groups &&
    (filters as number) % groups === 0 &&
    kernel.every((size, axis) => size === window.kernel[axis]);
  if (!fits) throw misfit(node, x.shape, weights.shape);
  const shape = [batch, filters as number, ...windowOutput(window, height, width, node.name)];
  const linear = {
    kind: "linear" as const,
    name: node.name,
    operator: node.op,
    input: x.name,
    convolution: { groups, window },
    output,
    ...weightsOf(weights, 0),
    bias: biasOf(node, bias, filters as number),
  };
  addLinear(context, linear, x.shape, shape);
}

function readMatMul(node: NodeReader, context: FloatContext): void {
  node.expectInputs(2);
  if (context.constant(node.input(0)) !== undefined) {
    throw node.unsupported("its first operand is constant; swap the operands by transposing both");
  }
  addProduct(node, context, context.real(node, 0), constantOperand(node, context, 1, "weights"), {
    bias: undefined,
    output: node.output(),
  });
}

function readGemm(node: NodeReader, context: FloatContext): void {
  node.expectInputs(3);
  const x = context.real(node, 0);
  let weights = constantOperand(node, context, 1, "weights");
  if (node.attributeInt("transA", 0) !== 0) {
    throw node.unsupported("transA must be 0; put a Transpose before it");
  }
  if (node.attributeInt("transB", 0) !== 0 && weights.shape.length === 2) {
    weights = transposeConstant(weights, [1, 0]);
  }
  const alpha = node.attributeFloat("alpha", 1);
  const beta = node.attributeFloat("beta", 1);
  const bias = node.inputCount > 2 ? constantOperand(node, context, 2, "bias") : undefined;
  if (x.shape.length !== 2) throw misfit(node, x.shape, weights.shape);
  addProduct(node, context, x, scaled(weights, alpha), {
    bias: bias && scaled(bias, beta),
    output: node.output(),
  });
}

function addProduct(
  node: NodeReader,
  context: FloatContext,
  x: { readonly name: string; readonly shape: Shape },
  weights: FloatConstant,
  { bias, output }: { readonly bias: FloatConstant | undefined; readonly output: string },
): void {
  const [inner, columns] = weights.shape;
  if (weights.shape.length !== 2 || x.shape.length < 2 || x.shape.at(-1) !== inner) {
    throw misfit(node, x.shape, weights.shape);
  }
  const linear = {
    kind: "linear" as const,
    name: node.name,
    operator: node.op,
    input: x.name,
    convolution: undefined,
    output,
    ...weightsOf(weights, 1),
    bias: biasOf(node, bias, columns as number),
  };
  addLinear(context, linear, x.shape, [...x.shape.slice(0, -1), columns as number]);
}

/** A normalisation before the weights goes into them where that is exact. */
function addLinear(context: FloatContext, linear: LinearNode, from: Shape, to: Shape): void {
  const inner = context.affineOf(linear.input);
  const alike = inner && sameShape(context.value(inner.value, linear.name).shape, from);
  context.add((alike && foldInput(linear, from, inner)) || linear, to);
}

/** A float constant, as an initializer or through DequantizeLinear. */
function constantOperand(
  node: NodeReader,
  context: FloatContext,
  index: number,
  role: string,
): FloatConstant {
  const name = node.input(index);
  const constant = context.constant(name);
  if (constant === undefined) {
    throw node.unsupported(
      `its ${role} "${name}" are computed while the model runs; only constant ${role} have an integer form (no attention, no dynamic filters)`,
    );
  }
  if (constant.type !== "float32") {
    throw node.unsupported(`its ${role} are ${constant.type}; put DequantizeLinear before them`);
  }
  return constant;
}

/** @param channelAxis axis of the output channels. */
function weightsOf(
  { shape, data, given }: FloatConstant,
  channelAxis: number,
): Pick<LinearNode, "weightShape" | "weights" | "given"> {
  const perChannel = given !== undefined && given.scales.length > 1;
  const usable = given !== undefined && (!perChannel || given.axis === channelAxis);
  return {
    weightShape: shape,
    weights: Float64Array.from(data),
    given: usable ? given : undefined,
  };
}

function biasOf(node: NodeReader, bias: FloatConstant | undefined, channels: number): Float64Array {
  const single = scalar(bias);
  if (bias === undefined) return new Float64Array(channels);
  if (single !== undefined) return new Float64Array(channels).fill(single);
  if (bias.data.length === channels && bias.shape.at(-1) === channels) {
    return Float64Array.from(bias.data);
  }
  throw node.unsupported(`its bias [${bias.shape}] does not hold one value for each channel`);
}

function scaled(constant: FloatConstant, factor: number): FloatConstant {
  if (factor === 1) return constant;
  const { type, shape, data, given } = constant;
  const result = { type, shape, data: Float32Array.from(data, (value) => value * factor) };
  if (given === undefined || !(factor > 0)) return result;
  return { ...result, given: { ...given, scales: given.scales.map((scale) => scale * factor) } };
}

function misfit(node: NodeReader, x: Shape, weights: Shape): ZkmlError {
  return new ZkmlError(
    "INVALID_SHAPE",
    `node "${node.name}" (${node.op}): weights [${weights.join(", ")}] do not fit input [${x.join(", ")}]`,
    { node: node.name, operator: node.op },
  );
}

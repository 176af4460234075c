import type { NodeReader } from "../onnx/operands.ts";
import type { NodeProto } from "../onnx/proto.ts";
import type { FloatConstant } from "./float-constant.ts";
import type { FloatContext } from "./float-context.ts";
import type { Probe, Quantisation } from "./float-graph.ts";
import { dequantised, quantisationAxis, scaleAndZeroPoint } from "./fold-quantised.ts";
import { addConv, addProduct } from "./read-linear.ts";
import type { FloatReader } from "./readers.ts";

export const QUANTISED_READERS: readonly (readonly [string, FloatReader])[] = [
  ["QuantizeLinear", readQuantize],
  ["DequantizeLinear", readDequantize],
  ["QLinearConv", readQLinearConv],
  ["QLinearMatMul", readQLinearMatMul],
];

type Stored = NonNullable<Probe["stored"]>;

function readQuantize(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(3);
  const x = context.real(node, 0);
  const stored = activation(node, context, proto, 1);
  quantisationAxis(node, x.shape.length);
  addQuantise(node, context, x.name, x.shape, stored);
}

function addQuantise(
  node: NodeReader,
  context: FloatContext,
  input: string,
  shape: readonly number[],
  stored: Stored,
): void {
  const output = node.output();
  const quantisation: Quantisation = { scale: stored.scale, zeroPoint: stored.zeroPoint };
  context.add(
    { kind: "quantise", name: node.name, operator: node.op, input, quantisation, output },
    shape,
    { tensor: output, stored },
  );
  context.markStored(output);
}

function readDequantize(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(3);
  const stored = activation(node, context, proto, 1);
  quantisationAxis(node, 4);
  context.alias(node.output(), storedOperand(node, context, 0, stored));
}

/** y = Q(Conv(DQ(x), DQ(w), b)), all in one operator. */
function readQLinearConv(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(9);
  const xStored = activation(node, context, proto, 1);
  const x = storedOperand(node, context, 0, xStored);
  const weights = givenWeights(node, context, proto, 3, 0);
  const bias = givenBias(node, context, proto, xStored, weights);
  const result = activation(node, context, proto, 6);
  const real = `${node.output()}/real`;
  const { shape } = context.value(x, node.name);
  addConv(node, context, { name: x, shape }, weights, bias, real);
  context.hideProbe(real);
  addQuantise(node, context, real, context.value(real, node.name).shape, result);
}

function readQLinearMatMul(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(8);
  const x = storedOperand(node, context, 0, activation(node, context, proto, 1));
  const weights = givenWeights(node, context, proto, 3, 1);
  const result = activation(node, context, proto, 6);
  const real = `${node.output()}/real`;
  const { shape } = context.value(x, node.name);
  addProduct(node, context, { name: x, shape }, weights, { bias: undefined, output: real });
  context.hideProbe(real);
  addQuantise(node, context, real, context.value(real, node.name).shape, result);
}

/** Scale and zero point of an activation, as uint8. */
function activation(
  node: NodeReader,
  context: FloatContext,
  proto: NodeProto,
  index: number,
): Stored {
  const zeroPoint = context.constant(proto.input[index + 1]);
  const scale = context.constant(node.input(index));
  const { type, scales, zeroPoints } = scaleAndZeroPoint(node, scale, zeroPoint);
  const [single, zero] = [scales[0] as number, zeroPoints[0] as number];
  if (scales.length > 1) throw node.unsupported("activations need one scale for the whole tensor");
  if (type === "int32") throw node.unsupported("activations must be uint8 or int8");
  const signed = type === "int8";
  return { scale: single, zeroPoint: signed ? zero + 128 : zero, signed };
}

/** The value behind stored integers, whose scale must be the one that made them. */
function storedOperand(
  node: NodeReader,
  context: FloatContext,
  index: number,
  stored: Stored,
): string {
  const given = node.input(index);
  const name = context.resolve(given);
  const { probe } = context.value(given, `node "${node.name}" (${node.op})`);
  if (!context.isStored(given)) {
    throw node.unsupported(`"${given}" is not quantised; put QuantizeLinear before it`);
  }
  const made = probe?.stored;
  if (made === undefined) {
    context.setProbe(name, { tensor: given, stored });
    return name;
  }
  const same =
    made.scale === stored.scale &&
    made.zeroPoint === stored.zeroPoint &&
    made.signed === stored.signed;
  if (same) return name;
  throw node.unsupported(
    `it reads "${given}" with scale ${stored.scale} and zero point ${stored.zeroPoint}, which was made with ${made.scale} and ${made.zeroPoint}; use the same pair`,
  );
}

function givenWeights(
  node: NodeReader,
  context: FloatContext,
  proto: NodeProto,
  index: number,
  axis: number,
): FloatConstant {
  const weights = context.constant(node.input(index));
  if (weights === undefined || weights.type === "float32") {
    throw node.unsupported("its weights must be constant 8-bit integers");
  }
  const scale = context.constant(node.input(index + 1));
  const zeroPoint = context.constant(proto.input[index + 2]);
  const parameters = scaleAndZeroPoint(node, scale, zeroPoint, "int8");
  return dequantised(node, weights, parameters, axis);
}

/** int32 in units of x's scale times the filter's. */
function givenBias(
  node: NodeReader,
  context: FloatContext,
  proto: NodeProto,
  x: Stored,
  weights: FloatConstant,
): FloatConstant | undefined {
  const name = proto.input[8];
  if (name === undefined || name === "") return undefined;
  const bias = context.constant(name);
  if (bias?.type !== "int32") throw node.unsupported("its bias must be constant int32");
  const scales = weights.given?.scales ?? [];
  const data = Float32Array.from(
    bias.data,
    (value, c) => value * x.scale * (scales[c] ?? (scales[0] as number)),
  );
  return { type: "float32", shape: bias.shape, data };
}

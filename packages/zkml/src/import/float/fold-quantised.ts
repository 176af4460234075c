import { ZkmlError } from "../../errors/zkml-error.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import { type FloatConstant, makeData } from "./float-constant.ts";

type Inputs = readonly (FloatConstant | undefined)[];

export interface ScaleAndZeroPoint {
  readonly type: "uint8" | "int8" | "int32";
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
}

/**
 * Checks the scale and zero point that a quantising operator takes.
 * @throws ZkmlError INVALID_SCALE for a scale that is NaN, infinite, zero or negative,
 * UNSUPPORTED_ATTRIBUTE for types and shapes that have no integer form here.
 */
export function scaleAndZeroPoint(
  node: NodeReader,
  scale: FloatConstant | undefined,
  zeroPoint: FloatConstant | undefined,
  defaultType: ScaleAndZeroPoint["type"] = "uint8",
): ScaleAndZeroPoint {
  if (scale === undefined || scale.type !== "float32" || scale.shape.length > 1) {
    throw node.unsupported("its scale must be a constant float32 value, or one for each channel");
  }
  const scales = Array.from(scale.data);
  const bad = scales.find((value) => !(value > 0 && Number.isFinite(value)));
  if (bad !== undefined || scales.length === 0) {
    throw new ZkmlError(
      "INVALID_SCALE",
      `node "${node.name}" (${node.op}): scale ${bad} is not a positive number; quantise the model again with data that reaches this layer`,
      { node: node.name, scale: String(bad) },
    );
  }
  const type = zeroPoint?.type ?? defaultType;
  if (type !== "uint8" && type !== "int8" && type !== "int32") {
    throw node.unsupported(`its zero point is ${type}; use uint8 or int8`);
  }
  const zeroPoints = zeroPoint === undefined ? scales.map(() => 0) : Array.from(zeroPoint.data);
  if (zeroPoints.length !== scales.length) {
    throw node.unsupported(`it has ${scales.length} scales and ${zeroPoints.length} zero points`);
  }
  return { type, scales, zeroPoints };
}

export function foldQuantise(node: NodeReader, inputs: Inputs): FloatConstant {
  const [x, scale, zeroPoint] = inputs;
  if (x === undefined) throw node.unsupported("its input is missing");
  const parameters = scaleAndZeroPoint(node, scale, zeroPoint);
  const axis = quantisationAxis(node, x.shape.length);
  const { type } = parameters;
  if (type === "int32") throw node.unsupported("it quantises to int32; use uint8 or int8");
  const [least, most] = type === "uint8" ? [0, 255] : [-128, 127];
  const channel = channelOf(node, x, parameters, axis);
  const data = makeData(type, { length: x.data.length });
  for (let i = 0; i < data.length; i++) {
    const c = channel(i);
    const q =
      roundHalfEven((x.data[i] as number) / (parameters.scales[c] as number)) +
      (parameters.zeroPoints[c] as number);
    data[i] = Math.min(Math.max(q, least), most);
  }
  return { type, shape: x.shape, data };
}

export function foldDequantise(node: NodeReader, inputs: Inputs): FloatConstant {
  const [x, scale, zeroPoint] = inputs;
  if (x === undefined) throw node.unsupported("its input is missing");
  if (x.type !== "uint8" && x.type !== "int8" && x.type !== "int32") {
    throw node.unsupported(`it takes ${x.type}; use uint8, int8 or int32`);
  }
  const parameters = scaleAndZeroPoint(node, scale, zeroPoint, x.type);
  if (parameters.type !== x.type) throw node.unsupported("its zero point has another type");
  const axis = quantisationAxis(node, x.shape.length);
  return dequantised(node, x, parameters, axis);
}

/** The real values, with the integers kept beside them. */
function dequantised(
  node: NodeReader,
  x: FloatConstant,
  { scales, zeroPoints }: ScaleAndZeroPoint,
  axis: number,
): FloatConstant {
  const channel = channelOf(node, x, { scales, type: "uint8", zeroPoints }, axis);
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) {
    const c = channel(i);
    data[i] = ((x.data[i] as number) - (zeroPoints[c] as number)) * (scales[c] as number);
  }
  const type = x.type as "uint8" | "int8" | "int32";
  const given = { type, data: x.data, scales, zeroPoints, axis };
  return { type: "float32", shape: x.shape, data, given };
}

function channelOf(
  node: NodeReader,
  { shape }: FloatConstant,
  { scales }: ScaleAndZeroPoint,
  axis: number,
): (index: number) => number {
  if (scales.length === 1) return () => 0;
  if (shape[axis] !== scales.length) {
    throw node.unsupported(`${scales.length} scales do not fit axis ${axis} of [${shape}]`);
  }
  const inner = shape.slice(axis + 1).reduce((count, dimension) => count * dimension, 1);
  return (index) => Math.floor(index / inner) % scales.length;
}

export function quantisationAxis(node: NodeReader, rank: number): number {
  if (node.attributeInt("block_size", 0) !== 0) {
    throw node.unsupported("blocked quantisation has no integer form; use one scale per channel");
  }
  node.attributeInt("saturate", 1);
  node.attributeInt("output_dtype", 0);
  const axis = node.attributeInt("axis", 1);
  return axis < 0 ? axis + rank : axis;
}

/** As QuantizeLinear rounds. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

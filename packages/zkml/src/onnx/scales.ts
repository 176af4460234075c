import { ZkmlError } from "../errors/zkml-error.ts";
import { elementCount } from "../ir/tensor.ts";
import type { GraphProto, TensorProto } from "./proto.ts";
import { refuseExternal, viewOf } from "./tensors.ts";

const FLOAT32 = 1;
const FLOAT16 = 10;

/** Inputs of the QLinear operators that are scales. */
const SCALE_INPUTS: Readonly<Record<string, readonly number[]>> = {
  QLinearMatMul: [1, 4, 6],
  QLinearConv: [1, 4, 6],
};

/** Names of the values that a graph reads as scales: the only floating point it may hold. */
export function scaleNames({ nodes }: GraphProto): ReadonlySet<string> {
  const names = nodes.flatMap(({ opType, input }) =>
    (SCALE_INPUTS[opType] ?? []).map((index) => input[index] ?? ""),
  );
  return new Set(names);
}

/**
 * Reads a float32 or float16 tensor of scales.
 * @throws ZkmlError EXTERNAL_DATA, TENSOR_TYPE, TENSOR_SHAPE, TENSOR_VALUE unless each is positive
 * and finite.
 */
export function scalesFromOnnx(proto: TensorProto): number[] {
  const what = `scale "${proto.name}"`;
  refuseExternal(proto, what);
  const values = storedValues(proto, what);
  const expected = elementCount(proto.dims, what);
  if (values.length !== expected) {
    throw new ZkmlError(
      "TENSOR_SHAPE",
      `${what} needs ${expected} values and has ${values.length}`,
      { tensor: proto.name, expected, actual: values.length },
    );
  }
  const bad = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (bad === undefined) return values;
  throw new ZkmlError(
    "TENSOR_VALUE",
    `${what} is ${bad}; a scale is positive and finite, so quantise the model again`,
    { tensor: proto.name, value: String(bad) },
  );
}

function storedValues(proto: TensorProto, what: string): number[] {
  const { dataType, rawData, floatData, int32Data } = proto;
  const stores = [rawData, floatData].filter((store) => store !== undefined).length;
  if (dataType === FLOAT32 && int32Data.length === 0 && stores === 1) {
    const view = viewOf((rawData ?? floatData) as Uint8Array);
    return Array.from({ length: Math.floor(view.byteLength / 4) }, (_, i) =>
      view.getFloat32(4 * i, true),
    );
  }
  if (dataType === FLOAT16 && floatData === undefined && stores + int32Data.length > 0) {
    if (rawData === undefined) return int32Data.map(fromHalf);
    const view = viewOf(rawData);
    return Array.from({ length: Math.floor(view.byteLength / 2) }, (_, i) =>
      fromHalf(view.getUint16(2 * i, true)),
    );
  }
  throw new ZkmlError("TENSOR_TYPE", `${what} must be stored as float32 or float16`, {
    tensor: proto.name,
    dataType,
  });
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

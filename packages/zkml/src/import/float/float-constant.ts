import { ZkmlError } from "../../errors/zkml-error.ts";
import { elementCount, type Shape } from "../../ir/tensor.ts";
import type { TensorProto } from "../../onnx/proto.ts";
import { refuseExternal, viewOf } from "../../onnx/tensors.ts";

/** Element types of constants in models before they are quantised. */
export type ConstantType = "float32" | "uint8" | "int8" | "int32" | "int64" | "bool";

export type ConstantData = Float32Array | Float64Array | Uint8Array | Int8Array | Int32Array;

/** The integers that a DequantizeLinear turned into a constant. */
export interface GivenIntegers {
  readonly type: "uint8" | "int8" | "int32";
  readonly data: ArrayLike<number>;
  /** One, or one for each index along `axis`. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

/** Row-major values; int64 is held as doubles and never beyond ±2^53. */
export interface FloatConstant {
  readonly type: ConstantType;
  readonly shape: Shape;
  readonly data: ConstantData;
  readonly given?: GivenIntegers;
}

const TYPES: ReadonlyMap<number, ConstantType> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
]);

const BYTES: Readonly<Record<ConstantType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
};

/**
 * Element type of an ONNX data type number.
 * @throws ZkmlError TENSOR_TYPE for any type that models to import do not need.
 */
export function constantType(dataType: number, what: string): ConstantType {
  const type = TYPES.get(dataType);
  if (type !== undefined) return type;
  throw new ZkmlError(
    "TENSOR_TYPE",
    `${what} has ONNX data type ${dataType}; export the model with float32 values (or int8/uint8 QuantizeLinear pairs)`,
    { tensor: what, dataType },
  );
}

/**
 * Converts an initializer or constant attribute.
 * @throws ZkmlError EXTERNAL_DATA, TENSOR_TYPE, TENSOR_SHAPE, TENSOR_VALUE, INVALID_SHAPE,
 * MODEL_TOO_LARGE, NOT_FINITE.
 */
export function constantFromOnnx(proto: TensorProto): FloatConstant {
  const what = `tensor "${proto.name}"`;
  refuseExternal(proto, what);
  const type = constantType(proto.dataType, what);
  // ONNX writes an empty list, such as the shape of a scalar, with a dimension of zero.
  const length = proto.dims.includes(0) ? 0 : elementCount(proto.dims, what);
  const data = storedData(proto, type, length, what);
  if (data.length !== length) throw wrongLength(what, length, data.length);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ZkmlError(
      "NOT_FINITE",
      `${what} holds ${data[bad]} at index ${bad}; train or export the model again`,
      { tensor: proto.name, index: bad },
    );
  }
  return { type, shape: [...proto.dims], data };
}

function storedData(
  proto: TensorProto,
  type: ConstantType,
  length: number,
  what: string,
): ConstantData {
  const stores = [
    proto.rawData !== undefined,
    proto.floatData !== undefined,
    proto.int32Data.length > 0,
    proto.int64Data.length > 0,
  ].filter(Boolean).length;
  const foreign = proto.foreignData && proto.floatData === undefined;
  if (stores > 1 || foreign) {
    throw new ZkmlError("TENSOR_TYPE", `${what} stores its data in a field of another type`, {
      tensor: proto.name,
      dataType: proto.dataType,
    });
  }
  if (proto.rawData !== undefined) return fromBytes(proto.rawData, type, length, what);
  if (type === "float32") return fromBytes(proto.floatData ?? new Uint8Array(), type, length, what);
  const values = type === "int64" ? proto.int64Data : proto.int32Data;
  const data = makeData(type, values);
  const changed = data.findIndex((value, i) => value !== values[i]);
  if (changed < 0) return data;
  throw new ZkmlError("TENSOR_VALUE", `${what} holds ${values[changed]}, which is no ${type}`, {
    tensor: proto.name,
    index: changed,
  });
}

function fromBytes(
  bytes: Uint8Array,
  type: ConstantType,
  length: number,
  what: string,
): ConstantData {
  if (bytes.length !== length * BYTES[type]) {
    throw wrongLength(what, length * BYTES[type], bytes.length, "bytes");
  }
  const view = viewOf(bytes);
  switch (type) {
    case "float32":
      return Float32Array.from({ length }, (_, i) => view.getFloat32(4 * i, true));
    case "int32":
      return Int32Array.from({ length }, (_, i) => view.getInt32(4 * i, true));
    case "int64":
      return Float64Array.from({ length }, (_, i) => Number(view.getBigInt64(8 * i, true)));
    case "int8":
      return Int8Array.from(bytes);
    default:
      return Uint8Array.from(bytes);
  }
}

/** Values in the storage of a type, wrapped or rounded as that storage does. */
export function makeData(type: ConstantType, values: ArrayLike<number>): ConstantData {
  switch (type) {
    case "float32":
      return Float32Array.from(values);
    case "int64":
      return Float64Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "int8":
      return Int8Array.from(values);
    default:
      return Uint8Array.from(values);
  }
}

export function scalar(constant: FloatConstant | undefined): number | undefined {
  return constant?.data.length === 1 ? constant.data[0] : undefined;
}

function wrongLength(what: string, expected: number, actual: number, unit = "values"): ZkmlError {
  return new ZkmlError("TENSOR_SHAPE", `${what} needs ${expected} ${unit} and has ${actual}`, {
    tensor: what,
    expected,
    actual,
  });
}

import { ZkmlError } from "../errors/zkml-error.ts";
import {
  createTensor,
  ELEMENT_BYTES,
  type ElementType,
  elementCount,
  type IntegerTensor,
  MAX_RANK,
} from "../ir/tensor.ts";
import { DATA_TYPES, floatingTypeName, type TensorProto } from "./proto.ts";

/** Largest int64 parameter: these are shapes, never weights. */
const MAX_INT64_ELEMENTS = 4 * MAX_RANK;

/**
 * Element type of an ONNX data type number.
 * @throws ZkmlError NOT_INTEGER_FORM for floating point, TENSOR_TYPE for any other type.
 */
export function elementTypeFromOnnx(dataType: number, what: string): ElementType {
  const known = (["uint8", "int8", "int32"] as const).find((type) => DATA_TYPES[type] === dataType);
  if (known !== undefined) return known;
  const floating = floatingTypeName(dataType);
  if (floating !== undefined) throw notIntegerForm(`${what} is ${floating}`);
  throw new ZkmlError(
    "TENSOR_TYPE",
    `${what} has ONNX data type ${dataType}; only uint8, int8 and int32 tensors are supported`,
    { tensor: what, dataType },
  );
}

export function notIntegerForm(problem: string): ZkmlError {
  return new ZkmlError(
    "NOT_INTEGER_FORM",
    `${problem}: the integer form of the model is needed, since floating point gives different bits on different machines; quantise it to MatMulInteger, ConvInteger and int32 arithmetic first`,
    { problem },
  );
}

/**
 * Converts an initializer or constant attribute of type uint8, int8 or int32.
 * @throws ZkmlError EXTERNAL_DATA, NOT_INTEGER_FORM, TENSOR_TYPE, TENSOR_SHAPE, TENSOR_VALUE,
 * INVALID_SHAPE, MODEL_TOO_LARGE.
 */
export function tensorFromOnnx(proto: TensorProto): IntegerTensor {
  const what = `tensor "${proto.name}"`;
  refuseExternal(proto, what);
  const elementType = elementTypeFromOnnx(proto.dataType, what);
  const length = elementCount(proto.dims, what);
  refuseMixedStorage(proto, proto.int64Data.length > 0 || proto.foreignData, what);
  if (proto.rawData === undefined) return createTensor(elementType, proto.dims, proto.int32Data);
  expectBytes(proto.rawData, length * ELEMENT_BYTES[elementType], what);
  const data = fromLittleEndian(elementType, proto.rawData);
  return { elementType, shape: [...proto.dims], data };
}

/**
 * Reads a short int64 list, as used for shapes.
 * @throws ZkmlError EXTERNAL_DATA, TENSOR_TYPE, TENSOR_SHAPE, MODEL_TOO_LARGE.
 */
export function int64ListFromOnnx(proto: TensorProto): number[] {
  const what = `tensor "${proto.name}"`;
  refuseExternal(proto, what);
  if (proto.dataType !== DATA_TYPES.int64 || proto.dims.length > 1) {
    throw new ZkmlError("TENSOR_TYPE", `${what} must be a list of int64`, {
      tensor: proto.name,
      dataType: proto.dataType,
    });
  }
  const length = proto.dims[0] ?? 1;
  if (!(length >= 0 && length <= MAX_INT64_ELEMENTS)) {
    throw new ZkmlError("MODEL_TOO_LARGE", `${what} lists ${length} int64 values`, {
      tensor: proto.name,
      limit: MAX_INT64_ELEMENTS,
    });
  }
  refuseMixedStorage(proto, proto.int32Data.length > 0 || proto.foreignData, what);
  if (proto.rawData !== undefined) {
    expectBytes(proto.rawData, length * 8, what);
    const view = viewOf(proto.rawData);
    return Array.from({ length }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  }
  if (proto.int64Data.length !== length) throw wrongLength(what, length, proto.int64Data.length);
  return proto.int64Data;
}

/** @throws ZkmlError EXTERNAL_DATA: no other file is ever opened for a tensor. */
export function refuseExternal(proto: TensorProto, what: string): void {
  if (!proto.external) return;
  throw new ZkmlError(
    "EXTERNAL_DATA",
    `${what} is stored outside the model file; save the model as one file, so that its digest covers the weights`,
    { tensor: proto.name },
  );
}

/** With two stores, which one counts is up to the parser, so the model would be ambiguous. */
function refuseMixedStorage(proto: TensorProto, wrongStore: boolean, what: string): void {
  const stores = [proto.int32Data.length > 0, proto.int64Data.length > 0];
  if (!wrongStore && (proto.rawData === undefined || !stores.includes(true))) return;
  throw new ZkmlError("TENSOR_TYPE", `${what} stores its data in a field of another type`, {
    tensor: proto.name,
    dataType: proto.dataType,
  });
}

function fromLittleEndian(elementType: ElementType, bytes: Uint8Array): IntegerTensor["data"] {
  if (elementType === "uint8") return Uint8Array.from(bytes);
  if (elementType === "int8") return Int8Array.from(bytes);
  const view = viewOf(bytes);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function expectBytes(bytes: Uint8Array, expected: number, what: string): void {
  if (bytes.length !== expected) throw wrongLength(what, expected, bytes.length, "bytes");
}

function wrongLength(what: string, expected: number, actual: number, unit = "values"): ZkmlError {
  return new ZkmlError("TENSOR_SHAPE", `${what} needs ${expected} ${unit} and has ${actual}`, {
    tensor: what,
    expected,
    actual,
  });
}

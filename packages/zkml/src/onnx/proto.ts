// The part of onnx.proto (ONNX IR version 10) that integer graphs use, as plain data.

export const DATA_TYPES = { uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

const FLOATING_DATA_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "float32"],
  [10, "float16"],
  [11, "float64"],
  [16, "bfloat16"],
]);

/** Name of a floating-point TensorProto.DataType, or undefined for any other. */
export function floatingTypeName(dataType: number): string | undefined {
  return FLOATING_DATA_TYPES.get(dataType);
}

export const ATTRIBUTE_TYPES = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
} as const;

export interface TensorProto {
  name: string;
  dims: number[];
  dataType: number;
  rawData?: Uint8Array;
  /** Holds uint8, int8 and int32 elements. */
  int32Data: number[];
  int64Data: number[];
  /** Little-endian float32, as the file packs them; `foreignData` is then true as well. */
  floatData?: Uint8Array;
  /** Float, double, string or uint64 storage is present. */
  foreignData: boolean;
  /** Segmented, or stored in another file. */
  external: boolean;
}

export interface AttributeProto {
  name: string;
  type: number;
  i: number;
  f?: number;
  /** Little-endian float32. */
  floats?: Uint8Array;
  s: string;
  ints: number[];
  t?: TensorProto;
}

export interface NodeProto {
  name: string;
  opType: string;
  domain: string;
  input: string[];
  output: string[];
  attributes: AttributeProto[];
}

export interface ValueInfoProto {
  name: string;
  /** TensorProto.DataType; 0 when the value is not a plain tensor. */
  elementType: number;
  /** Undefined when no shape is given; a string is a symbolic dimension, "" an unknown one. */
  shape?: (number | string)[];
}

export interface GraphProto {
  name: string;
  nodes: NodeProto[];
  initializers: TensorProto[];
  inputs: ValueInfoProto[];
  outputs: ValueInfoProto[];
}

export interface OperatorSetProto {
  domain: string;
  version: number;
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  opsets: OperatorSetProto[];
  graph: GraphProto;
}

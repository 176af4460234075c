import { encodeModel } from "../../src/onnx/encode.ts";
import type {
  AttributeProto,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from "../../src/onnx/proto.ts";
import { ATTRIBUTE_TYPES, DATA_TYPES } from "../../src/onnx/proto.ts";

// Builds ONNX files that the writer would never write.

export const FLOAT = 1;

export function value(
  name: string,
  elementType: number,
  shape?: (number | string)[],
): ValueInfoProto {
  return shape === undefined ? { name, elementType } : { name, elementType, shape };
}

export function tensor(
  name: string,
  dataType: number,
  dims: number[],
  rest: Partial<TensorProto> = {},
): TensorProto {
  const empty = { int32Data: [], int64Data: [], foreignData: false, external: false };
  return { name, dataType, dims, ...empty, ...rest };
}

export function node(
  opType: string,
  input: string[],
  output: string[],
  rest: Partial<NodeProto> = {},
): NodeProto {
  return { name: `the-${opType}`, opType, domain: "", input, output, attributes: [], ...rest };
}

export function intAttribute(name: string, i: number): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.int, i, s: "", ints: [] };
}

export function intsAttribute(name: string, ints: number[]): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.ints, i: 0, s: "", ints };
}

export function stringAttribute(name: string, s: string): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.string, i: 0, s, ints: [] };
}

/** A valid model, y = max(x, 3) on int32 [2], with the given parts replaced. */
export function modelBytes(
  graph: Partial<GraphProto> = {},
  model: Partial<Omit<ModelProto, "graph">> = {},
): Uint8Array {
  return encodeModel({
    irVersion: 8,
    producerName: "test",
    opsets: [{ domain: "", version: 17 }],
    ...model,
    graph: {
      name: "test",
      nodes: [node("Max", ["x", "three"], ["y"])],
      initializers: [tensor("three", DATA_TYPES.int32, [], { int32Data: [3] })],
      inputs: [value("x", DATA_TYPES.int32, [2])],
      outputs: [value("y", DATA_TYPES.int32, [2])],
      ...graph,
    },
  });
}

/** A graph of one node from `x`, int32 [2], to `y`. */
export function oneNode(proto: NodeProto, initializers: TensorProto[] = []): Uint8Array {
  const outputs = [value("y", DATA_TYPES.int32)];
  return modelBytes({ nodes: [proto], initializers, outputs });
}

/** A graph of one node from `x`, a uint8 image [1, 2, 4, 4], to `y`. */
export function onImage(
  proto: NodeProto,
  initializers: TensorProto[] = [],
  outputType: number = DATA_TYPES.uint8,
): Uint8Array {
  return modelBytes({
    nodes: [proto],
    initializers,
    inputs: [value("x", DATA_TYPES.uint8, [1, 2, 4, 4])],
    outputs: [value("y", outputType)],
  });
}

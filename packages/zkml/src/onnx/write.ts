import type { GraphNode, IntegerGraph, ValueInfo, Window } from "../ir/graph.ts";
import { ELEMENT_RANGES, type ElementType, type IntegerTensor } from "../ir/tensor.ts";
import { encodeModel } from "./encode.ts";
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  DATA_TYPES,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./proto.ts";

export interface WriteOnnxOptions {
  /** 13 to 21; 17 unless told. */
  readonly opset?: number;
  readonly producer?: string;
}

/** ONNX IR version 8 is the one that belongs to opset 17 and is read by all current runtimes. */
export const IR_VERSION = 8;

/**
 * Writes a graph as ONNX. The same graph gives the same bytes, and `readOnnx` gives the same
 * graph back.
 */
export function writeOnnx(graph: IntegerGraph, options: WriteOnnxOptions = {}): Uint8Array {
  const initializers = [...graph.constants].map(([name, tensor]) => tensorToOnnx(name, tensor));
  const nodes = graph.nodes.flatMap((node) => nodesToOnnx(node, graph, initializers));
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: options.producer ?? "lattice-zkml",
    opsets: [{ domain: "", version: options.opset ?? 17 }],
    graph: {
      name: graph.name,
      nodes,
      initializers,
      inputs: graph.inputs.map(valueToOnnx),
      outputs: graph.outputs.map(valueToOnnx),
    },
  });
}

export function valueToOnnx({ name, elementType, shape }: ValueInfo): ValueInfoProto {
  return { name, elementType: DATA_TYPES[elementType], shape: [...shape] };
}

export function tensorToOnnx(name: string, tensor: IntegerTensor): TensorProto {
  return tensorProto(name, tensor.shape, DATA_TYPES[tensor.elementType], toLittleEndian(tensor));
}

export function tensorProto(
  name: string,
  dims: readonly number[],
  dataType: number,
  rawData: Uint8Array,
): TensorProto {
  return {
    name,
    dims: [...dims],
    dataType,
    rawData,
    int32Data: [],
    int64Data: [],
    foreignData: false,
    external: false,
  };
}

function toLittleEndian({ data }: IntegerTensor): Uint8Array {
  const width = data.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(data.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) {
    if (width === 4) view.setInt32(4 * i, data[i] as number, true);
    else view.setUint8(i, data[i] as number);
  }
  return bytes;
}

export function nodesToOnnx(
  node: GraphNode,
  graph: IntegerGraph,
  initializers: TensorProto[],
): NodeProto[] {
  const proto = nodeToOnnx(node, graph, initializers);
  if (node.op === "Lookup") {
    const [index, table] = node.inputs;
    return [{ ...proto, opType: "Gather", input: [table, index] }];
  }
  if (node.op !== "ArgMax") return [proto];
  const index = `${node.name}.index`;
  const cast = { ...proto, name: `${node.name}.cast`, opType: "Cast", input: [index] };
  return [
    { ...proto, output: [index] },
    { ...cast, attributes: [int("to", DATA_TYPES.int32)] },
  ];
}

function nodeToOnnx(node: GraphNode, graph: IntegerGraph, initializers: TensorProto[]): NodeProto {
  const parameters = new ParameterWriter(node, initializers);
  const attributes = nodeAttributes(node);
  const input: string[] = [...node.inputs];
  const typeOf = (index: number) =>
    (graph.values.get(node.inputs[index] as string) as ValueInfo).elementType;
  if (node.op === "MatMulInteger") {
    parameters.zeroPoints(input, [node.aZeroPoint, node.bZeroPoint], [typeOf(0), typeOf(1)]);
  } else if (node.op === "ConvInteger") {
    parameters.zeroPoints(input, [node.xZeroPoint, node.wZeroPoint], [typeOf(0), typeOf(1)]);
  } else if (node.op === "Clip") {
    const type = typeOf(0);
    const { min, max } = ELEMENT_RANGES[type];
    const bounded = BigInt(node.max) < max;
    if (BigInt(node.min) > min || bounded) input.push(parameters.scalar("min", type, node.min));
    if (bounded) input.push(parameters.scalar("max", type, node.max));
  } else if (node.op === "Reshape") {
    input.push(parameters.int64List("shape", node.shape));
  } else if (node.op === "ReduceSum") {
    input.push(parameters.int64List("axes", node.axes));
  }
  const { name, op: opType, output } = node;
  return { name, opType, domain: "", input, output: [output], attributes };
}

/** Adds the constants that ONNX takes as inputs where the integer graph has parameters. */
class ParameterWriter {
  readonly #node: GraphNode;
  readonly #initializers: TensorProto[];

  constructor(node: GraphNode, initializers: TensorProto[]) {
    this.#node = node;
    this.#initializers = initializers;
  }

  zeroPoints(
    input: string[],
    [a, b]: readonly [number, number],
    [aType, bType]: readonly [ElementType, ElementType],
  ): void {
    if (a === 0 && b === 0) return;
    input.push(this.scalar("a_zero_point", aType, a), this.scalar("b_zero_point", bType, b));
  }

  scalar(role: string, type: ElementType, value: number): string {
    const data = type === "int32" ? Int32Array.of(value) : Uint8Array.of(value & 0xff);
    const bytes = toLittleEndian({ elementType: "uint8", shape: [], data } as IntegerTensor);
    return this.#add(role, [], DATA_TYPES[type], bytes);
  }

  int64List(role: string, values: readonly number[]): string {
    const bytes = new Uint8Array(8 * values.length);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of values.entries()) view.setBigInt64(8 * i, BigInt(value), true);
    return this.#add(role, [values.length], DATA_TYPES.int64, bytes);
  }

  #add(role: string, dims: readonly number[], dataType: number, rawData: Uint8Array): string {
    const name = `${this.#node.name}.${role}`;
    this.#initializers.push(tensorProto(name, dims, dataType, rawData));
    return name;
  }
}

function nodeAttributes(node: GraphNode): AttributeProto[] {
  switch (node.op) {
    case "ConvInteger":
      return [int("group", node.groups), ...windowAttributes(node.window)];
    case "MaxPool":
      return windowAttributes(node.window);
    case "Cast":
      return [int("to", DATA_TYPES[node.to])];
    case "Transpose":
      return [ints("perm", node.permutation)];
    case "Concat":
      return [int("axis", node.axis)];
    case "Lookup":
      return [int("axis", 0)];
    case "ReduceSum":
      return [int("keepdims", Number(node.keepDims))];
    case "ArgMax":
      return [int("axis", node.axis), int("keepdims", Number(node.keepDims))];
    default:
      return [];
  }
}

function windowAttributes({ kernel, strides, dilations, pads }: Window): AttributeProto[] {
  return [
    ints("kernel_shape", kernel),
    ints("strides", strides),
    ints("dilations", dilations),
    ints("pads", pads),
  ];
}

export function int(name: string, i: number): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.int, i, s: "", ints: [] };
}

export function ints(name: string, values: readonly number[]): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.ints, i: 0, s: "", ints: [...values] };
}

import type {
  AttributeProto,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from "./proto.ts";
import { ATTRIBUTE_TYPES } from "./proto.ts";
import { WireWriter } from "./wire-writer.ts";

/** Encodes a model; the same model always gives the same bytes. */
export function encodeModel(model: ModelProto): Uint8Array {
  const writer = new WireWriter().integer(1, model.irVersion).string(2, model.producerName);
  writer.message(7, (graph) => encodeGraph(graph, model.graph));
  for (const opset of model.opsets) {
    writer.message(8, (entry) => entry.string(1, opset.domain).integer(2, opset.version));
  }
  return writer.finish();
}

function encodeGraph(writer: WireWriter, graph: GraphProto): void {
  for (const node of graph.nodes) writer.message(1, (entry) => encodeNode(entry, node));
  writer.string(2, graph.name);
  for (const tensor of graph.initializers) {
    writer.message(5, (entry) => encodeTensor(entry, tensor));
  }
  for (const input of graph.inputs) writer.message(11, (entry) => encodeValueInfo(entry, input));
  for (const output of graph.outputs) writer.message(12, (entry) => encodeValueInfo(entry, output));
}

function encodeNode(writer: WireWriter, node: NodeProto): void {
  for (const input of node.input) writer.string(1, input);
  for (const output of node.output) writer.string(2, output);
  writer.string(3, node.name).string(4, node.opType);
  for (const attribute of node.attributes) {
    writer.message(5, (entry) => encodeAttribute(entry, attribute));
  }
  if (node.domain !== "") writer.string(7, node.domain);
}

function encodeAttribute(writer: WireWriter, attribute: AttributeProto): void {
  writer.string(1, attribute.name);
  if (attribute.f !== undefined) writer.float(2, attribute.f);
  if (attribute.type === ATTRIBUTE_TYPES.int) writer.integer(3, attribute.i);
  if (attribute.type === ATTRIBUTE_TYPES.string) writer.string(4, attribute.s);
  const tensor = attribute.t;
  if (tensor !== undefined) writer.message(5, (entry) => encodeTensor(entry, tensor));
  if (attribute.floats !== undefined) writer.bytes(7, attribute.floats);
  writer.integers(8, attribute.ints).integer(20, attribute.type);
}

function encodeTensor(writer: WireWriter, tensor: TensorProto): void {
  writer.integers(1, tensor.dims).integer(2, tensor.dataType);
  if (tensor.floatData !== undefined) writer.bytes(4, tensor.floatData);
  writer.integers(5, tensor.int32Data).integers(7, tensor.int64Data).string(8, tensor.name);
  if (tensor.rawData !== undefined) writer.bytes(9, tensor.rawData);
  if (tensor.external) writer.integer(14, 1);
}

function encodeValueInfo(writer: WireWriter, value: ValueInfoProto): void {
  const { shape } = value;
  writer.string(1, value.name);
  if (value.elementType === 0) return;
  writer.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.integer(1, value.elementType);
      if (shape !== undefined) tensor.message(2, (entry) => encodeShape(entry, shape));
    }),
  );
}

function encodeShape(writer: WireWriter, shape: readonly (number | string)[]): void {
  for (const dimension of shape) {
    writer.message(1, (entry) => {
      if (typeof dimension === "number") entry.integer(1, dimension);
      else if (dimension !== "") entry.string(2, dimension);
    });
  }
}

import { ZkmlError } from "../errors/zkml-error.ts";
import type {
  AttributeProto,
  GraphProto,
  ModelProto,
  NodeProto,
  OperatorSetProto,
  TensorProto,
  ValueInfoProto,
} from "./proto.ts";
import { corrupt, type WireField, wireFields } from "./wire-reader.ts";

type Fields = Iterable<WireField>;

/**
 * Decodes ONNX bytes; field numbers are those of onnx.proto.
 * @throws ZkmlError MODEL_CORRUPT, MODEL_TOO_LARGE, UNSUPPORTED_OPERATOR for model-local
 * functions and subgraphs, UNSUPPORTED_ATTRIBUTE for sparse initializers.
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  let irVersion = 0;
  let producerName = "";
  const opsets: OperatorSetProto[] = [];
  let graph: GraphProto | undefined;
  for (const field of singular(wireFields(bytes), [7])) {
    if (field.number === 1) irVersion = field.integer();
    else if (field.number === 2) producerName = field.string();
    else if (field.number === 7) graph = field.message(decodeGraph);
    else if (field.number === 8) opsets.push(field.message(decodeOperatorSet));
    else if (field.number === 25) {
      throw new ZkmlError(
        "UNSUPPORTED_OPERATOR",
        "the model defines its own functions; inline them before exporting",
      );
    }
  }
  if (graph === undefined) throw corrupt("it holds no graph");
  return { irVersion, producerName, opsets, graph };
}

/**
 * Decodes a file that holds one TensorProto, as ONNX test data do.
 * @throws ZkmlError MODEL_CORRUPT, MODEL_TOO_LARGE.
 */
export function decodeTensorFile(bytes: Uint8Array): TensorProto {
  return decodeTensor(wireFields(bytes));
}

function decodeOperatorSet(fields: Fields): OperatorSetProto {
  const opset = { domain: "", version: 0 };
  for (const field of singular(fields, [1, 2])) {
    if (field.number === 1) opset.domain = field.string();
    else if (field.number === 2) opset.version = field.integer();
  }
  return opset;
}

function decodeGraph(fields: Fields): GraphProto {
  const graph: GraphProto = { name: "", nodes: [], initializers: [], inputs: [], outputs: [] };
  for (const field of singular(fields, [2])) {
    if (field.number === 1) graph.nodes.push(field.message(decodeNode));
    else if (field.number === 2) graph.name = field.string();
    else if (field.number === 5) graph.initializers.push(field.message(decodeTensor));
    else if (field.number === 11) graph.inputs.push(field.message(decodeValueInfo));
    else if (field.number === 12) graph.outputs.push(field.message(decodeValueInfo));
    else if (field.number === 15) {
      throw new ZkmlError(
        "UNSUPPORTED_ATTRIBUTE",
        "the graph holds sparse initializers; store them densely",
      );
    }
  }
  return graph;
}

function decodeNode(fields: Fields): NodeProto {
  const node: NodeProto = {
    name: "",
    opType: "",
    domain: "",
    input: [],
    output: [],
    attributes: [],
  };
  for (const field of singular(fields, [3, 4, 7])) {
    if (field.number === 1) node.input.push(field.string());
    else if (field.number === 2) node.output.push(field.string());
    else if (field.number === 3) node.name = field.string();
    else if (field.number === 4) node.opType = field.string();
    else if (field.number === 5) node.attributes.push(field.message(decodeAttribute));
    else if (field.number === 7) node.domain = field.string();
  }
  return node;
}

function decodeAttribute(fields: Fields): AttributeProto {
  const attribute: AttributeProto = { name: "", type: 0, i: 0, s: "", ints: [] };
  for (const field of singular(fields, [1, 2, 3, 4, 5, 7, 20])) {
    if (field.number === 1) attribute.name = field.string();
    else if (field.number === 2) attribute.f = field.float();
    else if (field.number === 3) attribute.i = field.integer();
    else if (field.number === 4) attribute.s = field.string();
    else if (field.number === 5) attribute.t = field.message(decodeTensor);
    else if (field.number === 7) attribute.floats = field.packedFloats();
    else if (field.number === 8) field.integersInto(attribute.ints);
    else if (field.number === 20) attribute.type = field.integer();
  }
  return attribute;
}

function decodeTensor(fields: Fields): TensorProto {
  const tensor: TensorProto = {
    name: "",
    dims: [],
    dataType: 0,
    int32Data: [],
    int64Data: [],
    foreignData: false,
    external: false,
  };
  for (const field of singular(fields, [2, 4, 8, 9, 14])) {
    switch (field.number) {
      case 1:
        field.integersInto(tensor.dims);
        break;
      case 2:
        tensor.dataType = field.integer();
        break;
      case 3:
      case 13:
        tensor.external = true;
        break;
      case 4:
        tensor.foreignData = true;
        tensor.floatData = field.packedFloats();
        break;
      case 6:
      case 10:
      case 11:
        tensor.foreignData = true;
        break;
      case 5:
        field.integersInto(tensor.int32Data);
        break;
      case 7:
        field.integersInto(tensor.int64Data);
        break;
      case 8:
        tensor.name = field.string();
        break;
      case 9:
        tensor.rawData = field.bytes();
        break;
      case 14:
        tensor.external ||= field.integer() !== 0;
        break;
    }
  }
  return tensor;
}

function decodeValueInfo(fields: Fields): ValueInfoProto {
  let name = "";
  let type: Omit<ValueInfoProto, "name"> = { elementType: 0 };
  for (const field of singular(fields, [1, 2])) {
    if (field.number === 1) name = field.string();
    else if (field.number === 2) type = field.message(decodeType);
  }
  return { name, ...type };
}

function decodeType(fields: Fields): Omit<ValueInfoProto, "name"> {
  let type: Omit<ValueInfoProto, "name"> = { elementType: 0 };
  for (const field of singular(fields, [1])) {
    if (field.number === 1) type = field.message(decodeTensorType);
  }
  return type;
}

function decodeTensorType(fields: Fields): Omit<ValueInfoProto, "name"> {
  const type: Omit<ValueInfoProto, "name"> = { elementType: 0 };
  for (const field of singular(fields, [1, 2])) {
    if (field.number === 1) type.elementType = field.integer();
    else if (field.number === 2) type.shape = field.message(decodeShape);
  }
  return type;
}

function decodeShape(fields: Fields): (number | string)[] {
  const shape: (number | string)[] = [];
  for (const field of fields) {
    if (field.number === 1) shape.push(field.message(decodeDimension));
  }
  return shape;
}

function decodeDimension(fields: Fields): number | string {
  let dimension: number | string = "";
  for (const field of singular(fields, [1, 2])) {
    if (field.number === 1) dimension = field.integer();
    else if (field.number === 2) dimension = field.string();
  }
  return dimension;
}

/**
 * Refuses a second occurrence of the given fields. Protobuf would merge or override them, and a
 * parser that resolves that differently would run another model than the one committed to.
 */
function* singular(fields: Fields, once: readonly number[]): Generator<WireField> {
  const seen = new Set<number>();
  for (const field of fields) {
    if (once.includes(field.number)) {
      if (seen.has(field.number)) throw corrupt(`field ${field.number} occurs twice in a message`);
      seen.add(field.number);
    }
    yield field;
  }
}

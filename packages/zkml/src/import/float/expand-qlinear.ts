import { NodeReader } from "../../onnx/operands.ts";
import type { ModelProto, NodeProto, TensorProto } from "../../onnx/proto.ts";
import { ATTRIBUTE_TYPES } from "../../onnx/proto.ts";
import { constantFromOnnx } from "./float-constant.ts";

/**
 * Writes QLinearConv and QLinearMatMul as DequantizeLinear, Conv or MatMul, and QuantizeLinear,
 * which they are defined to equal. Some processors saturate inside the fused operators, so only
 * the long form gives the model's meaning everywhere.
 * @throws ZkmlError UNSUPPORTED_ATTRIBUTE where a scale is not an initializer.
 */
export function expandQLinear(model: ModelProto): ModelProto {
  const { graph } = model;
  if (!graph.nodes.some(({ opType }) => EXPANSIONS.has(opType))) return model;
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const initializers = [...graph.initializers];
  const nodes = graph.nodes.flatMap((node, index) => {
    const expand = EXPANSIONS.get(node.opType);
    const name = node.name === "" ? `${node.opType}_${index}` : node.name;
    return expand?.({ ...node, name }, constants, initializers) ?? [node];
  });
  return { ...model, graph: { ...graph, nodes, initializers } };
}

type Constants = ReadonlyMap<string, TensorProto>;
type Expansion = (node: NodeProto, constants: Constants, added: TensorProto[]) => NodeProto[];

const EXPANSIONS: ReadonlyMap<string, Expansion> = new Map<string, Expansion>([
  ["QLinearConv", expandConv],
  ["QLinearMatMul", expandMatMul],
]);

function expandConv(node: NodeProto, constants: Constants, added: TensorProto[]): NodeProto[] {
  const [x, w, y] = realNames(node);
  const [, xScale = "", , , wScale = "", , , , bias] = node.input;
  const inputs = [x, w];
  const parts = [dequantise(node, x, [0, 1, 2]), dequantise(node, w, [3, 4, 5], 0)];
  if (bias !== undefined && bias !== "") {
    const scale = `${y}/bias/scale`;
    added.push(productOf(node, constants, scale, xScale, wScale));
    parts.push(step(node, "DequantizeLinear", [bias, scale], `${y}/bias`, 0));
    inputs.push(`${y}/bias`);
  }
  const convolve = { ...node, opType: "Conv", input: inputs, output: [y] };
  return [...parts, convolve, quantise(node, y)];
}

function expandMatMul(node: NodeProto): NodeProto[] {
  const [a, b, y] = realNames(node);
  const multiply = { ...node, opType: "MatMul", input: [a, b], output: [y] };
  return [
    dequantise(node, a, [0, 1, 2]),
    dequantise(node, b, [3, 4, 5], 1),
    multiply,
    quantise(node, y),
  ];
}

function realNames(node: NodeProto): readonly [string, string, string] {
  const [output = ""] = node.output;
  return [`${output}/left`, `${output}/right`, `${output}/real`];
}

function dequantise(
  node: NodeProto,
  output: string,
  indices: readonly number[],
  axis?: number,
): NodeProto {
  const input = indices.map((index) => node.input[index] ?? "");
  return step(node, "DequantizeLinear", input, output, axis);
}

function quantise(node: NodeProto, real: string): NodeProto {
  const [, , , , , , scale = "", zeroPoint = ""] = node.input;
  return step(node, "QuantizeLinear", [real, scale, zeroPoint], node.output[0] ?? "");
}

function step(
  node: NodeProto,
  opType: string,
  input: string[],
  output: string,
  axis?: number,
): NodeProto {
  const attribute = { name: "axis", type: ATTRIBUTE_TYPES.int, i: axis ?? 0, s: "", ints: [] };
  return {
    name: `${node.name}/${output}`,
    opType,
    domain: "",
    input,
    output: [output],
    attributes: axis === undefined ? [] : [attribute],
  };
}

/** The bias counts in units of the input's scale times the filter's. */
function productOf(
  node: NodeProto,
  constants: Constants,
  name: string,
  a: string,
  b: string,
): TensorProto {
  const [left, right] = [a, b].map((scale) => {
    const tensor = constants.get(scale);
    if (tensor !== undefined) return constantFromOnnx(tensor);
    throw new NodeReader(node, node.name, NO_CONTEXT).unsupported(
      `its scale "${scale}" must be an initializer; fold constants first`,
    );
  });
  const factor = left?.data[0] ?? 0;
  const values = Float32Array.from(right?.data ?? [], (scale) => scale * factor);
  return {
    name,
    dims: [...(right?.shape ?? [])],
    dataType: FLOAT,
    rawData: new Uint8Array(values.buffer),
    int32Data: [],
    int64Data: [],
    foreignData: false,
    external: false,
  };
}

const FLOAT = 1;

const NO_CONTEXT = {
  info: () => ({ name: "", elementType: "int32" as const, shape: [] }),
  constant: () => undefined,
};

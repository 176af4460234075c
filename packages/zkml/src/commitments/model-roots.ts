import type {
  GraphNode,
  IntegerGraph,
  OperatorName,
  ValueInfo,
  ValueName,
  Window,
} from "../ir/graph.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import { encodeIntegers } from "./encode.ts";
import { type Hex, hashParts, toHex } from "./hash.ts";
import { MerkleTree } from "./merkle.ts";
import { ELEMENT_TYPE_CODES, encodeTensorHeader, type Layout, tensorRoot } from "./tensor-root.ts";

/** Part of the commitment format: never renumber. */
const OPERATOR_CODES: Readonly<Record<OperatorName, number>> = {
  MatMulInteger: 1,
  ConvInteger: 2,
  Add: 3,
  Sub: 4,
  Mul: 5,
  Div: 6,
  Max: 7,
  Min: 8,
  Clip: 9,
  Cast: 10,
  Reshape: 11,
  Transpose: 12,
  MaxPool: 13,
  Concat: 14,
  Lookup: 15,
  ReduceSum: 16,
  ArgMax: 17,
};

/**
 * Commitment to what a model computes, apart from its weights. Names do not matter: values are
 * numbered, inputs first, then constants in order of first use, then node outputs.
 *
 * keccak(0x03 ‖ numbers of inputs, constants, nodes and outputs ‖ output ids ‖ value root ‖ node
 * root), integers 4 bytes each. The roots are Merkle roots; a value leaf is its type, layout,
 * rank and dimensions; a node leaf its operator, output id, operand ids and integer parameters.
 */
export function programRoot(graph: IntegerGraph): Hex {
  const constants = constantsInUse(graph);
  const names = [
    ...graph.inputs.map(({ name }) => name),
    ...constants,
    ...graph.nodes.map(({ output }) => output),
  ];
  const ids = new Map(names.map((name, id) => [name, id]));
  const values = names.map((name) => {
    const { elementType, shape } = graph.values.get(name) as ValueInfo;
    return encodeTensorHeader(elementType, shape, layoutOf(graph, name));
  });
  const nodes = graph.nodes.map((node) => encodeNode(node, ids));
  const outputs = graph.outputs.map(({ name }) => ids.get(name) as number);
  const counts = [graph.inputs.length, constants.length, nodes.length, outputs.length];
  const parts = [
    encodeIntegers(4, [...counts, ...outputs]),
    new MerkleTree(values).root,
    new MerkleTree(nodes).root,
  ];
  return toHex(hashParts("program", ...parts));
}

/**
 * Commitment to the constants, in order of first use:
 * keccak(0x04 ‖ count, 4 bytes ‖ Merkle root over their tensor roots).
 */
export function weightsRoot(graph: IntegerGraph): Hex {
  const roots = constantsInUse(graph).map((name) =>
    tensorRoot(graph.constants.get(name) as IntegerTensor, layoutOf(graph, name)),
  );
  const tree = roots.length === 0 ? new Uint8Array(32) : new MerkleTree(roots).root;
  return toHex(hashParts("weights", encodeIntegers(4, [roots.length]), tree));
}

/** How a value of this graph is packed; see `Layout`. */
export function layoutOf(graph: IntegerGraph, value: ValueName): Layout {
  const multiplied = graph.nodes.some(
    (node) => node.op === "MatMulInteger" && node.inputs[1] === value,
  );
  if (multiplied) return "columns-first";
  return graph.values.get(value)?.shape.length === 4 ? "channels-last" : "row-major";
}

function constantsInUse({ constants, nodes }: IntegerGraph): ValueName[] {
  const used = nodes.flatMap((node) => node.inputs).filter((value) => constants.has(value));
  return [...new Set(used)];
}

function encodeNode(node: GraphNode, ids: ReadonlyMap<ValueName, number>): Uint8Array {
  const operands = node.inputs.map((value) => ids.get(value) as number);
  const parameters = integerParameters(node);
  return Uint8Array.of(
    OPERATOR_CODES[node.op],
    ...encodeIntegers(4, [ids.get(node.output) as number]),
    operands.length,
    ...encodeIntegers(4, operands),
    parameters.length,
    ...encodeIntegers(8, parameters),
  );
}

/** A reshape has none: its shape is that of its output value. */
function integerParameters(node: GraphNode): number[] {
  switch (node.op) {
    case "MatMulInteger":
      return [node.aZeroPoint, node.bZeroPoint];
    case "ConvInteger":
      return [node.xZeroPoint, node.wZeroPoint, node.groups, ...windowParameters(node.window)];
    case "Clip":
      return [node.min, node.max];
    case "Cast":
      return [ELEMENT_TYPE_CODES[node.to]];
    case "Transpose":
      return [...node.permutation];
    case "MaxPool":
      return windowParameters(node.window);
    case "Concat":
      return [node.axis];
    case "ReduceSum":
      return [Number(node.keepDims), ...node.axes];
    case "ArgMax":
      return [node.axis, Number(node.keepDims)];
    default:
      return [];
  }
}

function windowParameters({ kernel, strides, dilations, pads }: Window): number[] {
  return [...kernel, ...strides, ...dilations, ...pads];
}

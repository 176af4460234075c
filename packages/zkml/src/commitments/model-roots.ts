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

/** What a model computes, apart from its weights, as the leaves of its commitment. */
export interface Program {
  /** Numbers of inputs, constants, nodes and outputs, then the outputs' ids; 4 bytes each. */
  readonly header: Uint8Array;
  /** For each value its element type, layout, rank and dimensions. */
  readonly values: readonly Uint8Array[];
  /** For each node its operator, output id, operand ids and integer parameters. */
  readonly nodes: readonly Uint8Array[];
}

/**
 * The program of a graph. Names do not matter: values are numbered, inputs first, then constants in
 * order of first use, then node outputs.
 */
export function programOf(graph: IntegerGraph): Program {
  const constants = constantsInUse(graph);
  const names = [
    ...graph.inputs.map(({ name }) => name),
    ...constants,
    ...graph.nodes.map(({ output }) => output),
  ];
  const ids = new Map(names.map((name, id) => [name, id]));
  const outputs = graph.outputs.map(({ name }) => ids.get(name) as number);
  const counts = [graph.inputs.length, constants.length, graph.nodes.length, outputs.length];
  return {
    header: encodeIntegers(4, [...counts, ...outputs]),
    values: names.map((name) => {
      const { elementType, shape } = graph.values.get(name) as ValueInfo;
      return encodeTensorHeader(elementType, shape, layoutOf(graph, name));
    }),
    nodes: graph.nodes.map((node) => encodeNode(node, ids)),
  };
}

/**
 * Commitment to the program:
 * keccak(0x03 ‖ header ‖ Merkle root over the values ‖ Merkle root over the nodes).
 */
export function programRoot(graph: IntegerGraph): Hex {
  return rootOfProgram(programOf(graph));
}

export function rootOfProgram({ header, values, nodes }: Program): Hex {
  const roots = [new MerkleTree(values).root, new MerkleTree(nodes).root];
  return toHex(hashParts("program", header, ...roots));
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

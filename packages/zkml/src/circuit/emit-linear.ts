import { ZkmlError } from "../errors/zkml-error.ts";
import type { ConvIntegerNode, GraphNode, MatMulIntegerNode } from "../ir/graph.ts";
import type { CircuitWriter } from "./circuit-writer.ts";

/** MatMulInteger with a constant second operand of rank 2: no constraints after simplification. */
export function emitMatMul(writer: CircuitWriter, node: MatMulIntegerNode): void {
  const a = writer.value(node.inputs[0]);
  const weights = constantWeights(writer, node, node.bZeroPoint);
  const shape = weights.shape;
  if (shape.length !== 2) {
    throw unsupported(node, `its second operand has rank ${shape.length}; use rank 2`);
  }
  const [inner, columns] = shape as [number, number];
  const out = writer.declare(node.output);
  writer.statement(
    `${out.array} <== MatMulConstant(${a.count / inner}, ${inner}, ${columns}, ` +
      `${node.aZeroPoint}, ${weights.call})(${a.array});`,
  );
}

/** ConvInteger with constant filters: no constraints after simplification. */
export function emitConv(writer: CircuitWriter, node: ConvIntegerNode): void {
  const x = writer.value(node.inputs[0]);
  const weights = constantWeights(writer, node, node.wZeroPoint);
  const out = writer.declare(node.output);
  const { kernel, strides, dilations, pads } = node.window;
  const output = [...out.info.shape.slice(1), node.groups];
  const window = [...kernel, ...strides, ...dilations, pads[0], pads[1]];
  writer.statement(
    `${out.array} <== ConvConstant([${x.info.shape}], [${output}], [${window}], ` +
      `${node.xZeroPoint}, ${weights.call})(${x.array});`,
  );
}

interface Weights {
  readonly shape: readonly number[];
  /** Circom call that yields the weights, their zero point already subtracted. */
  readonly call: string;
}

function constantWeights(
  writer: CircuitWriter,
  node: MatMulIntegerNode | ConvIntegerNode,
  zeroPoint: number,
): Weights {
  const tensor = writer.graph.constants.get(node.inputs[1]);
  if (tensor === undefined) throw unsupported(node, "its second operand is not a constant");
  const call = writer.integers(Array.from(tensor.data, (weight) => weight - zeroPoint));
  return { shape: tensor.shape, call };
}

export function unsupported(node: GraphNode, problem: string): ZkmlError {
  return new ZkmlError(
    "UNSUPPORTED_ATTRIBUTE",
    `node "${node.name}" (${node.op}) cannot be proven: ${problem}`,
    { node: node.name, operator: node.op },
  );
}

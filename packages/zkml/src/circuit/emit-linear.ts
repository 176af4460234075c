import { ZkmlError } from "../errors/zkml-error.ts";
import type { ConvIntegerNode, GraphNode, MatMulIntegerNode, ReduceSumNode } from "../ir/graph.ts";
import { transposeIndices } from "../ir/shapes.ts";
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

/** Sums over the axes: no constraints after simplification. */
export function emitReduceSum(writer: CircuitWriter, node: ReduceSumNode): void {
  const x = writer.value(node.inputs[0]);
  const out = writer.declare(node.output);
  const terms = x.count / out.count;
  const table = writer.table(summedLast(x.info.shape, node.axes));
  const name = `sum${out.array}`;
  writer.statement(`component ${name}[${out.count}];`);
  writer.statement(`for (var i = 0; i < ${out.count}; i++) {`);
  writer.statement(`    ${name}[i] = SumOf(${terms});`);
  writer.statement(
    `    for (var k = 0; k < ${terms}; k++) { ` +
      `${name}[i].in[k] <== ${x.array}[${table}[i * ${terms} + k]]; }`,
  );
  writer.statement(`    ${out.array}[i] <== ${name}[i].out;`);
  writer.statement("}");
}

/** Index of each element in the order that has what belongs to one output together. */
function summedLast(shape: readonly number[], axes: readonly number[]): Int32Array {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return transposeIndices(shape, [...kept, ...axes]);
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

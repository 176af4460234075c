import type { GraphNode, IntegerGraph, ValueInfo, ValueName } from "../ir/graph.ts";
import { bindInputs, type GraphInputs } from "../ir/inputs.ts";
import { concatIndices, transposeIndices } from "../ir/shapes.ts";
import { allocate, type IntegerTensor, type TensorData } from "../ir/tensor.ts";
import { binary } from "./elementwise.ts";
import { convInteger, matMulInteger } from "./linear.ts";
import { maxPool } from "./pool.ts";
import { argMax, reduceSum } from "./reduce.ts";

export interface Execution {
  /** The first output. */
  readonly output: IntegerTensor;
  readonly outputs: ReadonlyMap<ValueName, IntegerTensor>;
}

export interface TracedExecution extends Execution {
  /** Every input, constant and node output, in the order of the graph. */
  readonly values: ReadonlyMap<ValueName, IntegerTensor>;
}

/**
 * Runs a graph in exact integers. This defines what a model means: runtimes, circuits and
 * contracts have to agree with it bit for bit.
 * @throws ZkmlError TENSOR_TYPE, TENSOR_SHAPE when an input is not as the graph declares it.
 */
export function interpret(graph: IntegerGraph, inputs: GraphInputs): Execution {
  const { output, outputs } = trace(graph, inputs);
  return { output, outputs };
}

/** As `interpret`, keeping every intermediate tensor. */
export function trace(graph: IntegerGraph, inputs: GraphInputs): TracedExecution {
  const values = new Map<ValueName, IntegerTensor>();
  const given = bindInputs(graph.inputs, inputs);
  for (const [name, tensor] of given) values.set(name, tensor);
  for (const [name, tensor] of graph.constants) values.set(name, tensor);
  for (const node of graph.nodes) {
    const { elementType, shape } = graph.values.get(node.output) as ValueInfo;
    const operands = node.inputs.map((name) => values.get(name) as IntegerTensor);
    values.set(node.output, { elementType, shape, data: evaluate(node, operands, shape) });
  }
  const outputs = new Map(
    graph.outputs.map(({ name }) => [name, values.get(name) as IntegerTensor]),
  );
  const [output] = outputs.values();
  return { output: output as IntegerTensor, outputs, values };
}

/** Data of a node's output, from those of its operands. */
export function evaluate(
  node: GraphNode,
  operands: readonly IntegerTensor[],
  shape: readonly number[],
): TensorData {
  const [a, b] = operands as [IntegerTensor, IntegerTensor];
  switch (node.op) {
    case "MatMulInteger":
      return matMulInteger(node, a, b, shape);
    case "ConvInteger":
      return convInteger(node, a, b, shape);
    case "Add":
    case "Sub":
    case "Mul":
    case "Max":
    case "Min":
    case "Div":
      return binary(node.op, a, b, shape);
    case "Clip":
      return a.data.map((value) => Math.min(Math.max(value, node.min), node.max));
    case "Cast": {
      const cast = allocate(node.to, a.data.length);
      cast.set(a.data);
      return cast;
    }
    case "Reshape":
      return a.data.slice();
    case "Transpose":
      return select(a, transposeIndices(a.shape, node.permutation));
    case "MaxPool":
      return maxPool(node, a, shape);
    case "Concat":
      return concat(operands, node.axis);
    case "Lookup":
      return select(b, a.data);
    case "ReduceSum":
      return reduceSum(node, a);
    case "ArgMax":
      return argMax(node, a);
  }
}

function select({ elementType, data }: IntegerTensor, indices: TensorData): TensorData {
  const selected = allocate(elementType, indices.length);
  for (let i = 0; i < selected.length; i++) selected[i] = data[indices[i] as number] as number;
  return selected;
}

function concat(operands: readonly IntegerTensor[], axis: number): TensorData {
  const indices = concatIndices(
    operands.map(({ shape }) => shape),
    axis,
  );
  const { elementType } = operands[0] as IntegerTensor;
  const row = allocate(elementType, indices.length);
  let start = 0;
  for (const { data } of operands) {
    row.set(data, start);
    start += data.length;
  }
  return select({ elementType, shape: [row.length], data: row }, indices);
}

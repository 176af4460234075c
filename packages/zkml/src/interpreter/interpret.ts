import type { GraphNode, IntegerGraph, ValueInfo, ValueName } from "../ir/graph.ts";
import { bindInputs, type GraphInputs } from "../ir/inputs.ts";
import { transposeIndices } from "../ir/shapes.ts";
import { allocate, type IntegerTensor, type TensorData } from "../ir/tensor.ts";
import { binary } from "./elementwise.ts";
import { convInteger, matMulInteger } from "./linear.ts";
import { maxPool } from "./pool.ts";

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

function evaluate(
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
    case "Transpose": {
      const moved = allocate(a.elementType, a.data.length);
      const sources = transposeIndices(a.shape, node.permutation);
      for (let i = 0; i < moved.length; i++) moved[i] = a.data[sources[i] as number] as number;
      return moved;
    }
    case "MaxPool":
      return maxPool(node, a, shape);
  }
}

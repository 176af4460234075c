import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphDefinition, GraphNode, IntegerGraph, ValueInfo, ValueName } from "./graph.ts";
import { inferOutput } from "./infer.ts";
import { constantInterval, outputInterval } from "./intervals.ts";
import { ELEMENT_RANGES, elementCount, type Interval } from "./tensor.ts";

/**
 * Checks a definition and derives types, shapes and proven intervals of every value.
 * @throws ZkmlError INVALID_GRAPH (cycle, undefined or doubly defined value, duplicate node
 * name, no input, no output), and what `inferOutput` and `outputInterval` throw.
 */
export function buildGraph(definition: GraphDefinition): IntegerGraph {
  const { name, inputs, outputs, constants } = definition;
  if (inputs.length === 0 || outputs.length === 0) {
    throw new ZkmlError("INVALID_GRAPH", `graph "${name}" needs an input and an output`, {
      graph: name,
    });
  }
  const values = new Map<ValueName, ValueInfo>();
  const intervals = new Map<ValueName, Interval>();
  const define = (info: ValueInfo, interval: Interval) => {
    values.set(info.name, info);
    intervals.set(info.name, interval);
  };

  refuseDuplicates(definition);
  for (const input of inputs) {
    elementCount(input.shape, `input "${input.name}"`);
    define(input, ELEMENT_RANGES[input.elementType]);
  }
  for (const [constant, tensor] of constants) {
    const { elementType, shape } = tensor;
    if (elementCount(shape, `constant "${constant}"`) !== tensor.data.length) {
      throw new ZkmlError("TENSOR_SHAPE", `constant "${constant}" does not fill its shape`, {
        constant,
        shape,
      });
    }
    define({ name: constant, elementType, shape }, constantInterval(tensor));
  }

  const nodes = sortTopologically(definition);
  const lookup = (value: ValueName) => values.get(value) as ValueInfo;
  for (const node of nodes) {
    const info = inferOutput(node, lookup);
    const operands = node.inputs.map((operand) => ({
      info: lookup(operand),
      interval: intervals.get(operand) as Interval,
      constant: constants.get(operand),
    }));
    define(info, outputInterval(node, operands));
  }
  return {
    name,
    inputs,
    outputs: outputs.map((output) => definedValue(output, values)),
    constants,
    nodes,
    values,
    intervals,
  };
}

function definedValue(output: ValueName, values: ReadonlyMap<ValueName, ValueInfo>): ValueInfo {
  const info = values.get(output);
  if (info === undefined) {
    throw new ZkmlError("INVALID_GRAPH", `output "${output}" is not produced by any node`, {
      value: output,
    });
  }
  return info;
}

function refuseDuplicates({ inputs, outputs, constants, nodes }: GraphDefinition): void {
  const values = [
    ...inputs.map((input) => input.name),
    ...constants.keys(),
    ...nodes.map((node) => node.output),
  ];
  refuseRepeats(values, "value");
  refuseRepeats(outputs, "output");
  refuseRepeats(
    nodes.map((node) => node.name),
    "node",
  );
}

function refuseRepeats(names: readonly string[], kind: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (name === "" || seen.has(name)) {
      const problem = name === "" ? "has no name" : "is defined more than once";
      throw new ZkmlError("INVALID_GRAPH", `${kind} "${name}" ${problem}`, { kind, name });
    }
    seen.add(name);
  }
}

function sortTopologically({ inputs, constants, nodes }: GraphDefinition): readonly GraphNode[] {
  const producers = new Map(nodes.map((node) => [node.output, node]));
  const known = new Set([...inputs.map((input) => input.name), ...constants.keys()]);
  const waiting = new Map<GraphNode, number>();
  const consumers = new Map<ValueName, GraphNode[]>();
  for (const node of nodes) {
    const pending = node.inputs.filter((operand) => !known.has(operand));
    waiting.set(node, pending.length);
    for (const operand of pending) {
      if (!producers.has(operand)) {
        throw new ZkmlError(
          "INVALID_GRAPH",
          `node "${node.name}" reads "${operand}", which nothing defines`,
          { node: node.name, value: operand },
        );
      }
      consumers.set(operand, [...(consumers.get(operand) ?? []), node]);
    }
  }
  const ready = nodes.filter((node) => waiting.get(node) === 0);
  for (let i = 0; i < ready.length; i++) {
    for (const consumer of consumers.get((ready[i] as GraphNode).output) ?? []) {
      const left = (waiting.get(consumer) as number) - 1;
      waiting.set(consumer, left);
      if (left === 0) ready.push(consumer);
    }
  }
  if (ready.length < nodes.length) {
    const stuck = nodes.find((node) => (waiting.get(node) as number) > 0) as GraphNode;
    throw new ZkmlError("INVALID_GRAPH", `node "${stuck.name}" depends on its own output`, {
      node: stuck.name,
    });
  }
  return ready;
}

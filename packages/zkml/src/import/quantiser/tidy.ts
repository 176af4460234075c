import { buildGraph } from "../../ir/builder.ts";
import type { GraphNode, ValueName } from "../../ir/graph.ts";
import type { QuantisedGraph } from "./quantiser-types.ts";

/** Leaves out what the output does not need and names the output as the float model does. */
export function tidy(quantised: QuantisedGraph, name: ValueName): QuantisedGraph {
  const { graph, layers } = quantised;
  const output = quantised.output.value;
  const needed = new Set<ValueName>([output]);
  const kept: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!needed.has(node.output)) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  const rename = graph.values.has(name) ? (value: ValueName) => value : renaming(output, name);
  const definition = {
    name: graph.name,
    inputs: graph.inputs,
    outputs: [rename(output)],
    constants: new Map([...graph.constants].filter(([constant]) => needed.has(constant))),
    nodes: kept.reverse().map((node) => renamed(node, rename)),
  };
  return {
    ...quantised,
    graph: buildGraph(definition),
    output: { ...quantised.output, value: rename(output) },
    layers: layers
      .filter(({ value }) => needed.has(value))
      .map((layer) => ({ ...layer, value: rename(layer.value) })),
  };
}

function renaming(from: ValueName, to: ValueName): (value: ValueName) => ValueName {
  return (value) => (value === from ? to : value);
}

function renamed(node: GraphNode, rename: (value: ValueName) => ValueName): GraphNode {
  const inputs = node.inputs.map(rename);
  return { ...node, inputs, output: rename(node.output) } as GraphNode;
}

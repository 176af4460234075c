import { buildGraph } from "../ir/builder.ts";
import type { GraphNode, IntegerGraph, ValueName } from "../ir/graph.ts";

/** Leaves out what the output does not need and names the output as the float model does. */
export function tidy(graph: IntegerGraph, output: ValueName, name: ValueName): IntegerGraph {
  const needed = new Set<ValueName>([output]);
  const kept: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!needed.has(node.output)) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  const rename = graph.values.has(name) ? (value: ValueName) => value : renaming(output, name);
  const nodes = kept.reverse().map((node) => renamed(node, rename));
  const constants = new Map([...graph.constants].filter(([constant]) => needed.has(constant)));
  const { name: title, inputs } = graph;
  return buildGraph({ name: title, inputs, outputs: [rename(output)], constants, nodes });
}

function renaming(from: ValueName, to: ValueName): (value: ValueName) => ValueName {
  return (value) => (value === from ? to : value);
}

function renamed(node: GraphNode, rename: (value: ValueName) => ValueName): GraphNode {
  const inputs = node.inputs.map(rename);
  return { ...node, inputs, output: rename(node.output) } as GraphNode;
}

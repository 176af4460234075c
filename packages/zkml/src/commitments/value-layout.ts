import type { IntegerGraph, ValueName } from "../ir/graph.ts";
import type { Layout } from "./tensor-root.ts";

/** How a value of this graph is packed; see `Layout`. */
export function layoutOf(graph: IntegerGraph, value: ValueName): Layout {
  return layoutsOf(graph)(value);
}

/** As `layoutOf`, for many values of one graph. */
export function layoutsOf({ nodes, values }: IntegerGraph): (value: ValueName) => Layout {
  const multiplied = new Set<ValueName>();
  for (const node of nodes) if (node.op === "MatMulInteger") multiplied.add(node.inputs[1]);
  return (value) => {
    if (multiplied.has(value)) return "columns-first";
    return values.get(value)?.shape.length === 4 ? "channels-last" : "row-major";
  };
}

/** Constants that a node reads, in order of first use. */
export function constantsInUse({ constants, nodes }: IntegerGraph): ValueName[] {
  const used = nodes.flatMap((node) => node.inputs).filter((value) => constants.has(value));
  return [...new Set(used)];
}

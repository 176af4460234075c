import type { ValueName } from "../../ir/graph.ts";
import type { FloatGraph, Quantisation } from "../float/float-graph.ts";

/**
 * Scales that several values have to share: those that a quantised model gives, and one for all
 * parts of a Concat. Pools and layouts pass them on to what they read.
 */
export function assignScales(
  graph: FloatGraph,
  calibrated: (value: ValueName) => Quantisation,
): ReadonlyMap<ValueName, Quantisation> {
  const assigned = new Map<ValueName, Quantisation>();
  const assign = (value: ValueName, scale: Quantisation) => {
    // The value's last reader decides; earlier ones bring it to their own scale.
    if (!assigned.has(value)) assigned.set(value, scale);
  };
  for (const node of [...graph.nodes].reverse()) {
    const own = assigned.get(node.output);
    if (node.kind === "quantise") {
      assign(node.input, node.quantisation);
    } else if (node.kind === "concat") {
      const shared = own ?? calibrated(node.output);
      for (const input of node.inputs) assign(input, shared);
    } else if (own !== undefined) {
      const passes = ["maxPool", "reshape", "transpose"].includes(node.kind);
      if (passes && "input" in node) assign(node.input, own);
    }
  }
  return seeded(graph, assigned);
}

/** A model whose input is stored in 8 bits gives its scale. */
function seeded(
  graph: FloatGraph,
  assigned: Map<ValueName, Quantisation>,
): ReadonlyMap<ValueName, Quantisation> {
  const stored = graph.values.get(graph.input)?.probe?.stored;
  if (stored !== undefined) {
    assigned.set(graph.input, { scale: stored.scale, zeroPoint: stored.zeroPoint });
  }
  return assigned;
}

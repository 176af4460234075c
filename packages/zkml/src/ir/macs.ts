import type { GraphNode, IntegerGraph } from "./graph.ts";
import { elementCount, type Shape } from "./tensor.ts";

/** Multiplications that an operator takes for one inference. */
export function macsOf(graph: IntegerGraph, node: GraphNode): number {
  const shapeOf = (name: string): Shape => graph.values.get(name)?.shape ?? [];
  const outputs = elementCount(shapeOf(node.output));
  if (node.op === "MatMulInteger") return outputs * (shapeOf(node.inputs[0]).at(-1) ?? 1);
  if (node.op === "ConvInteger") return outputs * elementCount(shapeOf(node.inputs[1]).slice(1));
  return 0;
}

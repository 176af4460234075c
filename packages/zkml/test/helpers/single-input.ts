import { GraphBuilder } from "../../src/ir/builder.ts";
import type { GraphNode, IntegerGraph } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import type { ElementType, IntegerTensor, Shape } from "../../src/ir/tensor.ts";

export function dimensions(random: SeededRandom, rank: number, most = 5): number[] {
  return Array.from({ length: rank }, () => random.integer(1, most));
}

/** A graph of one node that reads the input `x` and the constants. */
export function singleInput(
  random: SeededRandom,
  elementType: ElementType,
  shape: Shape,
  node: GraphNode,
  constants: Readonly<Record<string, IntegerTensor>> = {},
): IntegerGraph {
  const builder = new GraphBuilder(`${node.op}-${random.uint32()}`);
  builder.addInput({ name: "x", elementType, shape });
  for (const [name, tensor] of Object.entries(constants)) builder.addConstant(name, tensor);
  builder.addNode(node);
  return builder.finish([node.output]);
}

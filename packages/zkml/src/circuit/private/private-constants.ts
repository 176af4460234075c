import type { GraphNode, IntegerGraph, ValueName } from "../../ir/graph.ts";
import type { IntegerTensor } from "../../ir/tensor.ts";

export type PrivateRole = "weight" | "bias";

/** A constant of a model that its private circuits take as an input. */
export interface PrivateConstant {
  readonly name: ValueName;
  readonly role: PrivateRole;
  readonly tensor: IntegerTensor;
}

/**
 * What makes a model out of its architecture, in the order in which nodes first read it: second
 * operands of MatMulInteger and ConvInteger, and what Add or Sub puts beside their sums. Divisors,
 * bounds, multipliers and offsets elsewhere belong to the architecture and stay in the circuit.
 */
export function privateConstants(graph: IntegerGraph): readonly PrivateConstant[] {
  const found = new Map<ValueName, PrivateConstant>();
  const sums = new Set<ValueName>();
  const add = (name: ValueName | undefined, role: PrivateRole): void => {
    const tensor = name === undefined ? undefined : graph.constants.get(name);
    if (name !== undefined && tensor !== undefined && !found.has(name)) {
      found.set(name, { name, role, tensor });
    }
  };
  for (const node of graph.nodes) {
    if (isLinear(node)) {
      add(node.inputs[1], "weight");
      sums.add(node.output);
    } else if (node.inputs.some((name) => sums.has(name)) && keepsSums(node)) {
      if (node.op === "Add" || node.op === "Sub") for (const name of node.inputs) add(name, "bias");
      sums.add(node.output);
    }
  }
  return [...found.values()];
}

export type LinearNode = Extract<GraphNode, { op: "MatMulInteger" | "ConvInteger" }>;

export function isLinear(node: GraphNode): node is LinearNode {
  return node.op === "MatMulInteger" || node.op === "ConvInteger";
}

/** A sum stays one until something scales, bounds or compares it. */
function keepsSums({ op }: GraphNode): boolean {
  return op === "Add" || op === "Sub" || op === "Reshape" || op === "Transpose";
}

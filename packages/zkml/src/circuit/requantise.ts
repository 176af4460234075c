import type { DivNode, GraphNode, IntegerGraph, ValueName } from "../ir/graph.ts";
import type { Interval } from "../ir/tensor.ts";
import type { CircuitWriter } from "./circuit-writer.ts";
import { assignEach, shifts } from "./emit-elementwise.ts";
import { exactLog2, signedWidth } from "./widths.ts";

/**
 * `min(max(x, 0) / divisor, limit)`, rounded down: two or three nodes that one decomposition
 * proves. Clamping before the division comes to the same as clamping after it, because rounding
 * down is monotone: min(x, m) / d = min(x / d, m / d).
 */
export interface RequantiseChain {
  readonly input: ValueName;
  readonly divide: DivNode;
  /** The limit is 2^limitWidth − 1. */
  readonly limitWidth: number;
  readonly output: ValueName;
  readonly nodes: readonly GraphNode[];
}

/**
 * Finds such chains where nobody else reads the values inside. Proven one by one their nodes would
 * decompose the same number two or three times.
 * @returns each chain under its first node.
 */
export function findRequantiseChains(graph: IntegerGraph): ReadonlyMap<GraphNode, RequantiseChain> {
  const soleReader = soleReaders(graph);
  const chains = new Map<GraphNode, RequantiseChain>();
  for (const relu of graph.nodes) {
    const clamped = reluOf(graph, relu);
    const divide = clamped && soleReader(relu);
    if (divide?.op !== "Div" || divide.inputs[0] !== relu.output) continue;
    const divisors = Array.from(graph.constants.get(divide.inputs[1])?.data ?? []);
    const largest = Math.max(...divisors);
    // An earlier limit becomes one limit after the division only when all elements divide alike.
    if (clamped === undefined || (clamped.limit !== undefined && Math.min(...divisors) !== largest))
      continue;
    const reader = soleReader(divide);
    const bound = reader && upperBound(graph, reader, divide.output);
    const end = reader !== undefined && bound !== undefined ? reader : divide;
    const early = clamped.limit === undefined ? undefined : Math.floor(clamped.limit / largest);
    const limit = Math.min(early ?? Number.POSITIVE_INFINITY, bound ?? Number.POSITIVE_INFINITY);
    const limitWidth = exactLog2(limit + 1);
    if (!limitWidth || !sameCount(graph, clamped.input, end.output)) continue;
    const nodes = end === divide ? [relu, divide] : [relu, divide, end];
    chains.set(relu, { input: clamped.input, divide, limitWidth, output: end.output, nodes });
  }
  return chains;
}

export function emitRequantise(writer: CircuitWriter, chain: RequantiseChain): void {
  const x = writer.value(chain.input);
  const { shift } = shifts(writer, chain.divide, x.info.shape);
  const width = requantiseWidth(writer.graph, chain);
  assignEach(
    writer,
    chain.output,
    `Requantise(${width}, ${shift}, ${chain.limitWidth})(${x.array}[i])`,
  );
}

/** The input is proved to be in [-2^(w-1), 2^(w-1)) for this w; hashes of it rely on that. */
export function requantiseWidth(
  { constants, intervals }: IntegerGraph,
  chain: RequantiseChain,
): number {
  const divisors = constants.get(chain.divide.inputs[1])?.data ?? [];
  const largest = Math.max(...Array.from(divisors, (divisor) => exactLog2(divisor) ?? 0));
  return Math.max(signedWidth(intervals.get(chain.input) as Interval), largest + 2);
}

/** The only node that reads a node's output, unless the graph itself puts it out. */
function soleReaders(graph: IntegerGraph): (node: GraphNode) => GraphNode | undefined {
  const readers = new Map<ValueName, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const name of new Set<ValueName>(node.inputs)) {
      readers.set(name, [...(readers.get(name) ?? []), node]);
    }
  }
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  return ({ output }) => {
    const all = readers.get(output) ?? [];
    return all.length === 1 && !outputs.has(output) ? all[0] : undefined;
  };
}

/** x and limit when the node computes min(max(x, 0), limit), the limit only where it can bite. */
function reluOf(
  graph: IntegerGraph,
  node: GraphNode,
): { readonly input: ValueName; readonly limit: number | undefined } | undefined {
  if (node.op === "Max") {
    const input = besideConstant(graph, node.inputs, 0);
    return input === undefined ? undefined : { input, limit: undefined };
  }
  if (node.op !== "Clip" || node.min !== 0) return undefined;
  const [input] = node.inputs;
  const bites = (graph.intervals.get(input)?.max ?? 0n) > BigInt(node.max);
  return { input, limit: bites ? node.max : undefined };
}

/** The bound when the node computes min(x, bound) of a non-negative x. */
function upperBound(graph: IntegerGraph, node: GraphNode, x: ValueName): number | undefined {
  if (node.op === "Clip") return node.min <= 0 ? node.max : undefined;
  if (node.op !== "Min") return undefined;
  const other = node.inputs.find((name) => name !== x);
  const bound = other === undefined ? undefined : graph.constants.get(other)?.data[0];
  const uniform = bound !== undefined && besideConstant(graph, node.inputs, bound) === x;
  return uniform ? bound : undefined;
}

/** The other operand when one is a constant holding nothing but `value`. */
function besideConstant(
  graph: IntegerGraph,
  [a, b]: readonly [ValueName, ValueName],
  value: number,
): ValueName | undefined {
  const holds = (name: ValueName): boolean => {
    const data = graph.constants.get(name)?.data;
    return data !== undefined && Array.from(data).every((item) => item === value);
  };
  if (holds(b)) return a;
  return holds(a) ? b : undefined;
}

/** Broadcasting inside a chain may only add leading dimensions of one. */
function sameCount(graph: IntegerGraph, input: ValueName, output: ValueName): boolean {
  const count = (name: ValueName): number =>
    (graph.values.get(name)?.shape ?? []).reduce((product, dimension) => product * dimension, 1);
  return count(input) === count(output);
}

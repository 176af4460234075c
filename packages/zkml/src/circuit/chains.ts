import type { DivNode, GraphNode, IntegerGraph, MaxPoolNode, ValueName } from "../ir/graph.ts";
import type { IntegerTensor, Interval } from "../ir/tensor.ts";

/**
 * A run of clamps, casts and at most one division by constants, element by element. All are
 * monotone, so together they are `min(max(trunc(x / divisor), lower), upper)`: rounding a clamped
 * value comes to clamping the rounded one to the rounded bounds.
 */
export interface Chain {
  readonly input: ValueName;
  /** The value that the last node gives. */
  readonly output: ValueName;
  readonly nodes: readonly GraphNode[];
  /** Undefined without a division. */
  readonly divisor: IntegerTensor | undefined;
  readonly lower: bigint | undefined;
  readonly upper: bigint | undefined;
  /** A pooling that alone reads the output. */
  readonly pool: MaxPoolNode | undefined;
}

/** Bounds of one clamp; undefined where there is none. */
interface Clamp {
  readonly lower?: bigint;
  readonly upper?: bigint;
}

/**
 * Finds the longest chains in which nobody else reads the values inside. Proven one by one, their
 * nodes would decompose the same number several times.
 * @returns each chain under its first node.
 */
export function findChains(graph: IntegerGraph): ReadonlyMap<GraphNode, Chain> {
  const soleReader = soleReaders(graph);
  const chains = new Map<GraphNode, Chain>();
  const taken = new Set<GraphNode>();
  for (const first of graph.nodes) {
    const input = taken.has(first) ? undefined : stepInput(graph, first);
    if (input === undefined) continue;
    let chain: Chain | undefined = extend(graph, emptyChain(input), first);
    for (let next = chain; next !== undefined; ) {
      chain = next;
      const reader = soleReader(chain.output);
      next = reader && extend(graph, chain, reader);
    }
    if (chain === undefined) continue;
    const reader = soleReader(chain.output);
    const pools = poolsAlike(chain.divisor) && sameCount(graph, input, chain.output);
    chains.set(first, { ...chain, pool: pools && reader?.op === "MaxPool" ? reader : undefined });
    for (const node of chain.nodes) taken.add(node);
  }
  return chains;
}

function emptyChain(input: ValueName): Chain {
  const nothing = { divisor: undefined, lower: undefined, upper: undefined, pool: undefined };
  return { input, output: input, nodes: [], ...nothing };
}

/** The chain with one more node, or undefined when the node does not continue it. */
function extend(graph: IntegerGraph, chain: Chain, node: GraphNode): Chain | undefined {
  if (stepInput(graph, node) !== chain.output) return undefined;
  if (chain.nodes.length > 0 && !sameCount(graph, chain.output, node.output)) return undefined;
  const grown = { ...chain, output: node.output, nodes: [...chain.nodes, node] };
  if (node.op === "Div") return divide(graph, grown, node);
  const clamp = clampOf(graph, node) ?? {};
  return { ...grown, ...clamped(chain, clamp) };
}

function divide(graph: IntegerGraph, chain: Chain, node: DivNode): Chain | undefined {
  const divisor = graph.constants.get(node.inputs[1]);
  if (divisor === undefined || chain.divisor !== undefined) return undefined;
  const [first] = divisor.data;
  const uniform = divisor.data.every((value) => value === first);
  const rounded = (bound: bigint | undefined) => bound && bound / BigInt(first as number);
  const { lower, upper } = bitingBounds(chain, graph.intervals.get(chain.input) as Interval);
  // Zero stays zero whatever divides it; another bound would differ from element to element.
  if (!uniform && (lower || upper)) return undefined;
  return { ...chain, divisor, lower: rounded(lower), upper: rounded(upper) };
}

/** The bounds that can change a value of the interval. */
export function bitingBounds(
  { lower, upper }: Pick<Chain, "lower" | "upper">,
  { min, max }: Interval,
): Pick<Chain, "lower" | "upper"> {
  return {
    lower: lower !== undefined && lower > min ? lower : undefined,
    upper: upper !== undefined && upper < max ? upper : undefined,
  };
}

/** Bounds of a clamp after the chain's own. */
function clamped(chain: Chain, { lower, upper }: Clamp): Pick<Chain, "lower" | "upper"> {
  const inside = (bound: bigint | undefined): bigint | undefined => {
    if (bound === undefined) return undefined;
    if (lower !== undefined && bound < lower) return lower;
    return upper !== undefined && bound > upper ? upper : bound;
  };
  return {
    lower: chain.lower === undefined ? lower : inside(chain.lower),
    upper: chain.upper === undefined ? upper : inside(chain.upper),
  };
}

/** The value that a node transforms when it could be part of a chain. */
function stepInput(graph: IntegerGraph, node: GraphNode): ValueName | undefined {
  switch (node.op) {
    case "Clip":
    case "Cast":
    case "Div":
      return node.inputs[0];
    case "Max":
    case "Min":
      return besideConstant(graph, node.inputs)?.input;
    default:
      return undefined;
  }
}

function clampOf(graph: IntegerGraph, node: GraphNode): Clamp | undefined {
  if (node.op === "Clip") return { lower: BigInt(node.min), upper: BigInt(node.max) };
  if (node.op !== "Max" && node.op !== "Min") return undefined;
  const bound = besideConstant(graph, node.inputs)?.bound;
  if (bound === undefined) return undefined;
  return node.op === "Max" ? { lower: bound } : { upper: bound };
}

/** The other operand when one is a constant that holds one value throughout. */
function besideConstant(
  graph: IntegerGraph,
  [a, b]: readonly [ValueName, ValueName],
): { readonly input: ValueName; readonly bound: bigint } | undefined {
  for (const [constant, input] of [
    [b, a],
    [a, b],
  ] as const) {
    const data = graph.constants.get(constant)?.data;
    const bound = data?.[0];
    if (bound === undefined || !data?.every((item) => item === bound)) continue;
    return { input, bound: BigInt(bound) };
  }
  return undefined;
}

/** The only node that reads a value, unless the graph itself puts it out. */
function soleReaders(graph: IntegerGraph): (value: ValueName) => GraphNode | undefined {
  const readers = new Map<ValueName, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const name of new Set<ValueName>(node.inputs)) {
      readers.set(name, [...(readers.get(name) ?? []), node]);
    }
  }
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  return (value) => {
    const all = readers.get(value) ?? [];
    return all.length === 1 && !outputs.has(value) ? all[0] : undefined;
  };
}

/** Pooling commutes when all elements of a window are divided alike. */
function poolsAlike(divisor: IntegerTensor | undefined): boolean {
  if (divisor === undefined || divisor.data.length === 1) return true;
  return divisor.shape.length >= 2 && divisor.shape.slice(-2).every((dimension) => dimension === 1);
}

/** Broadcasting inside a chain may only add leading dimensions of one, after its first node. */
function sameCount(graph: IntegerGraph, input: ValueName, output: ValueName): boolean {
  const count = (name: ValueName): number =>
    (graph.values.get(name)?.shape ?? []).reduce((product, dimension) => product * dimension, 1);
  return count(input) === count(output);
}

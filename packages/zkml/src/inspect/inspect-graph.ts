import { type CircuitPart, estimateConstraints } from "../circuit/estimate.ts";
import { generateCircuit } from "../circuit/generate.ts";
import type { Simplification } from "../circuit/simplification.ts";
import { signedWidth, unsignedWidth } from "../circuit/widths.ts";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphNode, IntegerGraph, ValueInfo } from "../ir/graph.ts";
import { macsOf } from "../ir/macs.ts";
import type { ElementType, Interval, Shape } from "../ir/tensor.ts";

/** One operator of a model. */
export interface LayerSummary {
  readonly operator: string;
  readonly name: string;
  readonly elementType: ElementType;
  /** Of its output. */
  readonly shape: Shape;
  /** Width of the widest value of its output, proven by interval analysis; with a sign where it can be negative. */
  readonly bits: number;
  /** Constraints, estimated; undefined when an operator before it proves it too. */
  readonly constraints: number | undefined;
  /** Multiplications of one inference. */
  readonly macs: number;
  /** Elements of constants that no operator before it reads. */
  readonly weights: number;
}

export interface GraphSummary {
  readonly layers: readonly LayerSummary[];
  readonly totals: {
    readonly macs: number;
    readonly weights: number;
    /** Of the whole circuit, estimated; undefined when it has none. */
    readonly constraints: number | undefined;
  };
  /** How the circuit is compiled, which the estimates are for; undefined when it has none. */
  readonly simplification: Simplification | undefined;
  /** What commits to the input and the output, estimated; part of the total. */
  readonly commitments: number | undefined;
  /** Why there is no circuit for the model. */
  readonly refusal: ZkmlError | undefined;
}

/** Summarises a model operator by operator. Takes about as long as writing its circuit. */
export function inspectGraph(graph: IntegerGraph): GraphSummary {
  const { parts, simplification, refusal } = partsOf(graph);
  const seen = new Set<string>();
  const layers = graph.nodes.map((node) => layerOf(graph, node, parts, seen));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const commitments = parts?.filter(({ label }) => !label.startsWith("2."));
  return {
    layers,
    totals: {
      macs: sum(layers.map(({ macs }) => macs)),
      weights: sum(layers.map(({ weights }) => weights)),
      constraints: parts && sum(parts.map(({ constraints }) => constraints)),
    },
    simplification,
    commitments: commitments && sum(commitments.map(({ constraints }) => constraints)),
    refusal,
  };
}

interface Parts {
  readonly parts: readonly CircuitPart[] | undefined;
  readonly simplification: Simplification | undefined;
  readonly refusal: ZkmlError | undefined;
}

function partsOf(graph: IntegerGraph): Parts {
  try {
    const { source, simplification } = generateCircuit(graph);
    const parts = estimateConstraints(source, simplification);
    return { parts, simplification, refusal: undefined };
  } catch (error) {
    if (error instanceof ZkmlError) {
      return { parts: undefined, simplification: undefined, refusal: error };
    }
    throw error;
  }
}

function layerOf(
  graph: IntegerGraph,
  node: GraphNode,
  parts: readonly CircuitPart[] | undefined,
  seen: Set<string>,
): LayerSummary {
  const { elementType, shape } = graph.values.get(node.output) as ValueInfo;
  const fresh = node.inputs.filter((name) => graph.constants.has(name) && !seen.has(name));
  for (const name of fresh) seen.add(name);
  const weights = new Set(fresh);
  return {
    operator: node.op,
    name: node.name,
    elementType,
    shape,
    bits: widthOf(graph.intervals.get(node.output) as Interval),
    constraints: parts?.find(({ label }) => proves(label, node))?.constraints,
    macs: macsOf(graph, node),
    weights: [...weights].reduce(
      (total, name) => total + (graph.constants.get(name)?.data.length ?? 0),
      0,
    ),
  };
}

function widthOf(interval: Interval): number {
  return interval.min < 0n ? signedWidth(interval) : unsignedWidth(interval);
}

/** Whether a part of the circuit begins with the operator. Labels keep plain characters alone. */
function proves(label: string, { op, name }: GraphNode): boolean {
  const own = `2. ${op} ${name}`.replace(/[^A-Za-z0-9 .,:;=+*/()[\]^<>_-]/g, "_").slice(0, 120);
  return label === own || label.startsWith(`${own} + `);
}

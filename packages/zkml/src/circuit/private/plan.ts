import type { GraphNode, IntegerGraph, ValueInfo, ValueName } from "../../ir/graph.ts";
import { elementCount, type Interval } from "../../ir/tensor.ts";
import { findChains } from "../chains.ts";
import { provenWidth } from "../plan-chain.ts";
import { signedWidth } from "../widths.ts";
import type { Architecture } from "./architecture.ts";
import { isLinear, type LinearNode } from "./private-constants.ts";

/** Constraints of Poseidon over 16 inputs, for each of the 15 items that it takes in. */
const HASH_PER_ITEM = 609 / 15;

/** Where the sums of a linear node are range-checked, which is what its claim's digest packs. */
export interface ClaimBound {
  readonly value: ValueName;
  readonly width: number;
  /** False when nothing else checks the value, so that the claim itself has to. */
  readonly checked: boolean;
}

/** How one linear node is proven. */
export interface LinearPlan {
  readonly node: LinearNode;
  readonly method: "products" | "identity";
  readonly bound: ClaimBound;
  /** Estimated constraints of either method for all jobs of a proof. */
  readonly products: number;
  readonly identity: number;
}

/**
 * For each linear node, whichever of products and identity takes fewer constraints. Identities are for
 * operands that the whole proof shares, its private tensors: not for what a job computes or puts in.
 */
export function planLinear(
  { graph, tensors }: Architecture,
  jobs: number,
): ReadonlyMap<GraphNode, LinearPlan> {
  const shared = new Set(tensors.map(({ name }) => name));
  const bounds = claimBounds(graph);
  const plans = new Map<GraphNode, LinearPlan>();
  for (const node of graph.nodes.filter(isLinear)) {
    const bound = bounds.get(node) ?? ownBound(graph, node);
    const count = jobs * elementCount(shapeOf(graph, node.output));
    const claim = Math.ceil(count / Math.floor(252 / bound.width)) * HASH_PER_ITEM;
    const checks = bound.checked ? 0 : count * bound.width;
    const { products, identity } =
      node.op === "MatMulInteger" ? dense(graph, node, jobs) : conv(graph, node, jobs);
    const total = Math.ceil(identity + claim + checks);
    const claimed = shared.has(node.inputs[1]) && total < products;
    const method = claimed ? "identity" : "products";
    plans.set(node, { node, method, bound, products, identity: total });
  }
  return plans;
}

interface Costs {
  readonly products: number;
  readonly identity: number;
}

function dense(graph: IntegerGraph, node: LinearNode, jobs: number): Costs {
  const [inner = 1, columns = 1] = shapeOf(graph, node.inputs[1]);
  const rows = (jobs * elementCount(shapeOf(graph, node.inputs[0]))) / inner;
  return {
    products: rows * inner * columns,
    identity: (rows - 1) * (inner + columns) + inner * columns,
  };
}

/** Mirrors ConvPrivate and ConvCheck, but for what falls on padding in the latter. */
function conv(graph: IntegerGraph, node: LinearNode, jobs: number): Costs {
  if (node.op !== "ConvInteger") throw new TypeError(`${node.op} is no convolution`);
  const [batch = 1, channels = 1, height = 1, width = 1] = shapeOf(graph, node.inputs[0]);
  const [, filters = 1, outHeight = 1, outWidth = 1] = shapeOf(graph, node.output);
  const { kernel, strides, dilations, pads } = node.window;
  const images = jobs * batch;
  const taps = (channels / node.groups) * kernel[0] * kernel[1];
  const inside = (axis: 0 | 1, length: number, steps: number): number => {
    let count = 0;
    for (let k = 0; k < kernel[axis]; k++) {
      for (let i = 0; i < steps; i++) {
        const place = i * strides[axis] + k * dilations[axis] - pads[axis];
        if (place >= 0 && place < length) count++;
      }
    }
    return count;
  };
  const slides = (axis: 0 | 1, steps: number): number => {
    const jump = strides[axis] / dilations[axis];
    const shared = Number.isInteger(jump) && steps > 3 ? Math.max(0, kernel[axis] - jump) : 0;
    return 2 * shared + (kernel[axis] - shared) * (steps - 1);
  };
  const folds = height * slides(1, outWidth) + kernel[1] * slides(0, outHeight);
  const products =
    images *
    filters *
    (channels / node.groups) *
    inside(0, height, outHeight) *
    inside(1, width, outWidth);
  const identity =
    images * channels * folds +
    (images - 1) * channels * kernel[0] * kernel[1] +
    filters * (images * outHeight * outWidth - 1) +
    filters * taps;
  return { products, identity };
}

/**
 * Sums that a requantisation decomposes, alone or after one addition of a bias: given the bias,
 * the decomposed value determines the sum.
 */
function claimBounds(graph: IntegerGraph): ReadonlyMap<GraphNode, ClaimBound> {
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const count = (name: ValueName): number => elementCount(shapeOf(graph, name));
  const bounds = new Map<GraphNode, ClaimBound>();
  for (const chain of findChains(graph).values()) {
    const maker = graph.nodes.find(({ output }) => output === chain.input);
    const biased = maker?.op === "Add" || maker?.op === "Sub";
    const sum = biased ? maker.inputs.find((name) => !inputs.has(name)) : chain.input;
    const bias = biased ? maker.inputs.find((name) => inputs.has(name)) : undefined;
    const node = graph.nodes.find(({ output }) => output === sum);
    if (node === undefined || !isLinear(node) || count(node.output) !== count(chain.input))
      continue;
    if (biased && bias === undefined) continue;
    const width = provenWidth(chain, graph.intervals.get(chain.input) as Interval);
    if (width !== undefined) bounds.set(node, { value: chain.input, width, checked: true });
  }
  return bounds;
}

function ownBound(graph: IntegerGraph, node: LinearNode): ClaimBound {
  const interval = graph.intervals.get(node.output) as Interval;
  return { value: node.output, width: signedWidth(interval), checked: false };
}

function shapeOf(graph: IntegerGraph, name: ValueName): readonly number[] {
  return (graph.values.get(name) as ValueInfo).shape;
}

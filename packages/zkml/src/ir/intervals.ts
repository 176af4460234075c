import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphNode, LookupNode, ReduceSumNode, ValueInfo } from "./graph.ts";
import {
  add,
  clamp,
  fit,
  hull,
  larger,
  pairwise,
  product,
  smaller,
  union,
} from "./interval-arithmetic.ts";
import { accumulatedTerms, convInterval, matMulInterval } from "./linear-intervals.ts";
import type { IntegerTensor, Interval } from "./tensor.ts";

/** What the analysis knows about one operand. */
export interface Operand {
  readonly info: ValueInfo;
  readonly interval: Interval;
  readonly constant: IntegerTensor | undefined;
}

/** Bounds of the values that a constant holds. */
export function constantInterval(tensor: IntegerTensor): Interval {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of tensor.data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: BigInt(min), max: BigInt(max) };
}

/**
 * Proven bounds of a node's output for every input inside the operands' bounds.
 * @throws ZkmlError RANGE_OVERFLOW when a sum, product or cast could leave its type,
 * SATURATION_POSSIBLE when 8-bit kernels could saturate, UNSUPPORTED_ATTRIBUTE for a divisor
 * that is not a positive constant and for a table that is none or does not cover every index.
 */
export function outputInterval(node: GraphNode, operands: readonly Operand[]): Interval {
  const [a, b] = operands as [Operand, Operand];
  switch (node.op) {
    case "MatMulInteger":
      return matMulInterval(node, a, b);
    case "ConvInteger":
      return convInterval(node, a, b);
    case "Add":
      return fit(node, "int32", add(a.interval, b.interval));
    case "Sub":
      return fit(node, "int32", {
        min: a.interval.min - b.interval.max,
        max: a.interval.max - b.interval.min,
      });
    case "Mul":
      return fit(node, "int32", product(a.interval, b.interval));
    case "Max":
      return pairwise(a.interval, b.interval, larger);
    case "Min":
      return pairwise(a.interval, b.interval, smaller);
    case "Div":
      return divInterval(node.name, a.interval, b);
    case "Clip":
      return {
        min: clamp(a.interval.min, BigInt(node.min), BigInt(node.max)),
        max: clamp(a.interval.max, BigInt(node.min), BigInt(node.max)),
      };
    case "Cast":
      return fit(node, node.to, a.interval);
    case "Reshape":
    case "Transpose":
    case "MaxPool":
      return a.interval;
    case "Concat":
      return operands.map(({ interval }) => interval).reduce(union);
    case "Lookup":
      return lookupInterval(node, a, b);
    case "ReduceSum":
      return reduceSumInterval(node, a);
    case "ArgMax":
      return { min: 0n, max: BigInt(a.info.shape[node.axis] as number) - 1n };
  }
}

function divInterval(node: string, dividend: Interval, divisor: Operand): Interval {
  const { min, max } = divisor.interval;
  if (divisor.constant === undefined || min < 1n) {
    throw new ZkmlError(
      "UNSUPPORTED_ATTRIBUTE",
      `node "${node}" (Div): the divisor must be a constant with every element at least 1`,
      { node, operator: "Div", divisor: divisor.info.name },
    );
  }
  // BigInt division truncates toward zero, as the operator does.
  const ends = [dividend.min / min, dividend.min / max, dividend.max / min, dividend.max / max];
  return hull(ends);
}

/** The entries that the index can reach. */
function lookupInterval({ name }: LookupNode, index: Operand, table: Operand): Interval {
  const { constant } = table;
  const refuse = (problem: string): ZkmlError =>
    new ZkmlError("UNSUPPORTED_ATTRIBUTE", `node "${name}" (Lookup): ${problem}`, {
      node: name,
      operator: "Lookup",
      table: table.info.name,
    });
  if (constant === undefined) throw refuse("the table must be a constant; fold constants first");
  const { min, max } = index.interval;
  const entries = constant.data.length;
  if (min < 0n || max >= BigInt(entries)) {
    throw refuse(
      `the index can be anything in [${min}, ${max}], outside a table of ${entries} entries; clip the index to the table first`,
    );
  }
  const data = constant.data.subarray(Number(min), Number(max) + 1);
  return constantInterval({ ...constant, data, shape: [data.length] });
}

function reduceSumInterval(node: ReduceSumNode, x: Operand): Interval {
  const terms = node.axes.reduce((count, axis) => count * (x.info.shape[axis] as number), 1);
  return accumulatedTerms(node, x.interval, terms);
}

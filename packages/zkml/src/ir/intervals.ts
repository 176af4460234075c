import { ZkmlError } from "../errors/zkml-error.ts";
import type { ConvIntegerNode, GraphNode, MatMulIntegerNode, ValueInfo } from "./graph.ts";
import { ELEMENT_RANGES, type ElementType, type IntegerTensor, type Interval } from "./tensor.ts";

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
 * that is not a positive constant.
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
  }
}

function matMulInterval(node: MatMulIntegerNode, a: Operand, b: Operand): Interval {
  refuseSaturation(node, a.interval, b);
  const left = shift(a.interval, node.aZeroPoint);
  const right = shift(b.interval, node.bZeroPoint);
  const inner = a.info.shape.at(-1) as number;
  if (b.constant === undefined) return accumulatedProducts(node, product(left, right), inner);
  const { data, shape } = b.constant;
  const columns = shape.at(-1) as number;
  const sums: WeightSums[] = [];
  for (let matrix = 0; matrix < data.length; matrix += inner * columns) {
    for (let column = 0; column < columns; column++) {
      sums.push(constantSums(data, matrix + column, columns, inner, node.bZeroPoint));
    }
  }
  return accumulated(node, sums, left);
}

function convInterval(node: ConvIntegerNode, x: Operand, w: Operand): Interval {
  const padding = BigInt(node.xZeroPoint);
  const padded = node.window.pads.some((pad) => pad > 0);
  const read = padded ? hull([x.interval.min, x.interval.max, padding]) : x.interval;
  refuseSaturation(node, read, w);
  const input = shift(read, node.xZeroPoint);
  const taps = w.info.shape.slice(1).reduce((count, dimension) => count * dimension, 1);
  if (w.constant === undefined) {
    const term = product(input, shift(w.interval, node.wZeroPoint));
    return accumulatedProducts(node, term, taps);
  }
  const sums: WeightSums[] = [];
  for (let filter = 0; filter < w.constant.data.length; filter += taps) {
    sums.push(constantSums(w.constant.data, filter, 1, taps, node.wZeroPoint));
  }
  return accumulated(node, sums, input);
}

/**
 * A dot product's other operand, summarised: for inputs in [lo, hi] the product sum lies in
 * [positive·lo + negative·hi, positive·hi + negative·lo].
 */
interface WeightSums {
  readonly positive: bigint;
  readonly negative: bigint;
}

function constantSums(
  data: ArrayLike<number>,
  start: number,
  step: number,
  count: number,
  zeroPoint: number,
): WeightSums {
  let positive = 0;
  let negative = 0;
  for (let k = 0, i = start; k < count; k++, i += step) {
    const weight = (data[i] as number) - zeroPoint;
    if (weight > 0) positive += weight;
    else negative += weight;
  }
  return { positive: BigInt(positive), negative: BigInt(negative) };
}

// A partial sum holds any subset of the products, whatever order a kernel adds them in, so it is
// bounded by letting each term also be zero.

function accumulatedProducts(node: GraphNode, term: Interval, count: number): Interval {
  const times = (interval: Interval) => ({
    min: BigInt(count) * interval.min,
    max: BigInt(count) * interval.max,
  });
  fit(node, "int32", times(withZero(term)));
  return times(term);
}

function accumulated(node: GraphNode, sums: readonly WeightSums[], input: Interval): Interval {
  const partial = withZero(input);
  const ranges = sums.map((weights) => {
    fit(node, "int32", dot(weights, partial));
    return dot(weights, input);
  });
  return ranges.reduce(union);
}

function dot({ positive, negative }: WeightSums, { min, max }: Interval): Interval {
  return { min: positive * min + negative * max, max: positive * max + negative * min };
}

/**
 * AVX2 without VNNI adds two uint8 × int8 products in a saturating int16: both runtimes agree
 * with exact arithmetic only when such a pair always fits.
 */
function refuseSaturation(node: GraphNode, unsigned: Interval, weights: Operand): void {
  if (weights.info.elementType !== "int8") return;
  const { min, max } = weights.interval;
  if (2n * unsigned.max * max <= 32767n && 2n * unsigned.max * min >= -32768n) return;
  throw new ZkmlError(
    "SATURATION_POSSIBLE",
    `node "${node.name}" (${node.op}): inputs up to ${unsigned.max} with int8 weights in [${min}, ${max}] can saturate int16 pair sums on some processors; keep weights in [-64, 63] (7 bits) or use uint8 weights with a zero point`,
    { node: node.name, operator: node.op, weightMin: Number(min), weightMax: Number(max) },
  );
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

function product(a: Interval, b: Interval): Interval {
  return hull([a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]);
}

function add(a: Interval, b: Interval): Interval {
  return { min: a.min + b.min, max: a.max + b.max };
}

function pairwise(a: Interval, b: Interval, choose: (x: bigint, y: bigint) => bigint): Interval {
  return { min: choose(a.min, b.min), max: choose(a.max, b.max) };
}

function hull(values: readonly bigint[]): Interval {
  return { min: values.reduce(smaller), max: values.reduce(larger) };
}

// Math.min and Math.max take no bigint.

function smaller(x: bigint, y: bigint): bigint {
  if (x < y) return x;
  return y;
}

function larger(x: bigint, y: bigint): bigint {
  if (x < y) return y;
  return x;
}

function union(a: Interval, b: Interval): Interval {
  return hull([a.min, a.max, b.min, b.max]);
}

function withZero(interval: Interval): Interval {
  return hull([interval.min, interval.max, 0n]);
}

function shift({ min, max }: Interval, zeroPoint: number): Interval {
  return { min: min - BigInt(zeroPoint), max: max - BigInt(zeroPoint) };
}

function clamp(value: bigint, min: bigint, max: bigint): bigint {
  return value < min ? min : value > max ? max : value;
}

function fit(node: GraphNode, elementType: ElementType, interval: Interval): Interval {
  const { min, max } = ELEMENT_RANGES[elementType];
  if (interval.min >= min && interval.max <= max) return interval;
  const remedy =
    node.op === "Cast"
      ? "clip the value to the target type first"
      : "scale the values down or clip them before this node";
  throw new ZkmlError(
    "RANGE_OVERFLOW",
    `node "${node.name}" (${node.op}): values can reach [${interval.min}, ${interval.max}], outside ${elementType}; ${remedy}`,
    {
      node: node.name,
      operator: node.op,
      elementType,
      min: interval.min.toString(),
      max: interval.max.toString(),
    },
  );
}

import { ZkmlError } from "../errors/zkml-error.ts";
import type { ConvIntegerNode, GraphNode, MatMulIntegerNode } from "./graph.ts";
import { fit, hull, product, shift, union, withZero } from "./interval-arithmetic.ts";
import type { Operand } from "./intervals.ts";
import type { Interval } from "./tensor.ts";

/** @throws ZkmlError RANGE_OVERFLOW, SATURATION_POSSIBLE. */
export function matMulInterval(node: MatMulIntegerNode, a: Operand, b: Operand): Interval {
  refuseSaturation(node, a.interval, b);
  const left = shift(a.interval, node.aZeroPoint);
  const right = shift(b.interval, node.bZeroPoint);
  const inner = a.info.shape.at(-1) as number;
  if (b.constant === undefined) return accumulatedTerms(node, product(left, right), inner);
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

/** @throws ZkmlError RANGE_OVERFLOW, SATURATION_POSSIBLE. */
export function convInterval(node: ConvIntegerNode, x: Operand, w: Operand): Interval {
  const padding = BigInt(node.xZeroPoint);
  const padded = node.window.pads.some((pad) => pad > 0);
  const read = padded ? hull([x.interval.min, x.interval.max, padding]) : x.interval;
  refuseSaturation(node, read, w);
  const input = shift(read, node.xZeroPoint);
  const taps = w.info.shape.slice(1).reduce((count, dimension) => count * dimension, 1);
  if (w.constant === undefined) {
    const term = product(input, shift(w.interval, node.wZeroPoint));
    return accumulatedTerms(node, term, taps);
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

// A partial sum holds any subset of the terms, whatever order a kernel adds them in, so it is
// bounded by letting each term also be zero.

/** Bounds of a sum of `count` terms. */
export function accumulatedTerms(node: GraphNode, term: Interval, count: number): Interval {
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

import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphNode } from "./graph.ts";
import { ELEMENT_RANGES, type ElementType, type Interval } from "./tensor.ts";

export function product(a: Interval, b: Interval): Interval {
  return hull([a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]);
}

export function add(a: Interval, b: Interval): Interval {
  return { min: a.min + b.min, max: a.max + b.max };
}

export function pairwise(
  a: Interval,
  b: Interval,
  choose: (x: bigint, y: bigint) => bigint,
): Interval {
  return { min: choose(a.min, b.min), max: choose(a.max, b.max) };
}

export function hull(values: readonly bigint[]): Interval {
  return { min: values.reduce(smaller), max: values.reduce(larger) };
}

// Math.min and Math.max take no bigint.

export function smaller(x: bigint, y: bigint): bigint {
  if (x < y) return x;
  return y;
}

export function larger(x: bigint, y: bigint): bigint {
  if (x < y) return y;
  return x;
}

export function union(a: Interval, b: Interval): Interval {
  return hull([a.min, a.max, b.min, b.max]);
}

export function withZero(interval: Interval): Interval {
  return hull([interval.min, interval.max, 0n]);
}

export function shift({ min, max }: Interval, zeroPoint: number): Interval {
  return { min: min - BigInt(zeroPoint), max: max - BigInt(zeroPoint) };
}

export function clamp(value: bigint, min: bigint, max: bigint): bigint {
  return value < min ? min : value > max ? max : value;
}

/**
 * The interval itself when it lies inside the element type.
 * @throws ZkmlError RANGE_OVERFLOW naming the node.
 */
export function fit(node: GraphNode, elementType: ElementType, interval: Interval): Interval {
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

import type { ArgMaxNode, ReduceSumNode } from "../ir/graph.ts";
import { reductionIndices } from "../ir/shapes.ts";
import type { IntegerTensor } from "../ir/tensor.ts";

/** The graph proved every partial sum inside int32. */
export function reduceSum({ axes }: ReduceSumNode, x: IntegerTensor): Int32Array {
  const targets = reductionIndices(x.shape, axes);
  const sums = new Int32Array((targets.at(-1) as number) + 1);
  for (const [i, target] of targets.entries()) {
    sums[target] = (sums[target] as number) + (x.data[i] as number);
  }
  return sums;
}

export function argMax({ axis }: ArgMaxNode, x: IntegerTensor): Int32Array {
  const targets = reductionIndices(x.shape, [axis]);
  const step = x.shape.slice(axis + 1).reduce((product, dimension) => product * dimension, 1);
  const count = (targets.at(-1) as number) + 1;
  const largest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const indices = new Int32Array(count);
  // Row-major order meets the elements of a line from first to last, so the first largest stays.
  for (const [i, target] of targets.entries()) {
    const value = x.data[i] as number;
    if (value <= (largest[target] as number)) continue;
    largest[target] = value;
    indices[target] = Math.floor(i / step) % (x.shape[axis] as number);
  }
  return indices;
}

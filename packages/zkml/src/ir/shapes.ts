import { ZkmlError } from "../errors/zkml-error.ts";
import type { Window } from "./graph.ts";
import type { Shape } from "./tensor.ts";

/** Shape of a numpy-broadcast pair, or undefined when they do not broadcast. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.push(Math.max(left, right));
  }
  return result;
}

/** Row-major distance between neighbours along each axis, in elements. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis] as number;
  }
  return strides;
}

/**
 * For each element of `target` in row-major order, the index of the element of `source` that
 * broadcasting puts there.
 */
export function broadcastIndices(source: Shape, target: Shape): Int32Array {
  const offset = target.length - source.length;
  const strides = rowMajorStrides(source);
  const steps = target.map((_, axis) =>
    axis < offset || source[axis - offset] === 1 ? 0 : (strides[axis - offset] as number),
  );
  return walk(target, steps);
}

/** Source index of each element of a transposed tensor, in the output's row-major order. */
export function transposeIndices(source: Shape, permutation: readonly number[]): Int32Array {
  const strides = rowMajorStrides(source);
  return walk(
    permutation.map((axis) => source[axis] as number),
    permutation.map((axis) => strides[axis] as number),
  );
}

/** For each element of `shape` in row-major order, its element of the tensor without `axes`. */
export function reductionIndices(shape: Shape, axes: readonly number[]): Int32Array {
  const kept = shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
  const strides = rowMajorStrides(kept);
  return walk(
    shape,
    strides.map((stride, axis) => (axes.includes(axis) ? 0 : stride)),
  );
}

/**
 * For each element of the operands joined along `axis`, in row-major order, its index in the row
 * of all operands' elements, one operand after another.
 */
export function concatIndices(shapes: readonly Shape[], axis: number): Int32Array {
  const outer = (shapes[0] ?? []).slice(0, axis).reduce((count, d) => count * d, 1);
  const sizes = shapes.map((shape) => shape.reduce((count, d) => count * d, 1));
  const indices = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
  let next = 0;
  for (let block = 0; block < outer; block++) {
    let start = 0;
    for (const size of sizes) {
      const length = size / outer;
      for (let i = 0; i < length; i++) indices[next++] = start + block * length + i;
      start += size;
    }
  }
  return indices;
}

function walk(shape: Shape, steps: readonly number[]): Int32Array {
  const total = shape.reduce((product, dimension) => product * dimension, 1);
  const indices = new Int32Array(total);
  const counter = new Array<number>(shape.length).fill(0);
  let index = 0;
  for (let i = 0; i < total; i++) {
    indices[i] = index;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index += steps[axis] as number;
      counter[axis] = (counter[axis] as number) + 1;
      if ((counter[axis] as number) < (shape[axis] as number)) break;
      index -= (steps[axis] as number) * (shape[axis] as number);
      counter[axis] = 0;
    }
  }
  return indices;
}

/**
 * Output height and width of a convolution or pooling window (rounding down).
 * @throws ZkmlError INVALID_SHAPE when an entry is out of bounds or the window does not fit.
 */
export function windowOutput(
  window: Window,
  height: number,
  width: number,
  node: string,
): readonly [number, number] {
  const { kernel, strides, dilations, pads } = window;
  const positive = [...kernel, ...strides, ...dilations];
  const bounded = (value: number, least: number) =>
    Number.isInteger(value) && value >= least && value < 2 ** 16;
  if (!positive.every((v) => bounded(v, 1)) || !pads.every((v) => bounded(v, 0))) {
    throw new ZkmlError(
      "INVALID_SHAPE",
      `node "${node}": kernel, strides and dilations must be in [1, 65535] and pads in [0, 65535]`,
      { node, kernel, strides, dilations, pads },
    );
  }
  const along = (axis: 0 | 1, extent: number) => {
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    const padded = extent + pads[axis] + pads[(axis + 2) as 2 | 3];
    if (padded < reach) {
      throw new ZkmlError(
        "INVALID_SHAPE",
        `node "${node}": a window reaching ${reach} does not fit a padded extent of ${padded}`,
        { node, reach, padded },
      );
    }
    return Math.floor((padded - reach) / strides[axis]) + 1;
  };
  return [along(0, height), along(1, width)];
}

import type { Shape } from "../ir/tensor.ts";
import { axisOrder, type Layout } from "./tensor-root.ts";

/**
 * Distance in packed order between neighbours along each axis of the shape, in elements: an element
 * lies at the sum of its coordinates times these.
 */
export function packedStrides(shape: Shape, layout: Layout): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (const axis of axisOrder(shape, layout).reverse()) {
    strides[axis] = step;
    step *= shape[axis] as number;
  }
  return strides;
}

/** Place of the element in packed order. */
export function packedPosition(strides: readonly number[], coordinates: readonly number[]): number {
  return coordinates.reduce((sum, at, axis) => sum + at * (strides[axis] as number), 0);
}

/** The coordinates of the element at this place. */
export function coordinatesAt(
  shape: Shape,
  strides: readonly number[],
  position: number,
): number[] {
  return shape.map(
    (dimension, axis) => Math.floor(position / (strides[axis] as number)) % dimension,
  );
}

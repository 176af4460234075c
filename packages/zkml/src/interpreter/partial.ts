import type { ReductionRange } from "../commitments/lowering/partial-reductions.ts";
import type {
  ConvIntegerNode,
  GraphNode,
  MatMulIntegerNode,
  MaxPoolNode,
  ReduceSumNode,
} from "../ir/graph.ts";
import { broadcastIndices, rowMajorStrides } from "../ir/shapes.ts";
import {
  allocate,
  ELEMENT_RANGES,
  type IntegerTensor,
  type Shape,
  type TensorData,
} from "../ir/tensor.ts";

/** Where a part begins: the sum, or the largest, of the terms before it. */
interface Part {
  readonly shape: Shape;
  readonly range: ReductionRange;
  readonly before: TensorData;
}

/**
 * One part of a reduction: its terms added to what the parts before gave.
 * @param operands Those of the whole node, then what the part before gave, unless it is the first.
 * @throws RangeError for a node that is no reduction.
 */
export function evaluatePart(
  node: GraphNode,
  operands: readonly IntegerTensor[],
  shape: Shape,
  range: ReductionRange,
): TensorData {
  const [a, b] = operands as [IntegerTensor, IntegerTensor];
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const given = range.from > 0 ? operands.at(-1)?.data : undefined;
  const sum = { shape, range, before: given ?? new Int32Array(count) };
  switch (node.op) {
    case "MatMulInteger":
      return matMulPart(node, a, b, sum);
    case "ConvInteger":
      return convPart(node, a, b, sum);
    case "ReduceSum":
      return sumPart(node, a, sum);
    case "MaxPool": {
      const least = Number(ELEMENT_RANGES[a.elementType].min);
      const before = given ?? allocate(a.elementType, count).fill(least);
      return poolPart(node, a, { shape, range, before });
    }
    default:
      throw new RangeError(`${node.op} has no parts`);
  }
}

function matMulPart(
  node: MatMulIntegerNode,
  a: IntegerTensor,
  b: IntegerTensor,
  { shape, range, before }: Part,
): Int32Array {
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1) as number;
  const batch = shape.slice(0, -2);
  const aMatrices = broadcastIndices(a.shape.slice(0, -2), batch);
  const bMatrices = broadcastIndices(b.shape.slice(0, -2), batch);
  return Int32Array.from(before, (start, i) => {
    const [row, column] = [Math.floor(i / columns) % rows, i % columns];
    const matrix = Math.floor(i / (rows * columns));
    const aBase = ((aMatrices[matrix] as number) * rows + row) * inner;
    const bBase = (bMatrices[matrix] as number) * inner * columns + column;
    let sum = start;
    for (let k = range.from; k < range.to; k++) {
      const left = (a.data[aBase + k] as number) - node.aZeroPoint;
      sum += left * ((b.data[bBase + k * columns] as number) - node.bZeroPoint);
    }
    return sum;
  });
}

function convPart(
  node: ConvIntegerNode,
  x: IntegerTensor,
  w: IntegerTensor,
  { shape, range, before }: Part,
): Int32Array {
  const [, filters, outHeight, outWidth] = shape as [number, number, number, number];
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const [, perGroup, kernelHeight, kernelWidth] = w.shape as [number, number, number, number];
  const { strides, dilations, pads } = node.window;
  return Int32Array.from(before, (start, i) => {
    const [outColumn, outRow] = [i % outWidth, Math.floor(i / outWidth) % outHeight];
    const filter = Math.floor(i / (outHeight * outWidth)) % filters;
    const image = Math.floor(i / (outHeight * outWidth * filters));
    const group = Math.floor(filter / (filters / node.groups));
    let sum = start;
    for (let r = range.from; r < range.to; r++) {
      const [c, tap] = [r % perGroup, Math.floor(r / perGroup)];
      const [ky, kx] = [Math.floor(tap / kernelWidth), tap % kernelWidth];
      const row = outRow * strides[0] + ky * dilations[0] - pads[0];
      const column = outColumn * strides[1] + kx * dilations[1] - pads[1];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const plane = image * channels + group * perGroup + c;
      const pixel = x.data[(plane * height + row) * width + column] as number;
      const weight = w.data[((filter * perGroup + c) * kernelHeight + ky) * kernelWidth + kx];
      sum += (pixel - node.xZeroPoint) * ((weight as number) - node.wZeroPoint);
    }
    return sum;
  });
}

function sumPart({ axes }: ReduceSumNode, x: IntegerTensor, { range, before }: Part): Int32Array {
  const strides = rowMajorStrides(x.shape);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  /** Where the element of these axes lies when they are counted row-major. */
  const offset = (among: readonly number[], index: number) => {
    let [rest, position] = [index, 0];
    for (const axis of among.toReversed()) {
      const dimension = x.shape[axis] as number;
      position += (rest % dimension) * (strides[axis] as number);
      rest = Math.floor(rest / dimension);
    }
    return position;
  };
  return Int32Array.from(before, (start, i) => {
    const base = offset(kept, i);
    let sum = start;
    for (let r = range.from; r < range.to; r++) sum += x.data[base + offset(axes, r)] as number;
    return sum;
  });
}

function poolPart(
  { window }: MaxPoolNode,
  x: IntegerTensor,
  { shape, range, before }: Part,
): TensorData {
  const [outHeight, outWidth] = shape.slice(2) as [number, number];
  const [height, width] = x.shape.slice(2) as [number, number];
  const { kernel, strides, pads } = window;
  return before.map((start, i) => {
    const plane = Math.floor(i / (outHeight * outWidth));
    const top = (Math.floor(i / outWidth) % outHeight) * strides[0] - pads[0];
    const left = (i % outWidth) * strides[1] - pads[1];
    let largest = start;
    for (let r = range.from; r < range.to; r++) {
      const [row, column] = [top + Math.floor(r / kernel[1]), left + (r % kernel[1])];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      largest = Math.max(largest, x.data[(plane * height + row) * width + column] as number);
    }
    return largest;
  });
}

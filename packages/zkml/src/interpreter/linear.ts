import type { ConvIntegerNode, MatMulIntegerNode } from "../ir/graph.ts";
import { broadcastIndices } from "../ir/shapes.ts";
import type { IntegerTensor, Shape, TensorData } from "../ir/tensor.ts";

// Sums are kept in doubles, exact below 2^53. The graph proved every partial sum inside int32,
// so storing the result in an Int32Array never wraps.

export function matMulInteger(
  node: MatMulIntegerNode,
  a: IntegerTensor,
  b: IntegerTensor,
  shape: Shape,
): Int32Array {
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1) as number;
  const batch = shape.slice(0, -2);
  const aMatrices = broadcastIndices(a.shape.slice(0, -2), batch);
  const bMatrices = broadcastIndices(b.shape.slice(0, -2), batch);
  const output = new Int32Array(aMatrices.length * rows * columns);
  let next = 0;
  for (let matrix = 0; matrix < aMatrices.length; matrix++) {
    const aBase = (aMatrices[matrix] as number) * rows * inner;
    const bBase = (bMatrices[matrix] as number) * inner * columns;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const left = (a.data[aBase + row * inner + k] as number) - node.aZeroPoint;
          const right = (b.data[bBase + k * columns + column] as number) - node.bZeroPoint;
          sum += left * right;
        }
        output[next++] = sum;
      }
    }
  }
  return output;
}

export function convInteger(
  node: ConvIntegerNode,
  x: IntegerTensor,
  w: IntegerTensor,
  shape: Shape,
): Int32Array {
  const [batch, filters, height, width] = shape as [number, number, number, number];
  const channels = x.shape[1] as number;
  const perGroup = w.shape[1] as number;
  const filtersPerGroup = filters / node.groups;
  const output = new Int32Array(batch * filters * height * width);
  let next = 0;
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < filters; m++) {
      const plane = n * channels + Math.floor(m / filtersPerGroup) * perGroup;
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          output[next++] = convolveAt(node, x, w, { plane, filter: m, row, column });
        }
      }
    }
  }
  return output;
}

interface Position {
  /** First input plane that the filter reads. */
  readonly plane: number;
  readonly filter: number;
  readonly row: number;
  readonly column: number;
}

function convolveAt(
  { window, xZeroPoint, wZeroPoint }: ConvIntegerNode,
  x: IntegerTensor,
  w: IntegerTensor,
  at: Position,
): number {
  const [, perGroup, kernelHeight, kernelWidth] = w.shape as [number, number, number, number];
  const [, , height, width] = x.shape as [number, number, number, number];
  const input: TensorData = x.data;
  const weights: TensorData = w.data;
  let sum = 0;
  for (let c = 0; c < perGroup; c++) {
    for (let i = 0; i < kernelHeight; i++) {
      const row = at.row * window.strides[0] + i * window.dilations[0] - window.pads[0];
      if (row < 0 || row >= height) continue;
      for (let j = 0; j < kernelWidth; j++) {
        const column = at.column * window.strides[1] + j * window.dilations[1] - window.pads[1];
        if (column < 0 || column >= width) continue;
        const pixel = input[((at.plane + c) * height + row) * width + column] as number;
        const tap = ((at.filter * perGroup + c) * kernelHeight + i) * kernelWidth + j;
        sum += (pixel - xZeroPoint) * ((weights[tap] as number) - wZeroPoint);
      }
    }
  }
  return sum;
}

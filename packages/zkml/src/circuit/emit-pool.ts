import type { MaxPoolNode, ValueInfo } from "../ir/graph.ts";
import type { Interval, Shape } from "../ir/tensor.ts";
import type { CircuitWriter } from "./circuit-writer.ts";
import { unsupported } from "./emit-linear.ts";
import { difference, signedWidth } from "./widths.ts";

/** What a pooling reads: signals in row-major order. */
export interface PoolOperand {
  readonly array: string;
  readonly shape: Shape;
  readonly interval: Interval;
}

/** MaxPool as a chain of comparisons over each window. */
export function emitMaxPool(writer: CircuitWriter, node: MaxPoolNode): void {
  const { array, info, interval } = writer.value(node.inputs[0]);
  const out = writer.declare(node.output);
  emitWindows(writer, node, { array, shape: info.shape, interval }, out);
}

export function emitWindows(
  writer: CircuitWriter,
  node: MaxPoolNode,
  x: PoolOperand,
  out: { readonly array: string; readonly count: number },
): void {
  const { shape } = writer.graph.values.get(node.output) as ValueInfo;
  const windows = windowIndices(node, x.shape, shape);
  const taps = Math.max(...windows.map((window) => window.length));
  // A window cut by padding repeats its first element, which changes no maximum.
  const padded = windows.flatMap((window) =>
    Array.from({ length: taps }, (_, i) => window[i] ?? (window[0] as number)),
  );
  writer.groups(out, `LargestOf(${comparisonWidth(x.interval)}, ${taps})`, x.array, padded);
}

/** Constraints of the whole pooling of values in an interval. */
export function poolConstraints(writer: CircuitWriter, node: MaxPoolNode, interval: Interval) {
  const { kernel } = node.window;
  const { shape } = writer.graph.values.get(node.output) as ValueInfo;
  const outputs = shape.reduce((count, dimension) => count * dimension, 1);
  return outputs * (kernel[0] * kernel[1] - 1) * (comparisonWidth(interval) + 1);
}

function comparisonWidth(interval: Interval): number {
  return signedWidth(difference(interval, interval));
}

/** Input positions that each output looks at, padding left out. */
function windowIndices(node: MaxPoolNode, input: Shape, output: Shape): number[][] {
  const [, , height, width] = input as [number, number, number, number];
  const [batch, channels, outHeight, outWidth] = output as [number, number, number, number];
  const { kernel, strides, dilations, pads } = node.window;
  const windows: number[][] = [];
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const indices: number[] = [];
        for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
          const y = row * strides[0] - pads[0] + Math.floor(tap / kernel[1]) * dilations[0];
          const z = column * strides[1] - pads[1] + (tap % kernel[1]) * dilations[1];
          const inside = y >= 0 && y < height && z >= 0 && z < width;
          if (inside) indices.push((plane * height + y) * width + z);
        }
        if (indices.length === 0) throw unsupported(node, "a window lies wholly in the padding");
        windows.push(indices);
      }
    }
  }
  return windows;
}

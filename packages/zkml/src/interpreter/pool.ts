import type { MaxPoolNode } from "../ir/graph.ts";
import { allocate, type IntegerTensor, type Shape, type TensorData } from "../ir/tensor.ts";

export function maxPool({ window }: MaxPoolNode, x: IntegerTensor, shape: Shape): TensorData {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const [inputHeight, inputWidth] = x.shape.slice(2) as [number, number];
  const output = allocate(x.elementType, batch * channels * height * width);
  let next = 0;
  for (let plane = 0; plane < batch * channels; plane++) {
    const base = plane * inputHeight * inputWidth;
    for (let row = 0; row < height; row++) {
      const top = row * window.strides[0] - window.pads[0];
      const bottom = Math.min(top + window.kernel[0], inputHeight);
      for (let column = 0; column < width; column++) {
        const left = column * window.strides[1] - window.pads[1];
        const right = Math.min(left + window.kernel[1], inputWidth);
        let largest = Number.NEGATIVE_INFINITY;
        for (let i = Math.max(top, 0); i < bottom; i++) {
          for (let j = Math.max(left, 0); j < right; j++) {
            largest = Math.max(largest, x.data[base + i * inputWidth + j] as number);
          }
        }
        output[next++] = largest;
      }
    }
  }
  return output;
}

import type { ValueName } from "../../ir/graph.ts";
import { broadcastIndices, broadcastShapes } from "../../ir/shapes.ts";
import { elementCount, type Shape } from "../../ir/tensor.ts";
import type { Factors, LinearNode } from "./float-graph.ts";

/** `factor · x + offset`, both broadcast against x. */
export interface AffineFactors {
  readonly factor: Factors;
  readonly offset: Factors;
}

export interface AffineOfValue extends AffineFactors {
  readonly value: ValueName;
}

export const ONE: Factors = { shape: [], data: [1] };
export const ZERO: Factors = { shape: [], data: [0] };

/** `outer(inner(x))`. */
export function composeAffine(outer: AffineFactors, inner: AffineFactors): AffineFactors {
  const times = (a: Factors, b: Factors) => combine(a, b, (x, y) => x * y);
  return {
    factor: times(outer.factor, inner.factor),
    offset: combine(times(outer.factor, inner.offset), outer.offset, (x, y) => x + y),
  };
}

/** Element by element with numpy broadcasting; the shapes are known to fit one value. */
export function combine(a: Factors, b: Factors, apply: (x: number, y: number) => number): Factors {
  const shape = broadcastShapes(a.shape, b.shape) as Shape;
  const [from, other] = [broadcastIndices(a.shape, shape), broadcastIndices(b.shape, shape)];
  const data = Float64Array.from({ length: elementCount(shape) }, (_, i) =>
    apply(a.data[from[i] as number] as number, b.data[other[i] as number] as number),
  );
  return { shape, data };
}

/** `factor · linear + offset` as one linear node, when both vary with the channel alone. */
export function foldAffine(
  linear: LinearNode,
  shape: Shape,
  factor: Factors,
  offset: Factors,
  output: string,
): LinearNode | undefined {
  const channels = linear.bias.length;
  const axis = linear.convolution === undefined ? shape.length - 1 : 1;
  const scales = alongAxis(factor, shape, axis);
  const offsets = alongAxis(offset, shape, axis);
  if (scales === undefined || offsets === undefined) return undefined;
  const taps = linear.weights.length / channels;
  const channel = (i: number) =>
    linear.convolution === undefined ? i % channels : Math.floor(i / taps);
  const { given } = linear;
  const positive = scales.every((scale) => scale > 0);
  const common = scales.every((scale) => scale === scales[0]);
  const list = given?.scales.length === 1 && !common ? scales : given?.scales;
  return {
    ...linear,
    output,
    weights: linear.weights.map((weight, i) => weight * (scales[channel(i)] as number)),
    bias: linear.bias.map((value, c) => value * (scales[c] as number) + (offsets[c] as number)),
    given:
      given && positive && given.zeroPoints.every((zero) => zero === given.zeroPoints[0])
        ? {
            ...given,
            scales: Array.from(
              list ?? [],
              (_, c) => (given.scales[c] ?? (given.scales[0] as number)) * (scales[c] as number),
            ),
          }
        : undefined,
  };
}

/**
 * A linear node of `factor · x + offset` as one of x, when both vary with the input channel alone
 * and no padding stands for an x of zero.
 * @param shape of the input.
 */
export function foldInput(
  linear: LinearNode,
  shape: Shape,
  { value, factor, offset }: AffineOfValue,
): LinearNode | undefined {
  const { convolution, weightShape, weights } = linear;
  const axis = convolution === undefined ? shape.length - 1 : 1;
  const scales = alongAxis(factor, shape, axis);
  const offsets = alongAxis(offset, shape, axis);
  const padded = convolution?.window.pads.some((pad) => pad > 0) ?? false;
  if (scales === undefined || offsets === undefined) return undefined;
  if (padded && offsets.some((value) => value !== 0)) return undefined;
  const channels = linear.bias.length;
  const perGroup = weightShape[1] as number;
  const kernel = weights.length / (channels * perGroup);
  const filters = channels / (convolution?.groups ?? 1);
  // Weights lie as [filter, channel, kernel] for convolutions and as [inner, column] for products.
  const position = (i: number): readonly [input: number, output: number] => {
    if (convolution === undefined) return [Math.floor(i / channels), i % channels];
    const filter = Math.floor(i / (perGroup * kernel));
    const channel = Math.floor(i / kernel) % perGroup;
    return [Math.floor(filter / filters) * perGroup + channel, filter];
  };
  const bias = Float64Array.from(linear.bias);
  const scaled = weights.map((weight, i) => {
    const [input, output] = position(i);
    bias[output] = (bias[output] as number) + weight * (offsets[input] as number);
    return weight * (scales[input] as number);
  });
  return { ...linear, input: value, weights: scaled, bias, given: undefined };
}

/** One value for each index along an axis, or undefined where the constant varies otherwise. */
function alongAxis(constant: Factors, shape: Shape, axis: number): Float64Array | undefined {
  const extent = shape[axis] as number;
  const padded = [...shape.map(() => 1), ...constant.shape].slice(-shape.length);
  const aligned = padded.every((size, i) => size === 1 || (i === axis && size === extent));
  if (constant.shape.length > shape.length || !aligned) return undefined;
  const single = constant.data.length === 1;
  return Float64Array.from({ length: extent }, (_, c) => constant.data[single ? 0 : c] ?? 0);
}

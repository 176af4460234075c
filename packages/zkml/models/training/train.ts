import type { SeededRandom } from "../../src/ir/random.ts";
import type { LabelledImages } from "./data.ts";
import type { Layer, Parameter } from "./layer.ts";
import { softmax } from "./softmax.ts";

export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** Pulls weights toward zero, which keeps them even enough to survive few bits. */
  readonly weightDecay: number;
  /** Weights are kept within ± this many times the root mean square of their layer's. */
  readonly clipRatio?: number;
}

/** Minimises cross-entropy by gradient descent with momentum; the rate falls to zero linearly. */
export function train(
  layers: readonly Layer[],
  images: LabelledImages,
  options: TrainingOptions,
  random: SeededRandom,
  onEpoch: (epoch: number) => void = () => {},
): void {
  const count = images.labels.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const batches = Math.floor(count / options.batchSize);
  const steps = options.epochs * batches;
  for (let step = 0; step < steps; step++) {
    const batch = step % batches;
    if (batch === 0) random.shuffle(order);
    const start = batch * options.batchSize;
    for (const image of order.subarray(start, start + options.batchSize)) {
      accumulate(layers, images, image);
    }
    const rate = options.learningRate * (1 - step / steps);
    for (const { parameters } of layers) {
      for (const parameter of parameters) descend(parameter, rate, options);
    }
    if (batch === batches - 1) onEpoch((step + 1) / batches);
  }
}

/** Output of the last layer. */
export function run(layers: readonly Layer[], input: Float64Array): Float64Array {
  return layers.reduce((value, layer) => layer.forward(value), input);
}

/** Share of images whose largest output is their label. */
export function accuracyOf(layers: readonly Layer[], { pixels, labels }: LabelledImages): number {
  const size = pixels.length / labels.length;
  let correct = 0;
  for (let i = 0; i < labels.length; i++) {
    const logits = run(layers, pixels.subarray(i * size, (i + 1) * size));
    if (logits.indexOf(Math.max(...logits)) === labels[i]) correct++;
  }
  return correct / labels.length;
}

function accumulate(
  layers: readonly Layer[],
  { pixels, labels }: LabelledImages,
  image: number,
): void {
  const size = pixels.length / labels.length;
  let errors = softmax(run(layers, pixels.subarray(image * size, (image + 1) * size)));
  const label = labels[image] as number;
  errors[label] = (errors[label] as number) - 1;
  for (const [i, layer] of [...layers.entries()].reverse()) {
    layer.backward(errors);
    if (i > 0) errors = layer.inputErrors(errors);
  }
}

function descend(
  { values, gradient, velocity, isWeight }: Parameter,
  learningRate: number,
  { batchSize, momentum, weightDecay, clipRatio }: TrainingOptions,
): void {
  const rate = learningRate / batchSize;
  const decay = isWeight ? learningRate * weightDecay : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const change =
      momentum * (velocity[i] as number) - rate * (gradient[i] as number) - decay * value;
    velocity[i] = change;
    values[i] = value + change;
  }
  gradient.fill(0);
  if (isWeight && clipRatio !== undefined) clip(values, clipRatio);
}

function clip(values: Float64Array, ratio: number): void {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] as number) * (values[i] as number);
  const bound = ratio * Math.sqrt(squares / values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > bound) values[i] = bound;
    else if (value < -bound) values[i] = -bound;
  }
}

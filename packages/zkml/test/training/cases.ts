import type { SeededRandom } from "../../src/ir/random.ts";
import type { TrainingBatch } from "../../src/training/sgd.ts";
import { parameterCount, type TrainingShape } from "../../src/training/shape.ts";

/** Small enough to compile in every test run. */
export const SMALL: TrainingShape = {
  inputs: 8,
  hidden: 4,
  classes: 3,
  batch: 2,
  depth: 2,
  rateShift: 5,
};

export function randomBatch(shape: TrainingShape, random: SeededRandom): TrainingBatch {
  return {
    pixels: Uint8Array.from({ length: shape.batch * shape.inputs }, () => random.integer(0, 255)),
    labels: Uint8Array.from({ length: shape.batch }, () => random.integer(0, shape.classes - 1)),
  };
}

export function randomParameters(shape: TrainingShape, random: SeededRandom, limit: number) {
  const draw = () => random.integer(-limit, limit);
  return Int16Array.from({ length: parameterCount(shape) }, draw);
}

export interface Extreme {
  readonly name: string;
  readonly parameters: Int16Array;
  readonly batch: TrainingBatch;
}

/** States and batches in which every clamp and bound is reached on either side. */
export function extremes(shape: TrainingShape): Extreme[] {
  const count = parameterCount(shape);
  const pixels = (value: number) => new Uint8Array(shape.batch * shape.inputs).fill(value);
  const labels = (value: number) => new Uint8Array(shape.batch).fill(value);
  const state = (value: (at: number) => number) =>
    Int16Array.from({ length: count }, (_, i) => value(i));
  const split = shape.hidden * (shape.inputs + 1);
  const last = shape.classes - 1;
  const firstBias = (i: number, bias: number) =>
    i % (shape.inputs + 1) === shape.inputs ? bias : 0;
  const isLastBias = (i: number) => (i - split) % (shape.hidden + 1) === shape.hidden;
  return [
    { name: "zeros", parameters: state(() => 0), batch: { pixels: pixels(0), labels: labels(0) } },
    {
      name: "all at the top",
      parameters: state(() => 32767),
      batch: { pixels: pixels(255), labels: labels(last) },
    },
    {
      name: "all at the bottom",
      parameters: state(() => -32768),
      batch: { pixels: pixels(255), labels: labels(0) },
    },
    {
      name: "active units against a sinking output",
      parameters: state((i) => (i < split ? 100 : -32768)),
      batch: { pixels: pixels(255), labels: labels(0) },
    },
    {
      name: "active units against a rising output",
      parameters: state((i) => (i < split ? 100 : 32767)),
      batch: { pixels: pixels(255), labels: labels(last) },
    },
    // Biases of 640 make every activation 10; the last biases send the outputs to the other side.
    {
      name: "weights pushed beyond the top",
      parameters: state((i) => (i < split ? firstBias(i, 640) : isLastBias(i) ? -32768 : 32767)),
      batch: { pixels: pixels(0), labels: labels(0) },
    },
    {
      name: "weights pushed beyond the bottom",
      parameters: state((i) => (i < split ? firstBias(i, 640) : isLastBias(i) ? 32767 : -32768)),
      batch: { pixels: pixels(0), labels: labels(0) },
    },
    {
      name: "alternating signs",
      parameters: state((i) => (i % 2 === 0 ? 32767 : -32768)),
      batch: { pixels: pixels(1), labels: labels(0) },
    },
  ];
}

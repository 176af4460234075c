import type { SeededRandom } from "../../src/ir/random.ts";
import type { LabelledImages } from "../training/data.ts";
import { DenseLayer } from "../training/dense.ts";
import { ReluLayer } from "../training/relu.ts";
import { type TrainingOptions, train } from "../training/train.ts";

export interface Mlp {
  readonly hidden: DenseLayer;
  readonly output: DenseLayer;
}

export function createMlp(
  inputs: number,
  hidden: number,
  classes: number,
  random: SeededRandom,
): Mlp {
  return {
    hidden: new DenseLayer(inputs, hidden, random),
    output: new DenseLayer(hidden, classes, random),
  };
}

export function trainMlp(
  { hidden, output }: Mlp,
  images: LabelledImages,
  options: TrainingOptions,
  random: SeededRandom,
): void {
  train([hidden, new ReluLayer(), output], images, options, random);
}

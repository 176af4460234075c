import type { SeededRandom } from "../../src/ir/random.ts";
import { ConvolutionLayer } from "../training/convolution.ts";
import { DenseLayer } from "../training/dense.ts";
import type { Layer } from "../training/layer.ts";
import { MaxPoolLayer } from "../training/max-pool.ts";
import { ReluLayer } from "../training/relu.ts";

/** 28 × 28 → 6 planes of 24 → 12 → 16 planes of 8 → 4 → 256 → 120 → 84 → 10. */
export function createLenet(random: SeededRandom): readonly Layer[] {
  return [
    new ConvolutionLayer({ inputs: 1, outputs: 6, size: 28, kernel: 5 }, random),
    new ReluLayer(),
    new MaxPoolLayer(6, 24),
    new ConvolutionLayer({ inputs: 6, outputs: 16, size: 12, kernel: 5 }, random),
    new ReluLayer(),
    new MaxPoolLayer(16, 8),
    new DenseLayer(256, 120, random),
    new ReluLayer(),
    new DenseLayer(120, 84, random),
    new ReluLayer(),
    new DenseLayer(84, 10, random),
  ];
}

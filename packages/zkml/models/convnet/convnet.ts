import type { IntegerGraph, ValueName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { CONVOLUTIONS, ConvnetBuilder, INPUT } from "./layers.ts";

const SEED = 20260704;

/** Chooses a layer's shift: called in the order of the layers with a way to build what leads to its sums. */
export type ChooseShift = (sums: () => IntegerGraph) => number;

/** Builds the network; the same shifts give the same graph. */
export function buildConvnet(chooseShift: ChooseShift): IntegerGraph {
  const builder = new ConvnetBuilder(new SeededRandom(SEED));
  const shiftFor = (sums: ValueName) => chooseShift(() => builder.finish(sums));
  const last = CONVOLUTIONS.length - 1;
  for (const [i, convolution] of CONVOLUTIONS.entries()) {
    const name = `layer-${i + 1}`;
    const sums = builder.addConvolution(name, convolution);
    if (i < last) {
      builder.requantise(name, sums, shiftFor(sums));
      continue;
    }
    const planes = builder.addPlaneSums("planes", builder.scale(name, sums, shiftFor(sums)));
    builder.requantise("planes", planes, shiftFor(planes));
  }
  builder.addClasses();
  return builder.finish();
}

/** A smooth random picture: each plane is a coarse grid of random values, interpolated. */
export function convnetImage(seed: number): IntegerTensor<"uint8"> {
  const random = new SeededRandom(seed);
  const [, planes, size] = INPUT.shape;
  const data = new Uint8Array(planes * size * size);
  const step = size / COARSE;
  for (let plane = 0; plane < planes; plane++) {
    const grid = Array.from({ length: (COARSE + 1) ** 2 }, () => random.integer(0, 255));
    for (let at = 0; at < size * size; at++) {
      const [y, x] = [Math.floor(at / size) / step, (at % size) / step];
      const corner = Math.floor(y) * (COARSE + 1) + Math.floor(x);
      const across = (from: number) =>
        (grid[from] as number) * (1 - (x % 1)) + (grid[from + 1] as number) * (x % 1);
      const value = across(corner) * (1 - (y % 1)) + across(corner + COARSE + 1) * (y % 1);
      data[plane * size * size + at] = Math.round(value);
    }
  }
  return { elementType: "uint8", shape: INPUT.shape, data };
}

const COARSE = 4;

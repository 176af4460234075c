import { SeededRandom } from "../../src/ir/random.ts";
import { FloatModelBuilder } from "./float-models.ts";

const UNARY = [
  "Relu",
  "Sigmoid",
  "Tanh",
  "HardSwish",
  "LeakyRelu",
  "HardSigmoid",
  "Elu",
  "Softplus",
];
const SQUARE = { kernel_shape: [2, 2], strides: [2, 2] };

/** A random float network of 3 to 6 layers and the shape of its samples. */
export function randomNetwork(seed: number): {
  readonly bytes: Uint8Array;
  readonly shape: number[];
} {
  const random = new SeededRandom(seed);
  return random.pick([true, false]) ? denseNetwork(random) : imageNetwork(random);
}

function denseNetwork(random: SeededRandom) {
  let width = random.integer(2, 12);
  const shape = [width];
  const b = new FloatModelBuilder(random.uint32(), ["N", width]);
  let value = "x";
  for (let layer = 0; layer < random.integer(2, 4); layer++) {
    const units = random.integer(2, 12);
    value = b.gemm(value, `g${layer}`, width, units);
    width = units;
    const other = value;
    value = b.add(random.pick(UNARY), [value], `a${layer}`);
    const join = random.pick(["Add", "Mul", "Sub", "none", "none"]);
    if (join !== "none") value = b.add(join, [value, other], `j${layer}`);
    if (random.unit() < 0.3) {
      value = b.add("Mul", [value, b.weights(`m${layer}`, [width], 2)], `s${layer}`);
    }
  }
  b.gemm(value, "y", width, random.integer(2, 6));
  return { bytes: b.bytes(), shape };
}

function imageNetwork(random: SeededRandom) {
  let channels = random.integer(1, 3);
  let size = random.pick([6, 8]);
  const shape = [channels, size, size];
  const b = new FloatModelBuilder(random.uint32(), [1, ...shape]);
  let value = "x";
  for (let layer = 0; layer < random.integer(1, 3); layer++) {
    const filters = random.integer(1, 4);
    value = b.conv(value, `c${layer}`, channels, filters, 3, { pads: [1, 1, 1, 1] });
    channels = filters;
    if (random.pick([true, false])) value = b.batchNorm(value, `n${layer}`, channels);
    value = b.add(random.pick(UNARY), [value], `a${layer}`);
    const tail = random.pick(["MaxPool", "AveragePool", "Concat", "none", "Residual"]);
    if (tail.endsWith("Pool") && size >= 4) {
      value = b.add(tail, [value], `p${layer}`, SQUARE);
      size = Math.floor(size / 2);
    } else if (tail === "Concat") {
      const side = b.conv(value, `side${layer}`, channels, 2, 1);
      value = b.add("Concat", [value, side], `k${layer}`, { axis: 1 });
      channels += 2;
    } else if (tail === "Residual") {
      const side = b.conv(value, `side${layer}`, channels, channels, 1);
      value = b.add("Add", [side, value], `r${layer}`);
    }
  }
  value = b.add("Flatten", [value], "flat");
  b.gemm(value, "y", channels * size * size, 3);
  return { bytes: b.bytes(), shape };
}

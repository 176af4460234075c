import { SeededRandom } from "../../src/ir/random.ts";
import type { TrainingBatch } from "../../src/training/sgd.ts";
import type { TrainingShape } from "../../src/training/shape.ts";
import { DIGIT_SIZE, renderDigit } from "./render.ts";

/** Drawings are centred in a square of this side, which cells divide evenly. */
const FRAME = 32;

/**
 * Batches of drawn digits below `classes`, each drawing scaled down to `inputs` cells: the mean of
 * the pixels in a cell. The same shape and seed give the same batches.
 * @throws RangeError unless `inputs` is a power of two from 2 to 1024 and `classes` at most 10.
 */
export function digitBatches(shape: TrainingShape, count: number, seed: number): TrainingBatch[] {
  const bits = Math.log2(shape.inputs);
  if (!Number.isInteger(bits) || bits < 1 || bits > 10 || shape.classes > 10) {
    throw new RangeError(
      `drawn digits make 2 to 1024 inputs, a power of two, and at most 10 classes; ` +
        `not ${shape.inputs} and ${shape.classes}`,
    );
  }
  const [columns, rows] = [2 ** Math.floor(bits / 2), 2 ** Math.ceil(bits / 2)];
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => {
    const pixels = new Uint8Array(shape.batch * shape.inputs);
    const labels = new Uint8Array(shape.batch);
    for (let n = 0; n < shape.batch; n++) {
      labels[n] = random.integer(0, shape.classes - 1);
      const drawn = renderDigit(labels[n] as number, random.integer(0, 2 ** 30 - 1));
      pixels.set(scaledDown(drawn.pixels, rows, columns), n * shape.inputs);
    }
    return { pixels, labels };
  });
}

function scaledDown(pixels: Uint8Array, rows: number, columns: number): Uint8Array {
  const [height, width] = [FRAME / rows, FRAME / columns];
  const margin = (FRAME - DIGIT_SIZE) / 2;
  const sums = new Float64Array(rows * columns);
  for (const [at, value] of pixels.entries()) {
    const y = Math.floor(at / DIGIT_SIZE) + margin;
    const x = (at % DIGIT_SIZE) + margin;
    const cell = Math.floor(y / height) * columns + Math.floor(x / width);
    sums[cell] = (sums[cell] as number) + value;
  }
  return Uint8Array.from(sums, (sum) => Math.floor(sum / (height * width)));
}

import { DIGIT_PIXELS, DIGIT_SIZE, HELD_OUT_SEED } from "../digits/render.ts";
import { drawImages } from "./data.ts";
import { encodeNpy } from "./npy.ts";

export interface SampleOptions {
  readonly count: number;
  /** Drawings that training saw, to calibrate with, or others, to test with. */
  readonly set: "calibration" | "held-out";
  /** [count, 784] for dense networks, instead of [count, 1, 28, 28]. */
  readonly flat: boolean;
}

/** Apart from the drawings that the models' reports count. */
const FIRST_HELD_OUT = HELD_OUT_SEED + 2 ** 22;

/** `images` as float32 in [0, 1] and `labels` as uint8, both in NumPy's file format. */
export function drawSamples({ count, set, flat }: SampleOptions): {
  readonly images: Buffer;
  readonly labels: Buffer;
} {
  const { pixels, labels } = drawImages(count, set === "calibration" ? 0 : FIRST_HELD_OUT);
  const shape = flat ? [count, DIGIT_PIXELS] : [count, 1, DIGIT_SIZE, DIGIT_SIZE];
  return {
    images: encodeNpy(Float32Array.from(pixels), shape),
    labels: encodeNpy(labels, [count]),
  };
}

import { DIGIT_PIXELS, renderDigit } from "../digits/render.ts";

export const CLASSES = 10;

export interface LabelledImages {
  /** One image after another, each value in [0, 1]. */
  readonly pixels: Float64Array;
  readonly labels: Uint8Array;
}

/** Draws `count` digits, labels 0 to 9 in turn, with the seeds `firstSeed`, `firstSeed` + 1, … */
export function drawImages(count: number, firstSeed = 0): LabelledImages {
  const pixels = new Float64Array(count * DIGIT_PIXELS);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const image = renderDigit(i % CLASSES, firstSeed + i);
    labels[i] = image.label;
    for (let p = 0; p < DIGIT_PIXELS; p++) {
      pixels[i * DIGIT_PIXELS + p] = (image.pixels[p] as number) / 255;
    }
  }
  return { pixels, labels };
}

import type { Layer } from "./layer.ts";

/** Largest value of every 2 × 2 square; the first of equal ones takes the gradient. */
export class MaxPoolLayer implements Layer {
  readonly parameters = [];
  readonly #channels: number;
  readonly #size: number;
  #chosen = new Uint32Array();

  /** Takes `channels` square planes, `size` on a side, which is even. */
  constructor(channels: number, size: number) {
    this.#channels = channels;
    this.#size = size;
  }

  forward(input: Float64Array): Float64Array {
    const size = this.#size;
    const half = size / 2;
    const output = new Float64Array(this.#channels * half * half);
    const chosen = new Uint32Array(output.length);
    let position = 0;
    for (let row = 0; row < this.#channels * size; row += 2) {
      for (let column = 0; column < size; column += 2) {
        const corner = row * size + column;
        let best = corner;
        for (const other of [corner + 1, corner + size, corner + size + 1]) {
          if ((input[other] as number) > (input[best] as number)) best = other;
        }
        chosen[position] = best;
        output[position++] = input[best] as number;
      }
    }
    this.#chosen = chosen;
    return output;
  }

  backward(): void {}

  inputErrors(errors: Float64Array): Float64Array {
    const result = new Float64Array(errors.length * 4);
    for (let i = 0; i < errors.length; i++) {
      result[this.#chosen[i] as number] = errors[i] as number;
    }
    return result;
  }
}

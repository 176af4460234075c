import type { Layer } from "./layer.ts";

export class ReluLayer implements Layer {
  readonly parameters = [];
  #output = new Float64Array();

  forward(input: Float64Array): Float64Array {
    this.#output = input.map((value) => Math.max(value, 0));
    return this.#output;
  }

  backward(): void {}

  inputErrors(errors: Float64Array): Float64Array {
    return errors.map((error, i) => (this.#output[i] === 0 ? 0 : error));
  }
}

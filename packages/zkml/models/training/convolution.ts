import type { SeededRandom } from "../../src/ir/random.ts";
import { createParameter, type Layer, type Parameter } from "./layer.ts";

export interface ConvolutionShape {
  readonly inputs: number;
  readonly outputs: number;
  /** Of the square input planes. */
  readonly size: number;
  /** Of the square kernels. */
  readonly kernel: number;
}

/** Convolution without padding, stride 1; weights as ONNX has them: [outputs, inputs, row, column]. */
export class ConvolutionLayer implements Layer {
  readonly shape: ConvolutionShape;
  readonly parameters: readonly [weights: Parameter, biases: Parameter];
  #input = new Float64Array();

  /** Weights start as normal numbers of variance 2 / (inputs · kernel²), biases at zero. */
  constructor(shape: ConvolutionShape, random: SeededRandom) {
    this.shape = shape;
    const fanIn = shape.inputs * shape.kernel ** 2;
    const scale = Math.sqrt(2 / fanIn);
    const length = shape.outputs * fanIn;
    this.parameters = [
      createParameter(
        Float64Array.from({ length }, () => scale * random.normal()),
        true,
      ),
      createParameter(new Float64Array(shape.outputs), false),
    ];
  }

  get weights(): Float64Array {
    return this.parameters[0].values;
  }

  get biases(): Float64Array {
    return this.parameters[1].values;
  }

  forward(input: Float64Array): Float64Array {
    this.#input = input as Float64Array<ArrayBuffer>;
    const { weights, biases } = this;
    const { outputs, size, kernel } = this.shape;
    const side = size - kernel + 1;
    const output = new Float64Array(outputs * side * side);
    for (let o = 0; o < outputs; o++) {
      output.fill(biases[o] as number, o * side * side, (o + 1) * side * side);
    }
    this.#eachWeight((weight, o, c, row, column) => {
      const value = weights[weight] as number;
      for (let y = 0; y < side; y++) {
        const from = (c * size + y + row) * size + column;
        const to = (o * side + y) * side;
        for (let x = 0; x < side; x++) {
          output[to + x] = (output[to + x] as number) + value * (input[from + x] as number);
        }
      }
    });
    return output;
  }

  backward(errors: Float64Array): void {
    const [{ gradient: weights }, { gradient: biases }] = this.parameters;
    const { inputs, size, kernel } = this.shape;
    const input = this.#input;
    this.#eachError(errors, (error, o, y, x) => {
      biases[o] = (biases[o] as number) + error;
      let weight = o * inputs * kernel * kernel;
      for (let c = 0; c < inputs; c++) {
        for (let row = 0; row < kernel; row++) {
          const from = (c * size + y + row) * size + x;
          for (let column = 0; column < kernel; column++, weight++) {
            weights[weight] =
              (weights[weight] as number) + error * (input[from + column] as number);
          }
        }
      }
    });
  }

  inputErrors(errors: Float64Array): Float64Array {
    const { weights } = this;
    const { inputs, size, kernel } = this.shape;
    const result = new Float64Array(inputs * size * size);
    this.#eachError(errors, (error, o, y, x) => {
      let weight = o * inputs * kernel * kernel;
      for (let c = 0; c < inputs; c++) {
        for (let row = 0; row < kernel; row++) {
          const to = (c * size + y + row) * size + x;
          for (let column = 0; column < kernel; column++, weight++) {
            result[to + column] =
              (result[to + column] as number) + error * (weights[weight] as number);
          }
        }
      }
    });
    return result;
  }

  #eachWeight(
    visit: (weight: number, output: number, input: number, row: number, column: number) => void,
  ): void {
    const { inputs, outputs, kernel } = this.shape;
    let weight = 0;
    for (let o = 0; o < outputs; o++) {
      for (let c = 0; c < inputs; c++) {
        for (let row = 0; row < kernel; row++) {
          for (let column = 0; column < kernel; column++) visit(weight++, o, c, row, column);
        }
      }
    }
  }

  /** Behind a pooling layer three errors in four are zero. */
  #eachError(
    errors: Float64Array,
    visit: (error: number, output: number, y: number, x: number) => void,
  ): void {
    const side = this.shape.size - this.shape.kernel + 1;
    for (let i = 0; i < errors.length; i++) {
      const error = errors[i] as number;
      if (error === 0) continue;
      const row = Math.floor(i / side);
      visit(error, Math.floor(row / side), row % side, i % side);
    }
  }
}

import type { SeededRandom } from "../../src/ir/random.ts";
import { createParameter, type Layer, type Parameter } from "./layer.ts";

/** Weights are stored input-major: the weight from input i to unit j is `weights[i * units + j]`. */
export class DenseLayer implements Layer {
  readonly inputs: number;
  readonly units: number;
  readonly parameters: readonly [weights: Parameter, biases: Parameter];
  #input = new Float64Array();

  /** Weights start as normal numbers of variance 2 / inputs, biases at zero. */
  constructor(inputs: number, units: number, random: SeededRandom) {
    this.inputs = inputs;
    this.units = units;
    const scale = Math.sqrt(2 / inputs);
    const weights = Float64Array.from({ length: inputs * units }, () => scale * random.normal());
    this.parameters = [
      createParameter(weights, true),
      createParameter(new Float64Array(units), false),
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
    const { units, weights } = this;
    const output = Float64Array.from(this.biases);
    for (let i = 0; i < input.length; i++) {
      const value = input[i] as number;
      if (value === 0) continue;
      const row = i * units;
      for (let j = 0; j < units; j++) {
        output[j] = (output[j] as number) + value * (weights[row + j] as number);
      }
    }
    return output;
  }

  backward(errors: Float64Array): void {
    const [{ gradient: weights }, { gradient: biases }] = this.parameters;
    const { units } = this;
    const input = this.#input;
    for (let j = 0; j < units; j++) biases[j] = (biases[j] as number) + (errors[j] as number);
    for (let i = 0; i < input.length; i++) {
      const value = input[i] as number;
      if (value === 0) continue;
      const row = i * units;
      for (let j = 0; j < units; j++) {
        weights[row + j] = (weights[row + j] as number) + value * (errors[j] as number);
      }
    }
  }

  inputErrors(errors: Float64Array): Float64Array {
    const { inputs, units, weights } = this;
    const result = new Float64Array(inputs);
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0; j < units; j++) {
        sum += (weights[i * units + j] as number) * (errors[j] as number);
      }
      result[i] = sum;
    }
    return result;
  }
}

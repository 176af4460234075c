import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph, ValueName } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type IntegerTensor } from "../../src/ir/tensor.ts";

/** Weights stay in seven bits, so that 8-bit kernels cannot saturate. */
const LARGEST_WEIGHT = 63;
const LARGEST_BIAS = 2000;
const ACTIVATIONS = 256;
const CLASSES = 10;

export interface Convolution {
  readonly channels: number;
  readonly stride: number;
  /** A pooling of 2 × 2 in front of it. */
  readonly pooled?: boolean;
}

/** 32 × 32 → 16 × 16 → 8 × 8 → pooled to 4 × 4. */
export const CONVOLUTIONS: readonly Convolution[] = [
  { channels: 96, stride: 2 },
  { channels: 256, stride: 2 },
  { channels: 512, stride: 1 },
  { channels: 512, stride: 1 },
  { channels: 1024, stride: 1, pooled: true },
  { channels: 1024, stride: 1 },
];

export const INPUT = { name: "image", elementType: "uint8", shape: [1, 3, 32, 32] } as const;

/** Builds the network layer by layer: each takes its random weights, then its shift. */
export class ConvnetBuilder {
  readonly #builder = new GraphBuilder("convnet");
  readonly #random: SeededRandom;
  #value: ValueName = INPUT.name;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#builder.addInput(INPUT);
  }

  /** Adds a 3 × 3 convolution and its biases; gives the name of the sums. */
  addConvolution(name: string, { channels, stride, pooled = false }: Convolution): ValueName {
    if (pooled) this.#pool(`${name}/pool`);
    const inputs = this.#builder.info(this.#value, name).shape[1] as number;
    this.#builder.addConstant(`${name}/filters`, this.#weights([channels, inputs, 3, 3]));
    this.#builder.addNode({
      op: "ConvInteger",
      name: `${name}/convolve`,
      inputs: [this.#value, `${name}/filters`],
      output: `${name}/product`,
      xZeroPoint: 0,
      wZeroPoint: 0,
      groups: 1,
      window: {
        kernel: [3, 3],
        strides: [stride, stride],
        dilations: [1, 1],
        pads: [1, 1, 1, 1],
      },
    });
    return this.#addBiases(name, [channels, 1, 1]);
  }

  /** Adds up each plane; gives the name of the sums. */
  addPlaneSums(name: string, planes: ValueName): ValueName {
    this.#builder.addNode({
      op: "ReduceSum",
      name: `${name}/sum`,
      inputs: [planes],
      output: `${name}/sum`,
      axes: [2, 3],
      keepDims: false,
    });
    return `${name}/sum`;
  }

  /** Brings sums into a byte: at least zero, divided by 2^shift, at most 255. */
  requantise(name: string, sums: ValueName, shift: number): void {
    const scaled = this.scale(name, sums, shift);
    const output = `${name}/activation`;
    this.#builder.addNode({ op: "Cast", name: output, inputs: [scaled], output, to: "uint8" });
    this.#value = output;
  }

  /** As `requantise`, left as int32; gives the name of the value. */
  scale(name: string, sums: ValueName, shift: number): ValueName {
    const [clipped, scaled, divisor] = [`${name}/clipped`, `${name}/scaled`, `${name}/divisor`];
    const limits = { min: 0, max: ACTIVATIONS * 2 ** shift - 1 };
    this.#builder.addNode({
      op: "Clip",
      name: clipped,
      inputs: [sums],
      output: clipped,
      ...limits,
    });
    this.#builder.addConstant(divisor, createTensor("int32", [], [2 ** shift]));
    const inputs = [clipped, divisor] as const;
    this.#builder.addNode({ op: "Div", name: scaled, inputs, output: scaled });
    return scaled;
  }

  addClasses(): void {
    const inputs = this.#builder.info(this.#value, "classes").shape.at(-1) as number;
    this.#builder.addConstant("classes/weights", this.#weights([inputs, CLASSES]));
    this.#builder.addNode({
      op: "MatMulInteger",
      name: "classes/multiply",
      inputs: [this.#value, "classes/weights"],
      output: "classes/product",
      aZeroPoint: 0,
      bZeroPoint: 0,
    });
    this.#value = this.#addBiases("classes", [CLASSES], "logits");
  }

  /** @param output The value reached so far unless told. */
  finish(output: ValueName = this.#value): IntegerGraph {
    return this.#builder.finish([output]);
  }

  #addBiases(name: string, shape: readonly number[], output = `${name}/biased`): ValueName {
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    const biases = Array.from({ length: count }, () =>
      this.#random.integer(-LARGEST_BIAS, LARGEST_BIAS),
    );
    this.#builder.addConstant(`${name}/biases`, createTensor("int32", shape, biases));
    const inputs = [`${name}/product`, `${name}/biases`] as const;
    this.#builder.addNode({ op: "Add", name: `${name}/add`, inputs, output });
    return output;
  }

  #pool(name: string): void {
    const window = {
      kernel: [2, 2],
      strides: [2, 2],
      dilations: [1, 1],
      pads: [0, 0, 0, 0],
    } as const;
    this.#builder.addNode({ op: "MaxPool", name, inputs: [this.#value], output: name, window });
    this.#value = name;
  }

  #weights(shape: readonly number[]): IntegerTensor {
    const data = new Int8Array(shape.reduce((product, dimension) => product * dimension, 1));
    for (let i = 0; i < data.length; i++) {
      data[i] = this.#random.integer(-LARGEST_WEIGHT, LARGEST_WEIGHT);
    }
    return { elementType: "int8", shape, data };
  }
}

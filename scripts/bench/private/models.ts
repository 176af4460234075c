import { createTensor, GraphBuilder, type IntegerGraph } from "@lattice/zkml";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";

// Weights are drawn, not trained: what private circuits cost depends on the architecture alone.

/** Adds layers one after another; each takes what the last one gave. */
class Layers {
  readonly #builder: GraphBuilder;
  readonly #random: SeededRandom;
  #last = "image";
  #count = 0;

  constructor(name: string, shape: readonly number[], seed: number) {
    this.#builder = new GraphBuilder(name);
    this.#random = new SeededRandom(seed);
    this.#builder.addInput({ name: this.#last, elementType: "uint8", shape });
  }

  dense(inner: number, columns: number): this {
    const weights = this.#weights([inner, columns]);
    const [op, zero] = ["MatMulInteger", { aZeroPoint: 0, bZeroPoint: 0 }] as const;
    const inputs = [this.#last, weights] as const;
    this.#builder.addNode({ op, inputs, output: this.#next(), name: this.#last, ...zero });
    return this.#bias([columns]);
  }

  conv(channels: number, filters: number, size: number): this {
    const weights = this.#weights([filters, channels, size, size]);
    const inputs = [this.#last, weights] as const;
    this.#builder.addNode({
      op: "ConvInteger",
      inputs,
      output: this.#next(),
      name: this.#last,
      xZeroPoint: 0,
      wZeroPoint: 0,
      groups: 1,
      window: { kernel: [size, size], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] },
    });
    return this.#bias([filters, 1, 1]);
  }

  /** ReLU, division by 2^shift, clamp to a byte. */
  requantise(shift: number): this {
    const divisor = `divisor${this.#count}`;
    this.#builder.addConstant(divisor, createTensor("int32", [], [2 ** shift]));
    const clip = { op: "Clip", min: 0, max: 256 * 2 ** shift - 1 } as const;
    this.#builder.addNode({
      ...clip,
      inputs: [this.#last],
      output: this.#next(),
      name: this.#last,
    });
    const dividend = this.#last;
    this.#builder.addNode({
      op: "Div",
      inputs: [dividend, divisor],
      output: this.#next(),
      name: this.#last,
    });
    const wide = this.#last;
    this.#builder.addNode({
      op: "Cast",
      to: "uint8",
      inputs: [wide],
      output: this.#next(),
      name: this.#last,
    });
    return this;
  }

  pool(): this {
    const window = {
      kernel: [2, 2],
      strides: [2, 2],
      dilations: [1, 1],
      pads: [0, 0, 0, 0],
    } as const;
    const inputs = [this.#last] as const;
    this.#builder.addNode({
      op: "MaxPool",
      inputs,
      output: this.#next(),
      name: this.#last,
      window,
    });
    return this;
  }

  reshape(...shape: readonly number[]): this {
    const inputs = [this.#last] as const;
    this.#builder.addNode({ op: "Reshape", inputs, output: this.#next(), name: this.#last, shape });
    return this;
  }

  finish(): IntegerGraph {
    return this.#builder.finish([this.#last]);
  }

  #weights(shape: readonly number[]): string {
    return this.#constant("int8", shape, 63);
  }

  #bias(shape: readonly number[]): this {
    const bias = this.#constant("int32", shape, 5_000);
    const inputs = [this.#last, bias] as const;
    this.#builder.addNode({ op: "Add", inputs, output: this.#next(), name: this.#last });
    return this;
  }

  #constant(type: "int8" | "int32", shape: readonly number[], bound: number): string {
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    const values = Array.from({ length: count }, () => this.#random.integer(-bound, bound));
    const name = `constant${this.#count++}`;
    this.#builder.addConstant(name, createTensor(type, shape, values));
    return name;
  }

  #next(): string {
    this.#last = `value${this.#count++}`;
    return this.#last;
  }
}

/** Dense 784, 32, 10. */
export function mlp(): IntegerGraph {
  return new Layers("mlp", [1, 784], 1).dense(784, 32).requantise(10).dense(32, 10).finish();
}

/** 28×28, convolutions of 6 and 16 filters of 5×5 without padding, each pooled; dense 120, 84, 10. */
export function lenet(): IntegerGraph {
  return new Layers("lenet", [1, 1, 28, 28], 2)
    .conv(1, 6, 5)
    .requantise(9)
    .pool()
    .conv(6, 16, 5)
    .requantise(11)
    .pool()
    .reshape(1, 256)
    .dense(256, 120)
    .requantise(11)
    .dense(120, 84)
    .requantise(10)
    .dense(84, 10)
    .finish();
}

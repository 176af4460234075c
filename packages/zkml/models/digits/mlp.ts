import type { SeededRandom } from "../../src/ir/random.ts";

/** Weights are stored input-major: the weight from input i to unit j is `weights[i * units + j]`. */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

export interface Mlp {
  readonly hidden: DenseLayer;
  readonly output: DenseLayer;
}

export interface LabelledImages {
  /** One image after another, each value in [0, 1]. */
  readonly pixels: Float64Array;
  readonly labels: Uint8Array;
}

export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** Pulls weights toward zero, which keeps them even enough to survive seven bits. */
  readonly weightDecay: number;
}

export function createMlp(
  inputs: number,
  hidden: number,
  classes: number,
  random: SeededRandom,
): Mlp {
  return {
    hidden: createLayer(inputs, hidden, random),
    output: createLayer(hidden, classes, random),
  };
}

function createLayer(inputs: number, units: number, random: SeededRandom): DenseLayer {
  const scale = Math.sqrt(2 / inputs);
  const weights = Float64Array.from({ length: inputs * units }, () => scale * random.normal());
  return { inputs, units, weights, biases: new Float64Array(units) };
}

/** Minimises cross-entropy by gradient descent with momentum; the rate falls to zero linearly. */
export function trainMlp(
  mlp: Mlp,
  images: LabelledImages,
  options: TrainingOptions,
  random: SeededRandom,
): void {
  const count = images.labels.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const batches = Math.floor(count / options.batchSize);
  const steps = options.epochs * batches;
  const trainer = new Trainer(mlp, options);
  for (let step = 0; step < steps; step++) {
    const batch = step % batches;
    if (batch === 0) random.shuffle(order);
    const start = batch * options.batchSize;
    for (const image of order.subarray(start, start + options.batchSize)) {
      trainer.accumulate(images, image);
    }
    trainer.step(options.learningRate * (1 - step / steps));
  }
}

class Trainer {
  readonly #mlp: Mlp;
  readonly #options: TrainingOptions;
  readonly #hiddenGradient: LayerGradient;
  readonly #outputGradient: LayerGradient;

  constructor(mlp: Mlp, options: TrainingOptions) {
    this.#mlp = mlp;
    this.#options = options;
    this.#hiddenGradient = createGradient(mlp.hidden);
    this.#outputGradient = createGradient(mlp.output);
  }

  accumulate({ pixels, labels }: LabelledImages, image: number): void {
    const { hidden, output } = this.#mlp;
    const input = pixels.subarray(image * hidden.inputs, (image + 1) * hidden.inputs);
    const activations = forward(hidden, input).map((value) => Math.max(value, 0));
    const errors = softmax(forward(output, activations));
    const label = labels[image] as number;
    errors[label] = (errors[label] as number) - 1;
    const hiddenErrors = backward(output, errors).map((error, unit) =>
      activations[unit] === 0 ? 0 : error,
    );
    addGradient(this.#outputGradient, activations, errors);
    addGradient(this.#hiddenGradient, input, hiddenErrors);
  }

  step(learningRate: number): void {
    const { batchSize, momentum, weightDecay } = this.#options;
    const layers = [
      [this.#mlp.hidden, this.#hiddenGradient],
      [this.#mlp.output, this.#outputGradient],
    ] as const;
    for (const [layer, gradient] of layers) {
      descend(layer.weights, gradient.weights, gradient.weightVelocity, {
        rate: learningRate / batchSize,
        momentum,
        decay: learningRate * weightDecay,
      });
      descend(layer.biases, gradient.biases, gradient.biasVelocity, {
        rate: learningRate / batchSize,
        momentum,
        decay: 0,
      });
    }
  }
}

interface LayerGradient {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly weightVelocity: Float64Array;
  readonly biasVelocity: Float64Array;
}

function createGradient({ weights, biases }: DenseLayer): LayerGradient {
  return {
    weights: new Float64Array(weights.length),
    biases: new Float64Array(biases.length),
    weightVelocity: new Float64Array(weights.length),
    biasVelocity: new Float64Array(biases.length),
  };
}

function descend(
  values: Float64Array,
  gradient: Float64Array,
  velocity: Float64Array,
  { rate, momentum, decay }: { rate: number; momentum: number; decay: number },
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const change =
      momentum * (velocity[i] as number) - rate * (gradient[i] as number) - decay * value;
    velocity[i] = change;
    values[i] = value + change;
  }
  gradient.fill(0);
}

function forward({ units, weights, biases }: DenseLayer, input: Float64Array): Float64Array {
  const output = Float64Array.from(biases);
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

function backward({ inputs, units, weights }: DenseLayer, errors: Float64Array): Float64Array {
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

function addGradient(gradient: LayerGradient, input: Float64Array, errors: Float64Array): void {
  const units = errors.length;
  for (let j = 0; j < units; j++) {
    gradient.biases[j] = (gradient.biases[j] as number) + (errors[j] as number);
  }
  for (let i = 0; i < input.length; i++) {
    const value = input[i] as number;
    if (value === 0) continue;
    const row = i * units;
    for (let j = 0; j < units; j++) {
      gradient.weights[row + j] =
        (gradient.weights[row + j] as number) + value * (errors[j] as number);
    }
  }
}

function softmax(logits: Float64Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((logit) => exponential(logit - largest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

/**
 * e^x for x ≤ 0. Math.exp may differ in its last bit between engines, and training amplifies
 * that; additions and multiplications may not.
 */
function exponential(x: number): number {
  const t = Math.max(x, -700) / 1024;
  let result = 1 + t * (1 + (t / 2) * (1 + (t / 3) * (1 + t / 4)));
  for (let doubling = 0; doubling < 10; doubling++) result *= result;
  return result;
}

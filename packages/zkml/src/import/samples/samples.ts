import { ZkmlError } from "../../errors/zkml-error.ts";
import type { Shape } from "../../ir/tensor.ts";

/** Inputs for a float model: the first axis of `shape` counts samples. */
export interface FloatSamples {
  readonly shape: Shape;
  /** Row-major; `data.length` is the product of `shape`. */
  readonly data: ArrayLike<number>;
}

/** Samples cut into inputs of a model. */
export interface SampleBatches {
  readonly count: number;
  /** Samples that one input holds. */
  readonly perInput: number;
  /** Number of inputs, the last one filled up with repetitions of the first samples. */
  readonly inputs: number;
  /** Input `index` as float32, row-major. */
  input(index: number): Float32Array;
}

/**
 * Pairs samples with the input of a model.
 * @param inputShape the model's input; its first axis is the batch when the ranks agree.
 * @throws ZkmlError SAMPLES_INVALID without samples or for another shape, NOT_FINITE.
 */
export function batchSamples(samples: FloatSamples, inputShape: Shape): SampleBatches {
  const { shape, data } = samples;
  const [count] = shape;
  const size = shape.slice(1).reduce((product, dimension) => product * dimension, 1);
  if (count === undefined || count < 1 || data.length !== count * size) {
    throw new ZkmlError(
      "SAMPLES_INVALID",
      `the samples have shape [${shape.join(", ")}] and ${data.length} values; give at least one sample along the first axis`,
      { shape: [...shape], values: data.length },
    );
  }
  const total = inputShape.reduce((product, dimension) => product * dimension, 1);
  const batched = significant(shape.slice(1)) === significant(inputShape.slice(1));
  const whole = significant(shape.slice(1)) === significant(inputShape);
  if (!batched && !whole) {
    throw new ZkmlError(
      "SAMPLES_INVALID",
      `samples of shape [${shape.slice(1).join(", ")}] do not fit the model's input [${inputShape.join(", ")}]; reshape them so that the first axis counts samples`,
      { sample: shape.slice(1), input: [...inputShape] },
    );
  }
  refuseNotFinite(data, size);
  const perInput = total / size;
  return {
    count,
    perInput,
    inputs: Math.ceil(count / perInput),
    input: (index) => {
      const first = index * perInput * size;
      return Float32Array.from({ length: total }, (_, i) => data[(first + i) % data.length] ?? 0);
    },
  };
}

/** Axes of one element do not matter for how the values lie. */
function significant(shape: Shape): string {
  return shape.filter((dimension) => dimension !== 1).join("x");
}

function refuseNotFinite(data: ArrayLike<number>, size: number): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new ZkmlError(
      "NOT_FINITE",
      `sample ${Math.floor(i / size)} holds ${data[i]}; remove it or repair the data`,
      { sample: Math.floor(i / size) },
    );
  }
}

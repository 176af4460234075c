import { ZkmlError } from "../errors/zkml-error.ts";
import { SeededRandom } from "../ir/random.ts";
import {
  CLAMP_BITS,
  FRACTION_BITS,
  parameterCount,
  requireShape,
  shiftsOf,
  type TrainingShape,
} from "./shape.ts";

/** Examples of one step, one after another. */
export interface TrainingBatch {
  /** batch · inputs values, each from 0 to 255. */
  readonly pixels: Uint8Array;
  /** batch labels, each below `classes`. */
  readonly labels: Uint8Array;
}

export interface StepResult {
  readonly parameters: Int16Array;
  /** Squared error per example before the step, from the clamped errors; 1 is a whole target. */
  readonly loss: number;
  /** Examples whose largest output was the label's before the step, a fraction of the batch. */
  readonly accuracy: number;
}

const INPUT_ONE = 2 ** FRACTION_BITS.input;
const ACTIVATION_ONE = 2 ** FRACTION_BITS.activation;
const ERROR_ONE = 2 ** FRACTION_BITS.error;

/** floor((value + 2^(shift-1)) / 2^shift); value itself for shift 0. Exact below 2^52. */
function rounded(value: number, shift: number): number {
  return shift === 0 ? value : Math.floor((value + 2 ** (shift - 1)) / 2 ** shift);
}

function clamped(value: number, bits: number): number {
  return Math.min(Math.max(value, -(2 ** (bits - 1))), 2 ** (bits - 1) - 1);
}

/** One layer: a row per unit, its weights and then its bias. */
interface Layer {
  readonly inputs: number;
  readonly units: number;
  /** What the bias multiplies. */
  readonly one: number;
  readonly parameters: Int16Array;
}

/**
 * One exact step of gradient descent on an MLP inputs-hidden-classes with ReLU and squared error. This is the
 * definition that the circuit circuits/training/step.circom proves:
 *
 *   sum        = Σ input · weight + 2^8 · bias                        activation = round(sum) clamped to uint8
 *   output     = Σ activation · weight + 2^6 · bias                   active: the clamp changed nothing
 *   error      = round(2^18 · target - output) clamped to 10 bits     target: 1 for the label, else 0
 *   delta      = active · (round(Σ error · weight) clamped to 12 bits)
 *   parameter += Σ over the batch of delta · input, or error · activation; shifted, rounded, clamped to int16
 *
 * round(x) is floor(x / 2^s + 1/2), with s from `shiftsOf`.
 * @throws ZkmlError INVALID_SHAPE, TENSOR_SHAPE or TENSOR_VALUE.
 */
export function trainingStep(
  shape: TrainingShape,
  parameters: Int16Array,
  batch: TrainingBatch,
): StepResult {
  requireShape(shape);
  requireParameters(shape, parameters);
  requireBatch(shape, batch);
  const { inputs, hidden, classes } = shape;
  const shifts = shiftsOf(shape);
  const split = hidden * (inputs + 1);
  const first: Layer = {
    inputs,
    units: hidden,
    one: INPUT_ONE,
    parameters: parameters.subarray(0, split),
  };
  const last: Layer = {
    inputs: hidden,
    units: classes,
    one: ACTIVATION_ONE,
    parameters: parameters.subarray(split),
  };
  const hiddenUnits = dense(first, batch.pixels, shape.batch, (sum) =>
    rounded(sum, shifts.activation),
  );
  const limit = 2 ** CLAMP_BITS.activation - 1;
  const activations = hiddenUnits.map((value) => Math.min(Math.max(value, 0), limit));
  const outputs = dense(last, activations, shape.batch, (sum) => sum);
  const errors = outputErrors(shape, outputs, batch.labels);
  const deltas = backward(last, errors, shape.batch).map((back, i) => {
    const active = activations[i] === hiddenUnits[i];
    return active ? clamped(rounded(back, shifts.delta), CLAMP_BITS.delta) : 0;
  });
  const next = new Int16Array(parameters.length);
  next.set(updated(first, batch.pixels, deltas, shifts.firstUpdate, shape.batch));
  next.set(updated(last, activations, errors, shifts.lastUpdate, shape.batch), split);
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  return {
    parameters: next,
    loss: squares / ERROR_ONE ** 2 / shape.batch,
    accuracy: accuracyOf(shape, outputs, batch.labels),
  };
}

/** Seeded start: weights with mean 0 and about the spread of He's rule, biases 0. */
export function initialParameters(shape: TrainingShape, seed: number): Int16Array {
  requireShape(shape);
  const random = new SeededRandom(seed);
  const one = 2 ** FRACTION_BITS.parameter;
  const layer = (inputs: number, units: number): number[] => {
    const scale = one * Math.sqrt(2 / inputs);
    return Array.from({ length: units }, () => [
      ...Array.from({ length: inputs }, () => Math.round(clamped(scale * random.normal(), 16))),
      0,
    ]).flat();
  };
  return Int16Array.from([
    ...layer(shape.inputs, shape.hidden),
    ...layer(shape.hidden, shape.classes),
  ]);
}

function dense(
  { inputs, units, one, parameters }: Layer,
  values: ArrayLike<number>,
  batch: number,
  finish: (sum: number) => number,
): number[] {
  const out: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let u = 0; u < units; u++) {
      const row = u * (inputs + 1);
      let sum = one * (parameters[row + inputs] as number);
      for (let i = 0; i < inputs; i++) {
        sum += (values[n * inputs + i] as number) * (parameters[row + i] as number);
      }
      out.push(finish(sum));
    }
  }
  return out;
}

function outputErrors(shape: TrainingShape, outputs: readonly number[], labels: Uint8Array) {
  const { error } = shiftsOf(shape);
  const whole = 2 ** (FRACTION_BITS.activation + FRACTION_BITS.parameter);
  return outputs.map((output, at) => {
    const target = labels[Math.floor(at / shape.classes)] === at % shape.classes ? whole : 0;
    return clamped(rounded(target - output, error), CLAMP_BITS.error);
  });
}

function backward({ inputs, units, parameters }: Layer, errors: readonly number[], batch: number) {
  const out: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let u = 0; u < units; u++) {
        sum += (errors[n * units + u] as number) * (parameters[u * (inputs + 1) + i] as number);
      }
      out.push(sum);
    }
  }
  return out;
}

function updated(
  { inputs, units, one, parameters }: Layer,
  values: ArrayLike<number>,
  errors: readonly number[],
  shift: number,
  batch: number,
): Int16Array {
  const next = new Int16Array(parameters.length);
  for (let u = 0; u < units; u++) {
    for (let i = 0; i <= inputs; i++) {
      const at = u * (inputs + 1) + i;
      let sum = (parameters[at] as number) * 2 ** shift;
      for (let n = 0; n < batch; n++) {
        const value = i < inputs ? (values[n * inputs + i] as number) : one;
        sum += (errors[n * units + u] as number) * value;
      }
      next[at] = clamped(rounded(sum, shift), CLAMP_BITS.parameter);
    }
  }
  return next;
}

function accuracyOf({ classes }: TrainingShape, outputs: readonly number[], labels: Uint8Array) {
  let right = 0;
  for (const [n, label] of labels.entries()) {
    const row = outputs.slice(n * classes, (n + 1) * classes);
    if (row.indexOf(Math.max(...row)) === label) right++;
  }
  return right / labels.length;
}

/** @throws ZkmlError TENSOR_SHAPE. */
export function requireParameters(shape: TrainingShape, parameters: Int16Array): void {
  const expected = parameterCount(shape);
  if (parameters.length === expected) return;
  throw new ZkmlError(
    "TENSOR_SHAPE",
    `a state of this shape has ${expected} parameters, not ${parameters.length}`,
    { expected, actual: parameters.length },
  );
}

/** @throws ZkmlError TENSOR_SHAPE or TENSOR_VALUE. */
export function requireBatch(shape: TrainingShape, { pixels, labels }: TrainingBatch): void {
  if (pixels.length !== shape.batch * shape.inputs || labels.length !== shape.batch) {
    throw new ZkmlError(
      "TENSOR_SHAPE",
      `a batch has ${shape.batch} examples of ${shape.inputs} values and as many labels, ` +
        `not ${pixels.length} values and ${labels.length} labels`,
      { pixels: pixels.length, labels: labels.length },
    );
  }
  const wrong = labels.find((label) => label >= shape.classes);
  if (wrong === undefined) return;
  throw new ZkmlError("TENSOR_VALUE", `label ${wrong} is not below ${shape.classes} classes`, {
    label: wrong,
  });
}

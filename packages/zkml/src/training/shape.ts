import { ZkmlError } from "../errors/zkml-error.ts";

/** Sizes and learning rate of a training step: constants of its circuit. */
export interface TrainingShape {
  /** Values of an example. */
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  /** Examples of a step. */
  readonly batch: number;
  /** Levels of the data set's Merkle tree: at most 2^depth batches. */
  readonly depth: number;
  /** The learning rate is batch · 2^-rateShift of the batch's mean gradient. */
  readonly rateShift: number;
}

const BOUNDS: Readonly<Record<keyof TrainingShape, readonly [low: number, high: number]>> = {
  inputs: [2, 4096],
  hidden: [2, 1024],
  classes: [2, 256],
  batch: [2, 64],
  depth: [1, 32],
  rateShift: [0, 20],
};

export const SHAPE_FIELDS = Object.keys(BOUNDS) as readonly (keyof TrainingShape)[];

/** Every value is an integer that stands for value · 2^-bits. A bias multiplies 1 in that scale. */
export const FRACTION_BITS = {
  input: 8,
  parameter: 12,
  activation: 6,
  error: 8,
  delta: 8,
} as const;

/** Digits that a value is clamped to. Activations are unsigned, the others signed. */
export const CLAMP_BITS = { parameter: 16, activation: 8, error: 10, delta: 12 } as const;

/** By how many digits products are shifted back, rounding half up. */
export interface Shifts {
  readonly activation: number;
  readonly error: number;
  readonly delta: number;
  readonly firstUpdate: number;
  readonly lastUpdate: number;
}

export function shiftsOf({ rateShift }: TrainingShape): Shifts {
  const { input, parameter, activation, error, delta } = FRACTION_BITS;
  return {
    activation: input + parameter - activation,
    error: activation + parameter - error,
    delta: error + parameter - delta,
    firstUpdate: input + delta + rateShift - parameter,
    lastUpdate: activation + error + rateShift - parameter,
  };
}

/** Number of parameters: of each unit its weights, then its bias; the hidden layer first. */
export function parameterCount({ inputs, hidden, classes }: TrainingShape): number {
  return hidden * (inputs + 1) + classes * (hidden + 1);
}

/**
 * Refuses shapes for which the circuit's bounds do not hold: with the sizes allowed, every sum stays below 2^44, and
 * the check below keeps an update within one digit of int16.
 * @throws ZkmlError INVALID_SHAPE.
 */
export function requireShape(shape: TrainingShape): void {
  for (const field of SHAPE_FIELDS) {
    const [low, high] = BOUNDS[field];
    const value = shape[field];
    if (Number.isInteger(value) && value >= low && value <= high) continue;
    throw new ZkmlError(
      "INVALID_SHAPE",
      `${field} is ${value}; use an integer from ${low} to ${high}`,
      {
        field,
        value,
      },
    );
  }
  const shifts = shiftsOf(shape);
  const updates = [
    [shifts.firstUpdate, CLAMP_BITS.delta],
    [shifts.lastUpdate, CLAMP_BITS.error],
  ] as const;
  for (const [shift, bits] of updates) {
    if (shape.batch * 2 ** (bits - 1) * 256 + 2 ** (shift - 1) < 2 ** (15 + shift)) continue;
    throw new ZkmlError(
      "INVALID_SHAPE",
      `one step of ${shape.batch} examples could move a parameter by more than its whole range; ` +
        `raise rateShift (${shape.rateShift}) or take a smaller batch`,
      { batch: shape.batch, rateShift: shape.rateShift },
    );
  }
}

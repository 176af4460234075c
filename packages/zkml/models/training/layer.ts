/** Numbers that training changes, with what it remembers of them. */
export interface Parameter {
  readonly values: Float64Array;
  /** Summed over the batch; cleared by the step that uses it. */
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;
  /** Weights are pulled toward zero and may be clipped; biases are not. */
  readonly isWeight: boolean;
}

/**
 * One step of a network, for one image at a time. `backward` belongs to the last `forward`. Only
 * correctly rounded operations are used, in a fixed order, so that every engine computes the same
 * bits.
 */
export interface Layer {
  readonly parameters: readonly Parameter[];
  forward(input: Float64Array): Float64Array;
  /** Adds to the gradients of the parameters; `errors` is the loss's gradient by the output. */
  backward(errors: Float64Array): void;
  /** The loss's gradient by the input; reads the same `errors`. */
  inputErrors(errors: Float64Array): Float64Array;
}

export function createParameter(values: Float64Array, isWeight: boolean): Parameter {
  return {
    values,
    gradient: new Float64Array(values.length),
    velocity: new Float64Array(values.length),
    isWeight,
  };
}

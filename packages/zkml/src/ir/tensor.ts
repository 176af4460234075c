import { ZkmlError } from "../errors/zkml-error.ts";

export type ElementType = "uint8" | "int8" | "int32";

/** Dimensions, outermost first; `[]` is a scalar. Every dimension is a positive integer. */
export type Shape = readonly number[];

export interface TensorStorage {
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int32: Int32Array;
}

export type TensorData = TensorStorage[ElementType];

/** Row-major integers; `data.length` is the product of `shape`. */
export interface IntegerTensor<E extends ElementType = ElementType> {
  readonly elementType: E;
  readonly shape: Shape;
  readonly data: TensorStorage[E];
}

/** Inclusive bounds. */
export interface Interval {
  readonly min: bigint;
  readonly max: bigint;
}

export const ELEMENT_RANGES: { readonly [E in ElementType]: Interval } = {
  uint8: { min: 0n, max: 255n },
  int8: { min: -128n, max: 127n },
  int32: { min: -(2n ** 31n), max: 2n ** 31n - 1n },
};

export const ELEMENT_BYTES: { readonly [E in ElementType]: number } = {
  uint8: 1,
  int8: 1,
  int32: 4,
};

/** Bounds the memory one tensor can ask for: 2^26 int32 elements are 256 MiB. */
export const MAX_TENSOR_ELEMENTS = 2 ** 26;
export const MAX_RANK = 8;

/**
 * Number of elements of `shape`.
 * @throws ZkmlError INVALID_SHAPE for a rank above 8 or a dimension that is not a positive
 * integer, MODEL_TOO_LARGE above 2^26 elements.
 */
export function elementCount(shape: Shape, what = "tensor"): number {
  if (shape.length > MAX_RANK) {
    throw new ZkmlError(
      "INVALID_SHAPE",
      `${what} has rank ${shape.length}; at most ${MAX_RANK} dimensions are supported`,
      { tensor: what, shape },
    );
  }
  let count = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 1) {
      throw new ZkmlError(
        "INVALID_SHAPE",
        `${what} has shape [${shape.join(", ")}]; every dimension must be a positive integer`,
        { tensor: what, shape },
      );
    }
    count *= dimension;
    if (count > MAX_TENSOR_ELEMENTS) {
      throw new ZkmlError(
        "MODEL_TOO_LARGE",
        `${what} of shape [${shape.join(", ")}] exceeds ${MAX_TENSOR_ELEMENTS} elements`,
        { tensor: what, shape, limit: MAX_TENSOR_ELEMENTS },
      );
    }
  }
  return count;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

export function allocate<E extends ElementType>(elementType: E, length: number): TensorStorage[E] {
  const storage: TensorStorage[ElementType] =
    elementType === "uint8"
      ? new Uint8Array(length)
      : elementType === "int8"
        ? new Int8Array(length)
        : new Int32Array(length);
  return storage as TensorStorage[E];
}

/**
 * Builds a tensor from values, copying them.
 * @throws ZkmlError TENSOR_SHAPE when the length does not match, TENSOR_VALUE when a value is
 * not an integer of the element type.
 */
export function createTensor<E extends ElementType>(
  elementType: E,
  shape: Shape,
  values: ArrayLike<number>,
): IntegerTensor<E> {
  const length = elementCount(shape);
  if (values.length !== length) {
    throw new ZkmlError(
      "TENSOR_SHAPE",
      `shape [${shape.join(", ")}] needs ${length} values, got ${values.length}`,
      { shape, expected: length, actual: values.length },
    );
  }
  const min = Number(ELEMENT_RANGES[elementType].min);
  const max = Number(ELEMENT_RANGES[elementType].max);
  const data = allocate(elementType, length);
  for (let i = 0; i < length; i++) {
    const value = values[i] as number;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new ZkmlError(
        "TENSOR_VALUE",
        `value ${value} at index ${i} is not an integer in [${min}, ${max}] (${elementType})`,
        { index: i, value: String(value), elementType },
      );
    }
    data[i] = value;
  }
  return { elementType, shape: [...shape], data };
}

/** Names the element type of a typed array, or undefined when it is none of ours. */
export function elementTypeOf(data: unknown): ElementType | undefined {
  if (data instanceof Uint8Array) return "uint8";
  if (data instanceof Int8Array) return "int8";
  if (data instanceof Int32Array) return "int32";
  return undefined;
}

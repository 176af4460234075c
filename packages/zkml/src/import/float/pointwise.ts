/** `y = min(max(factor · x + offset, low), high)`, the part of pointwise functions that needs no table. */
export interface ClampedAffine {
  readonly factor: number;
  readonly offset: number;
  readonly low: number;
  readonly high: number;
}

/** A function applied to every element of a value. */
export interface Pointwise {
  readonly apply: (x: number) => number;
  /** Undefined when only a table can hold the function. */
  readonly affine: ClampedAffine | undefined;
  /** Elementary functions that one evaluation takes. */
  readonly cost: number;
}

/** Squaring a value a hundred times over would take 2^100 evaluations. */
export const MAX_POINTWISE_COST = 1024;

export function affine(
  factor: number,
  offset = 0,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
): Pointwise {
  return {
    apply: (x) => Math.min(Math.max(factor * x + offset, low), high),
    affine: { factor, offset, low, high },
    cost: 1,
  };
}

export const IDENTITY: Pointwise = affine(1);

export function table(apply: (x: number) => number): Pointwise {
  return { apply, affine: undefined, cost: 1 };
}

export function isClamped({ low, high }: ClampedAffine): boolean {
  return low !== Number.NEGATIVE_INFINITY || high !== Number.POSITIVE_INFINITY;
}

/** `outer(inner(x))`; clamped affine functions stay what they are under composition. */
export function compose(outer: Pointwise, inner: Pointwise): Pointwise {
  const [p, q] = [outer.affine, inner.affine];
  // A factor of zero would multiply infinite bounds.
  if (p === undefined || q === undefined || p.factor === 0) {
    const apply = (x: number) => outer.apply(inner.apply(x));
    return { apply, affine: undefined, cost: outer.cost + inner.cost };
  }
  const ends = [p.factor * q.low + p.offset, p.factor * q.high + p.offset].sort((a, b) => a - b);
  const inside = (value: number) => Math.min(Math.max(value, p.low), p.high);
  return affine(
    p.factor * q.factor,
    p.factor * q.offset + p.offset,
    inside(ends[0] as number),
    inside(ends[1] as number),
  );
}

/** `combine(a(x), b(x))`, which needs a table. */
export function merge(
  a: Pointwise,
  b: Pointwise,
  combine: (x: number, y: number) => number,
): Pointwise {
  const apply = (x: number) => combine(a.apply(x), b.apply(x));
  return { apply, affine: undefined, cost: a.cost + b.cost };
}

/**
 * Error function; at most 1.5e-7 off (Abramowitz and Stegun, formula 7.1.26), which is far below
 * the step of a table of 8-bit values.
 */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

export function geluTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

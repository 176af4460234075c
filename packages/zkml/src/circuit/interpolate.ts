import { inverse, reduce } from "../keys/field.ts";

/**
 * Coefficients over the field, lowest first and without leading zeros, of the polynomial of least
 * degree with `P(i) = values[i]` for every i. Quadratic time.
 */
export function interpolate(values: readonly number[]): bigint[] {
  const newton = newtonCoefficients(values);
  // Horner's rule in the basis x (x − 1) … (x − k + 1), from the highest term down.
  let polynomial: bigint[] = [];
  for (let k = newton.length - 1; k >= 0; k--) {
    const shifted = [newton[k] as bigint, ...polynomial];
    for (const [power, coefficient] of polynomial.entries()) {
      shifted[power] = reduce((shifted[power] as bigint) - BigInt(k) * coefficient);
    }
    polynomial = shifted;
  }
  while (polynomial.length > 1 && polynomial.at(-1) === 0n) polynomial.pop();
  return polynomial;
}

/** Forward differences at zero, each divided by its factorial. */
function newtonCoefficients(values: readonly number[]): bigint[] {
  const differences = values.map(BigInt);
  const coefficients: bigint[] = [];
  let factorial = 1n;
  for (let order = 0; order < values.length; order++) {
    if (order > 0) factorial = reduce(factorial * BigInt(order));
    coefficients.push(reduce((differences[0] as bigint) * inverse(factorial)));
    for (let i = 0; i + 1 < differences.length; i++) {
      differences[i] = (differences[i + 1] as bigint) - (differences[i] as bigint);
    }
    differences.pop();
  }
  return coefficients;
}

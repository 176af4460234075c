import { ZkmlError } from "../errors/zkml-error.ts";
import {
  FIELD_ORDER,
  inverse,
  inverseAll,
  power,
  reduce,
  rootOfUnity,
  TWO_ADICITY,
} from "./field.ts";
import type { LinearCombination, R1cs } from "./r1cs.ts";

/** The quadratic arithmetic program of a circuit, evaluated at one point. */
export interface QapEvaluation {
  readonly domainSize: number;
  /** Values of the polynomials A, B, C of every wire. */
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  readonly c: readonly bigint[];
  /**
   * Values of the Lagrange polynomials of the doubled domain at its odd positions. The quotient
   * times the vanishing polynomial is zero on the even ones, so these alone carry it.
   */
  readonly odd: readonly bigint[];
}

/** log2 of the domain: constraints, plus one row for every public wire and the constant one. */
export function domainExponent(r1cs: R1cs): number {
  const rows = r1cs.constraints.length + r1cs.publicCount + 1;
  // A domain of one point has no odd positions to double into.
  return Math.max(1, Math.ceil(Math.log2(rows)));
}

/**
 * Evaluates the program at `tau`. Every public wire and the constant one get a row of their own in
 * A, as snarkjs does, so that no public input can be left unconstrained.
 * @throws ZkmlError CIRCUIT_CORRUPT above 2^27 rows, KEY_UNSAFE when tau lies in the domain.
 */
export function evaluateQap(r1cs: R1cs, tau: bigint): QapEvaluation {
  const exponent = domainExponent(r1cs);
  if (exponent >= TWO_ADICITY) {
    throw new ZkmlError(
      "CIRCUIT_CORRUPT",
      `the circuit needs 2^${exponent} rows; at most 2^27 fit`,
      {
        rows: r1cs.constraints.length,
      },
    );
  }
  const doubled = lagrangeValues(exponent + 1, tau);
  const base = lagrangeValues(exponent, tau);
  const zeros = (): bigint[] => new Array<bigint>(r1cs.wireCount).fill(0n);
  const [a, b, c] = [zeros(), zeros(), zeros()];
  r1cs.constraints.forEach(([left, right, out], row) => {
    const lagrange = base[row] as bigint;
    accumulate(a, left, lagrange);
    accumulate(b, right, lagrange);
    accumulate(c, out, lagrange);
  });
  for (let wire = 0; wire <= r1cs.publicCount; wire++) {
    const row = base[r1cs.constraints.length + wire] as bigint;
    a[wire] = ((a[wire] as bigint) + row) % FIELD_ORDER;
  }
  return { domainSize: 2 ** exponent, a, b, c, odd: doubled.filter((_, i) => i % 2 === 1) };
}

function accumulate(into: bigint[], combination: LinearCombination, factor: bigint): void {
  for (let i = 0; i < combination.wires.length; i++) {
    const wire = combination.wires[i] as number;
    const term = (combination.coefficients[i] as bigint) * factor;
    into[wire] = ((into[wire] as bigint) + term) % FIELD_ORDER;
  }
}

/** `Lj(tau) = (tau^n − 1) / n · w^j / (tau − w^j)` for every j of the domain of n = 2^exponent. */
function lagrangeValues(exponent: number, tau: bigint): bigint[] {
  const size = 2 ** exponent;
  const root = rootOfUnity(exponent);
  const points: bigint[] = [];
  for (let j = 0, point = 1n; j < size; j++, point = (point * root) % FIELD_ORDER)
    points.push(point);
  const vanishing = reduce(power(tau, BigInt(size)) - 1n);
  if (vanishing === 0n) {
    throw new ZkmlError("KEY_UNSAFE", "the secret point lies in the evaluation domain", { size });
  }
  const scale = (vanishing * inverse(BigInt(size))) % FIELD_ORDER;
  const inverses = inverseAll(points.map((point) => reduce(tau - point)));
  return points.map(
    (point, j) => (((scale * point) % FIELD_ORDER) * (inverses[j] as bigint)) % FIELD_ORDER,
  );
}

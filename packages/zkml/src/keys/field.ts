/** Order of the BN254 groups, the field of circuit values. Source: EIP-197. */
export const FIELD_ORDER =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Order of the field that BN254 coordinates live in. Source: EIP-197. */
export const BASE_FIELD_ORDER =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;

export const FIELD_BYTES = 32;

/** The multiplicative group has a subgroup of order 2^28 and none of order 2^29. */
export const TWO_ADICITY = 28;

/** 5 generates the multiplicative group, so this power of it has order exactly 2^28. */
const ROOT_OF_UNITY = power(5n, (FIELD_ORDER - 1n) >> BigInt(TWO_ADICITY));

export function reduce(value: bigint): bigint {
  const remainder = value % FIELD_ORDER;
  return remainder < 0n ? remainder + FIELD_ORDER : remainder;
}

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = reduce(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD_ORDER;
    square = (square * square) % FIELD_ORDER;
  }
  return result;
}

/** Inverse of a non-zero element; zero maps to zero, so callers must exclude it. */
export function inverse(value: bigint): bigint {
  return power(value, FIELD_ORDER - 2n);
}

/** Inverts every element of a list without zeros, at the price of one inversion. */
export function inverseAll(values: readonly bigint[]): bigint[] {
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = (product * value) % FIELD_ORDER;
  }
  const inverses = new Array<bigint>(values.length);
  let suffix = inverse(product);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (suffix * (prefixes[i] as bigint)) % FIELD_ORDER;
    suffix = (suffix * (values[i] as bigint)) % FIELD_ORDER;
  }
  return inverses;
}

/** An element of multiplicative order exactly 2^exponent, 0 ≤ exponent ≤ 28. */
export function rootOfUnity(exponent: number): bigint {
  return power(ROOT_OF_UNITY, 1n << BigInt(TWO_ADICITY - exponent));
}

export function readScalar(bytes: DataView, offset: number): bigint {
  return (
    bytes.getBigUint64(offset, true) |
    (bytes.getBigUint64(offset + 8, true) << 64n) |
    (bytes.getBigUint64(offset + 16, true) << 128n) |
    (bytes.getBigUint64(offset + 24, true) << 192n)
  );
}

/** Writes 32 little-endian bytes of a value in [0, 2^256). */
export function writeScalar(bytes: DataView, offset: number, value: bigint): void {
  bytes.setBigUint64(offset, BigInt.asUintN(64, value), true);
  bytes.setBigUint64(offset + 8, BigInt.asUintN(64, value >> 64n), true);
  bytes.setBigUint64(offset + 16, BigInt.asUintN(64, value >> 128n), true);
  bytes.setBigUint64(offset + 24, value >> 192n, true);
}

import { ZkmlError } from "../errors/zkml-error.ts";
import { readSections, requireSection } from "./binary-file.ts";
import { FIELD_BYTES, FIELD_ORDER, readScalar } from "./field.ts";

/** Σ coefficient · wire, as parallel arrays. */
export interface LinearCombination {
  readonly wires: readonly number[];
  readonly coefficients: readonly bigint[];
}

/** `a(w) · b(w) = c(w)` over the witness w. */
export type Constraint = readonly [
  a: LinearCombination,
  b: LinearCombination,
  c: LinearCombination,
];

/** Wire 0 is the constant one; then public outputs, public inputs, private inputs, the rest. */
export interface R1cs {
  readonly wireCount: number;
  /** Public outputs and public inputs; the outputs come first. */
  readonly publicCount: number;
  readonly outputCount: number;
  readonly constraints: readonly Constraint[];
}

const CODE = "CIRCUIT_CORRUPT";

/**
 * Reads an .r1cs file of circom (iden3 r1cs binary format, version 1).
 * @throws ZkmlError CIRCUIT_CORRUPT for another field, a truncated file or a wire out of range.
 */
export function readR1cs(bytes: Uint8Array): R1cs {
  const sections = readSections(bytes, "r1cs", CODE);
  const header = requireSection(sections, 1, CODE);
  const body = requireSection(sections, 2, CODE);
  try {
    const fieldBytes = header.getUint32(0, true);
    if (fieldBytes !== FIELD_BYTES || readScalar(header, 4) !== FIELD_ORDER) {
      throw new ZkmlError(CODE, "the circuit is not over the BN254 scalar field", { fieldBytes });
    }
    const wireCount = header.getUint32(36, true);
    const outputCount = header.getUint32(40, true);
    const publicCount = outputCount + header.getUint32(44, true);
    const constraintCount = header.getUint32(60, true);
    const constraints = readBody(body, wireCount, constraintCount);
    return { wireCount, publicCount, outputCount, constraints };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ZkmlError(
      CODE,
      "the r1cs file is truncated; compile the circuit again",
      {},
      {
        cause: error,
      },
    );
  }
}

function readBody(body: DataView, wireCount: number, constraintCount: number): Constraint[] {
  const constraints: Constraint[] = [];
  let offset = 0;
  const next = (): LinearCombination => {
    const terms = body.getUint32(offset, true);
    offset += 4;
    const wires: number[] = [];
    const coefficients: bigint[] = [];
    for (let i = 0; i < terms; i++) {
      const wire = body.getUint32(offset, true);
      if (wire >= wireCount) {
        throw new ZkmlError(CODE, `wire ${wire} is outside the ${wireCount} declared`, { wire });
      }
      wires.push(wire);
      coefficients.push(readScalar(body, offset + 4));
      offset += 4 + FIELD_BYTES;
    }
    return { wires, coefficients };
  };
  for (let i = 0; i < constraintCount; i++) constraints.push([next(), next(), next()]);
  return constraints;
}

/** Value of a linear combination, in [0, FIELD_ORDER). */
export function evaluate(combination: LinearCombination, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (let i = 0; i < combination.wires.length; i++) {
    const value = witness[combination.wires[i] as number] as bigint;
    sum += (combination.coefficients[i] as bigint) * value;
  }
  return sum % FIELD_ORDER;
}

/** Index of the first constraint that `witness` breaks, or undefined when it satisfies all. */
export function firstViolation(r1cs: R1cs, witness: readonly bigint[]): number | undefined {
  if (witness.length !== r1cs.wireCount || witness[0] !== 1n) return 0;
  const index = r1cs.constraints.findIndex(
    ([a, b, c]) =>
      (evaluate(a, witness) * evaluate(b, witness)) % FIELD_ORDER !== evaluate(c, witness),
  );
  return index === -1 ? undefined : index;
}

/** Witness values of a .wtns file (iden3 wtns binary format, version 2). */
export function readWitness(bytes: Uint8Array): bigint[] {
  const values = requireSection(readSections(bytes, "wtns", CODE), 2, CODE);
  const witness: bigint[] = [];
  for (let offset = 0; offset + FIELD_BYTES <= values.byteLength; offset += FIELD_BYTES) {
    witness.push(readScalar(values, offset));
  }
  return witness;
}

import { createHash } from "node:crypto";
import { writeSections } from "./binary-file.ts";
import { bn254 } from "./curve.ts";
import { BASE_FIELD_ORDER, FIELD_BYTES, FIELD_ORDER, inverse, writeScalar } from "./field.ts";
import type { FixedBase } from "./fixed-base.ts";
import { fixedBase } from "./fixed-base.ts";
import type { QapEvaluation } from "./qap.ts";
import { evaluateQap } from "./qap.ts";
import type { LinearCombination, R1cs } from "./r1cs.ts";
import type { SetupSecrets } from "./secrets.ts";

/** Exponents of the generators in every group section of a .zkey file. */
export interface KeyScalars {
  readonly domainSize: number;
  /** Public wires and the constant one, over gamma. */
  readonly ic: readonly bigint[];
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  /** All other wires, over delta. */
  readonly c: readonly bigint[];
  readonly h: readonly bigint[];
}

const MONTGOMERY_SQUARED = (1n << 512n) % FIELD_ORDER;
const COEFFICIENT_BYTES = 12 + FIELD_BYTES;

/** Discrete logarithms of a Groth16 key (Groth 2016, section 3.2) with snarkjs's quotient basis. */
export function keyScalars(r1cs: R1cs, secrets: SetupSecrets): KeyScalars {
  const qap: QapEvaluation = evaluateQap(r1cs, secrets.tau);
  const combined = qap.a.map((a, wire) => {
    const mixed = secrets.beta * a + secrets.alpha * (qap.b[wire] as bigint);
    return (mixed + (qap.c[wire] as bigint)) % FIELD_ORDER;
  });
  const over = (values: readonly bigint[], divisor: bigint): bigint[] => {
    const factor = inverse(divisor);
    return values.map((value) => (value * factor) % FIELD_ORDER);
  };
  const secretWires = r1cs.publicCount + 1;
  return {
    domainSize: qap.domainSize,
    ic: over(combined.slice(0, secretWires), secrets.gamma),
    a: qap.a,
    b: qap.b,
    c: over(combined.slice(secretWires), secrets.delta),
    h: over(qap.odd, secrets.delta),
  };
}

/**
 * Bytes of a .zkey file that snarkjs 0.7 proves with. The same circuit and secrets give the same
 * bytes. It makes whatever key it is asked for, an unsound one included: what loads or exports a
 * key is what refuses it (`assertSoundKey`).
 */
export async function encodeProvingKey(r1cs: R1cs, secrets: SetupSecrets): Promise<Buffer> {
  const curve = await bn254();
  const [g1, g2] = [await fixedBase(curve, "G1"), await fixedBase(curve, "G2")];
  const scalars = keyScalars(r1cs, secrets);
  const protocol = Buffer.alloc(4);
  protocol.writeUInt32LE(1);
  return writeSections("zkey", 1, [
    [1, protocol],
    [2, encodeHeader(r1cs, scalars.domainSize, secrets, g1, g2)],
    [3, g1.multiply(scalars.ic)],
    [4, encodeCoefficients(r1cs)],
    [5, g1.multiply(scalars.a)],
    [6, g1.multiply(scalars.b)],
    [7, g2.multiply(scalars.b)],
    [8, g1.multiply(scalars.c)],
    [9, g1.multiply(scalars.h)],
    [10, encodeContributions(r1cs)],
  ]);
}

function encodeHeader(
  r1cs: R1cs,
  domainSize: number,
  { alpha, beta, gamma, delta }: SetupSecrets,
  g1: FixedBase,
  g2: FixedBase,
): Buffer {
  const fields = Buffer.alloc(2 * (4 + FIELD_BYTES) + 12);
  const view = new DataView(fields.buffer, fields.byteOffset, fields.byteLength);
  view.setUint32(0, FIELD_BYTES, true);
  writeScalar(view, 4, BASE_FIELD_ORDER);
  view.setUint32(36, FIELD_BYTES, true);
  writeScalar(view, 40, FIELD_ORDER);
  view.setUint32(72, r1cs.wireCount, true);
  view.setUint32(76, r1cs.publicCount, true);
  view.setUint32(80, domainSize, true);
  return Buffer.concat([
    fields,
    g1.multiply([alpha, beta]),
    g2.multiply([beta, gamma]),
    g1.multiply([delta]),
    g2.multiply([delta]),
  ]);
}

/** Matrices A and B; values are multiplied by R² because the prover divides by R twice. */
function encodeCoefficients(r1cs: R1cs): Buffer {
  const publicRows = r1cs.publicCount + 1;
  let count = publicRows;
  for (const [a, b] of r1cs.constraints) count += a.wires.length + b.wires.length;
  const bytes = Buffer.alloc(4 + count * COEFFICIENT_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(0, count, true);
  let offset = 4;
  const put = (matrix: number, row: number, wire: number, value: bigint): void => {
    view.setUint32(offset, matrix, true);
    view.setUint32(offset + 4, row, true);
    view.setUint32(offset + 8, wire, true);
    writeScalar(view, offset + 12, (value * MONTGOMERY_SQUARED) % FIELD_ORDER);
    offset += COEFFICIENT_BYTES;
  };
  const putAll = (
    matrix: number,
    row: number,
    { wires, coefficients }: LinearCombination,
  ): void => {
    wires.forEach((wire, i) => {
      put(matrix, row, wire, coefficients[i] as bigint);
    });
  };
  r1cs.constraints.forEach(([a, b], row) => {
    putAll(0, row, a);
    putAll(1, row, b);
  });
  for (let wire = 0; wire < publicRows; wire++) put(0, r1cs.constraints.length + wire, wire, 1n);
  return bytes;
}

/**
 * No contributions: the secrets were never shared among parties. The 64-byte circuit hash is ours,
 * so snarkjs's ceremony check refuses a development key, as it should.
 */
function encodeContributions(r1cs: R1cs): Buffer {
  const shape = `${r1cs.wireCount}/${r1cs.publicCount}/${r1cs.constraints.length}`;
  const hash = createHash("sha512")
    .update(`lattice development key, no ceremony/${shape}`)
    .digest();
  return Buffer.concat([hash, Buffer.alloc(4)]);
}

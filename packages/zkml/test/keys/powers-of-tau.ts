import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { writeSections } from "../../src/keys/binary-file.ts";
import { bn254 } from "../../src/keys/curve.ts";
import {
  BASE_FIELD_ORDER,
  FIELD_ORDER,
  inverse,
  inverseAll,
  power as raise,
  reduce,
  rootOfUnity,
  writeScalar,
} from "../../src/keys/field.ts";
import { fixedBase } from "../../src/keys/fixed-base.ts";
import type { SetupSecrets } from "../../src/keys/secrets.ts";

/**
 * Writes a powers-of-tau file of 2^exponent with known secrets and without contributions, in the
 * form that snarkjs's `preparePhase2` takes.
 */
export async function writePowersOfTau(
  path: string,
  exponent: number,
  secrets: SetupSecrets,
): Promise<void> {
  await writeFile(path, writeSections("ptau", 1, await rawSections(exponent, secrets)));
}

/**
 * Writes the same file prepared for phase 2, byte for byte what `preparePhase2` makes of it: with
 * known secrets its Lagrange points take seconds, not minutes.
 * @returns BLAKE2b-512 of the file, hex.
 */
export async function writePreparedPowersOfTau(
  path: string,
  exponent: number,
  secrets: SetupSecrets,
): Promise<string> {
  const curve = await bn254();
  const [g1, g2] = [await fixedBase(curve, "G1"), await fixedBase(curve, "G2")];
  const { tau, alpha, beta } = secrets;
  const levels = Array.from({ length: exponent + 1 }, (_, level) => lagrange(level, tau)).flat();
  const times = (factor: bigint) => levels.map((value) => (value * factor) % FIELD_ORDER);
  const file = writeSections("ptau", 1, [
    ...(await rawSections(exponent, secrets)),
    [12, g1.multiply([...levels, ...cutLagrange(exponent + 1, tau)])],
    [13, g2.multiply(levels)],
    [14, g1.multiply(times(alpha))],
    [15, g1.multiply(times(beta))],
  ]);
  await writeFile(path, file);
  return createHash("blake2b512").update(file).digest("hex");
}

type NumberedSection = readonly [number: number, bytes: Uint8Array];

async function rawSections(
  exponent: number,
  { tau, alpha, beta }: SetupSecrets,
): Promise<NumberedSection[]> {
  const curve = await bn254();
  const [g1, g2] = [await fixedBase(curve, "G1"), await fixedBase(curve, "G2")];
  const powers: bigint[] = [];
  for (let i = 0, power = 1n; i < 2 ** (exponent + 1) - 1; i++, power = (power * tau) % FIELD_ORDER)
    powers.push(power);
  const few = powers.slice(0, 2 ** exponent);
  const header = Buffer.alloc(44);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  view.setUint32(0, 32, true);
  writeScalar(view, 4, BASE_FIELD_ORDER);
  view.setUint32(36, exponent, true);
  view.setUint32(40, exponent, true);
  const times = (factor: bigint) => few.map((power) => (power * factor) % FIELD_ORDER);
  return [
    [1, header],
    [2, g1.multiply(powers)],
    [3, g2.multiply(few)],
    [4, g1.multiply(times(alpha))],
    [5, g1.multiply(times(beta))],
    [6, g2.multiply([beta])],
    [7, Buffer.alloc(4)],
  ];
}

/** Lagrange polynomials of the domain of 2^level points, at tau: w^i (tau^n - 1) / (n (tau - w^i)). */
function lagrange(level: number, tau: bigint): bigint[] {
  const size = 2 ** level;
  const root = rootOfUnity(level);
  const roots: bigint[] = [];
  for (let i = 0, power = 1n; i < size; i++, power = (power * root) % FIELD_ORDER)
    roots.push(power);
  const factor = reduce((raise(tau, BigInt(size)) - 1n) * inverse(BigInt(size)));
  const inverses = inverseAll(roots.map((point) => reduce(tau - point)));
  return roots.map((point, i) => reduce(reduce(factor * point) * (inverses[i] as bigint)));
}

/** The same without the highest power of tau, which the file does not have. */
function cutLagrange(level: number, tau: bigint): bigint[] {
  const size = 2 ** level;
  const root = rootOfUnity(level);
  const highest = reduce(raise(tau, BigInt(size - 1)) * inverse(BigInt(size)));
  let point = 1n;
  return lagrange(level, tau).map((value) => {
    const cut = reduce(value - highest * point);
    point = (point * root) % FIELD_ORDER;
    return cut;
  });
}

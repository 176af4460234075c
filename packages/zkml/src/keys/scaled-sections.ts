import { randomBytes } from "node:crypto";
import { readSections, requireSection } from "./binary-file.ts";
import { bn254 } from "./curve.ts";
import { readKeyHeader } from "./verification-key.ts";

const COEFFICIENT_BYTES = 16;
const G1_BYTES = 64;
/** Points of private wires, and of the quotient: a second phase divides both by delta. */
const SCALED = [8, 9] as const;

/**
 * Sections of a key that are not those of the initial key divided by its delta, by number. Both
 * sides are combined with the same random 128-bit coefficients, so a wrong point passes with
 * probability at most 2^-128; snarkjs's own check uses 32 bits.
 * @param initial the key before the first contribution, with delta one.
 * @throws ZkmlError KEY_CORRUPT when a key is malformed.
 */
export async function scaledSections(initial: Uint8Array, final: Uint8Array): Promise<number[]> {
  const curve = await bn254();
  const [from, to] = [initial, final].map((bytes) => readSections(bytes, "zkey", "KEY_CORRUPT"));
  if (from === undefined || to === undefined) throw new TypeError("two keys are needed");
  const { delta2 } = readKeyHeader(to);
  const wrong: number[] = [];
  for (const number of SCALED) {
    const [before, after] = [from, to].map((sections) => {
      const { buffer, byteOffset, byteLength } = requireSection(sections, number, "KEY_CORRUPT");
      return new Uint8Array(buffer, byteOffset, byteLength);
    }) as [Uint8Array, Uint8Array];
    if (before.length !== after.length) {
      wrong.push(number);
      continue;
    }
    if (before.length === 0) continue;
    const coefficients = randomBytes((before.length / G1_BYTES) * COEFFICIENT_BYTES);
    const expected = await curve.G1.multiExpAffine(before, coefficients);
    const actual = await curve.G1.multiExpAffine(after, coefficients);
    // e(expected, 1) = e(actual, delta)
    const equal = await curve.pairingEq(curve.G1.neg(expected), curve.G2.g, actual, delta2);
    if (!equal) wrong.push(number);
  }
  return wrong;
}

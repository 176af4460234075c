import { randomBytes } from "node:crypto";
import type { Curve } from "ffjavascript";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { Sections } from "./binary-file.ts";
import { readSections, requireSection } from "./binary-file.ts";
import { bn254 } from "./curve.ts";
import { FIELD_ORDER } from "./field.ts";
import type { GroupName } from "./fixed-base.ts";
import { keyScalars } from "./proving-key.ts";
import type { R1cs } from "./r1cs.ts";
import type { SetupSecrets } from "./secrets.ts";
import { exportVerificationKey, readKeyHeader } from "./verification-key.ts";

const COEFFICIENT_BYTES = 16;

/**
 * Checks a development key against its circuit: every section, under random 128-bit coefficients,
 * must equal the generator times the same combination of the expected exponents. A wrong point
 * passes with probability at most 2^-128. The arithmetic shares nothing with the key maker's
 * tables. Pairings tie the header's points together.
 * @throws ZkmlError KEY_CORRUPT naming the section, KEY_UNSAFE for a skipped second phase.
 */
export async function checkDevelopmentKey(
  zkey: Uint8Array,
  r1cs: R1cs,
  secrets: SetupSecrets,
): Promise<void> {
  const curve = await bn254();
  await exportVerificationKey(zkey);
  const sections = readSections(zkey, "zkey", "KEY_CORRUPT");
  const expected = keyScalars(r1cs, secrets);
  await checkHeader(curve, sections, r1cs, expected.domainSize);
  const checks: readonly (readonly [number, GroupName, readonly bigint[]])[] = [
    [3, "G1", expected.ic],
    [5, "G1", expected.a],
    [6, "G1", expected.b],
    [7, "G2", expected.b],
    [8, "G1", expected.c],
    [9, "G1", expected.h],
  ];
  for (const [section, group, scalars] of checks) {
    await checkSection(curve, sections, section, group, scalars);
  }
}

async function checkHeader(
  curve: Curve,
  sections: Sections,
  r1cs: R1cs,
  domainSize: number,
): Promise<void> {
  const header = readKeyHeader(sections);
  const consistent =
    header.wireCount === r1cs.wireCount &&
    header.publicCount === r1cs.publicCount &&
    header.domainSize === domainSize &&
    (await curve.pairingEq(curve.G1.neg(header.beta1), curve.G2.g, curve.G1.g, header.beta2)) &&
    (await curve.pairingEq(curve.G1.neg(header.delta1), curve.G2.g, curve.G1.g, header.delta2));
  if (!consistent) throw corrupt("header");
}

async function checkSection(
  curve: Curve,
  sections: Sections,
  number: number,
  groupName: GroupName,
  scalars: readonly bigint[],
): Promise<void> {
  const group = curve[groupName];
  const points = requireSection(sections, number, "KEY_CORRUPT");
  if (points.byteLength !== scalars.length * group.F.n8 * 2) throw corrupt(`section ${number}`);
  if (scalars.length === 0) return;
  const coefficients = randomBytes(scalars.length * COEFFICIENT_BYTES);
  const bases = new Uint8Array(points.buffer, points.byteOffset, points.byteLength);
  const sum = await group.multiExpAffine(bases, coefficients);
  let exponent = 0n;
  scalars.forEach((scalar, i) => {
    const low = coefficients.readBigUInt64LE(i * COEFFICIENT_BYTES);
    const high = coefficients.readBigUInt64LE(i * COEFFICIENT_BYTES + 8);
    exponent = (exponent + scalar * (low | (high << 64n))) % FIELD_ORDER;
  });
  if (!group.eq(sum, group.timesScalar(group.g, exponent))) throw corrupt(`section ${number}`);
}

function corrupt(part: string): ZkmlError {
  return new ZkmlError(
    "KEY_CORRUPT",
    `the key's ${part} does not match its circuit; make it again`,
    {
      part,
    },
  );
}

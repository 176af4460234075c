import { writeFile } from "node:fs/promises";
import { writeSections } from "../../src/keys/binary-file.ts";
import { bn254 } from "../../src/keys/curve.ts";
import { BASE_FIELD_ORDER, FIELD_ORDER, writeScalar } from "../../src/keys/field.ts";
import { fixedBase } from "../../src/keys/fixed-base.ts";
import type { SetupSecrets } from "../../src/keys/secrets.ts";

/**
 * Writes a powers-of-tau file of 2^exponent with known secrets and without contributions, in the
 * form that snarkjs's `preparePhase2` takes.
 */
export async function writePowersOfTau(
  path: string,
  exponent: number,
  { tau, alpha, beta }: SetupSecrets,
): Promise<void> {
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
  const file = writeSections("ptau", 1, [
    [1, header],
    [2, g1.multiply(powers)],
    [3, g2.multiply(few)],
    [4, g1.multiply(times(alpha))],
    [5, g1.multiply(times(beta))],
    [6, g2.multiply([beta])],
    [7, Buffer.alloc(4)],
  ]);
  await writeFile(path, file);
}

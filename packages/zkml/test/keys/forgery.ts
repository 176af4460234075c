import type { Group } from "ffjavascript";
import { bn254 } from "../../src/keys/curve.ts";
import { type ProofWords, proofWords } from "../../src/keys/groth16.ts";
import { decodePoint, type VerificationKey } from "../../src/keys/verification-key.ts";

/**
 * Forges a proof of any public signals under a key whose second phase was skipped, from the
 * verifying key alone: with A = alpha, B = beta and C = −Σ publicᵢ·ICᵢ the two last pairings
 * cancel when delta equals gamma. Under a sound key the result is refused.
 */
export async function forgeProof(
  key: VerificationKey,
  publicSignals: readonly bigint[],
): Promise<ProofWords> {
  const curve = await bn254();
  const points = key.IC.map((point) => decodePoint(curve.G1, point));
  const inputs = points
    .slice(1)
    .reduce(
      (sum, point, i) => curve.G1.add(sum, curve.G1.timesScalar(point, publicSignals[i] as bigint)),
      curve.G1.add(curve.G1.zero, points[0] as Uint8Array),
    );
  const strings = (group: Group, point: Uint8Array): string[] =>
    group.toObject(group.toAffine(point)).map(String);
  return proofWords({
    protocol: "groth16",
    curve: "bn128",
    pi_a: [...key.vk_alpha_1],
    pi_b: key.vk_beta_2.map((coordinate) => [...coordinate]),
    pi_c: strings(curve.G1, curve.G1.neg(inputs)),
  });
}

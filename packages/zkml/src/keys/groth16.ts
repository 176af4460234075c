import { ZkmlError } from "../errors/zkml-error.ts";
import { bn254 } from "./curve.ts";
import { BASE_FIELD_ORDER, FIELD_ORDER } from "./field.ts";
import type { VerificationKey } from "./verification-key.ts";
import { assertSoundKey, decodePoint } from "./verification-key.ts";

/**
 * A proof as eight words in the order Solidity verifiers take: a.x, a.y, b.x.c1, b.x.c0, b.y.c1,
 * b.y.c0, c.x, c.y. EIP-197 puts the imaginary part of a G2 coordinate first.
 */
export type ProofWords = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

type StringWords = [string, string, string, string, string, string, string, string];

/** snarkjs's JSON form of a proof. */
export interface SnarkjsProof {
  readonly protocol: string;
  readonly curve: string;
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
}

export function proofWords({ pi_a, pi_b, pi_c }: SnarkjsProof): ProofWords {
  const words = [
    pi_a[0],
    pi_a[1],
    pi_b[0]?.[1],
    pi_b[0]?.[0],
    pi_b[1]?.[1],
    pi_b[1]?.[0],
    pi_c[0],
    pi_c[1],
  ].map((word) => {
    if (word === undefined) throw new ZkmlError("PROOF_INVALID", "the proof lacks a coordinate");
    return BigInt(word);
  });
  return words as unknown as ProofWords;
}

/** snarkjs's form of eight words, for tools that read it. */
export function snarkjsProof(words: ProofWords): SnarkjsProof {
  const [ax, ay, bx1, bx0, by1, by0, cx, cy] = words.map(String) as unknown as StringWords;
  return {
    protocol: "groth16",
    curve: "bn128",
    pi_a: [ax, ay, "1"],
    pi_b: [
      [bx0, bx1],
      [by0, by1],
      ["1", "0"],
    ],
    pi_c: [cx, cy, "1"],
  };
}

/**
 * Checks a Groth16 proof: e(A, B) = e(alpha, beta) · e(Σ publicᵢ · ICᵢ, gamma) · e(C, delta).
 * False for words or signals outside their fields and for points off the curve.
 * @throws ZkmlError KEY_CORRUPT, KEY_UNSAFE for the key; a bad proof is never an exception.
 */
export async function verifyProof(
  key: VerificationKey,
  publicSignals: readonly bigint[],
  proof: ProofWords,
): Promise<boolean> {
  await assertSoundKey(key);
  if (publicSignals.length !== key.nPublic || proof.length !== 8) return false;
  if (publicSignals.some((signal) => signal < 0n || signal >= FIELD_ORDER)) return false;
  if (proof.some((word) => word < 0n || word >= BASE_FIELD_ORDER)) return false;
  const curve = await bn254();
  const { pi_a, pi_b, pi_c } = snarkjsProof(proof);
  const a = decodePoint(curve.G1, pi_a);
  const b = decodePoint(curve.G2, pi_b);
  const c = decodePoint(curve.G1, pi_c);
  if (!curve.G1.isValid(a) || !curve.G2.isValid(b) || !curve.G1.isValid(c)) return false;
  const [first, ...rest] = key.IC.map((point) => decodePoint(curve.G1, point));
  const inputs = rest.reduce(
    (sum, point, i) => curve.G1.add(sum, curve.G1.timesScalar(point, publicSignals[i] as bigint)),
    curve.G1.add(curve.G1.zero, first as Uint8Array),
  );
  return curve.pairingEq(
    curve.G1.neg(a),
    b,
    inputs,
    decodePoint(curve.G2, key.vk_gamma_2),
    c,
    decodePoint(curve.G2, key.vk_delta_2),
    decodePoint(curve.G1, key.vk_alpha_1),
    decodePoint(curve.G2, key.vk_beta_2),
  );
}

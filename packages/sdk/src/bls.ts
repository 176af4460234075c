import { bls12_381 } from "@noble/curves/bls12-381.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, getBytes, hexlify, keccak256, toBeHex, toBigInt } from "ethers";

// Public keys in G2, signatures in G1 (the short ones), as drand quicknet; encodings of EIP-2537.
const scheme = bls12_381.shortSignatures;

/** RFC 9380 domain separation tags, as in the contracts. */
export const BEACON_DST = "LATTICE-V3-BEACON-BLS12381G1_XMD:SHA-256_SSWU_RO_";
export const POSSESSION_DST = "LATTICE-V3-POSSESSION-BLS12381G1_XMD:SHA-256_SSWU_RO_";

/** A point of G1 as the contracts take it. */
export interface G1Point {
  readonly xHigh: string;
  readonly xLow: string;
  readonly yHigh: string;
  readonly yLow: string;
}

/** A point of G2 as the contracts take it. */
export interface G2Point {
  readonly x0High: string;
  readonly x0Low: string;
  readonly x1High: string;
  readonly x1Low: string;
  readonly y0High: string;
  readonly y0Low: string;
  readonly y1High: string;
  readonly y1Low: string;
}

function words(value: bigint): [string, string] {
  const hex = toBeHex(value, 64);
  return [`0x${hex.slice(2, 66)}`, `0x${hex.slice(66)}`];
}

/**
 * Secret key (32 bytes) from at least 32 bytes of seed: KeyGen of draft-irtf-cfrg-bls-signature-05, section 2.3.
 * Throws RangeError on a shorter seed.
 */
export function keyFromSeed(seed: string): Uint8Array {
  const material = getBytes(seed);
  if (material.length < 32) {
    throw new RangeError(`A BLS key needs at least 32 bytes of seed, got ${material.length}.`);
  }
  let salt = new TextEncoder().encode("BLS-SIG-KEYGEN-SALT-");
  for (;;) {
    salt = sha256(salt);
    const okm = hkdf(
      sha256,
      getBytes(concat([material, "0x00"])),
      salt,
      new Uint8Array([0, 48]),
      48,
    );
    const secret = toBigInt(okm) % bls12_381.fields.Fr.ORDER;
    if (secret !== 0n) return getBytes(toBeHex(secret, 32));
  }
}

/** Public key of a secret key, as the contracts take it. */
export function publicKeyOf(secretKey: Uint8Array): G2Point {
  const { x, y } = scheme.getPublicKey(secretKey).toAffine();
  const [x0High, x0Low] = words(x.c0);
  const [x1High, x1Low] = words(x.c1);
  const [y0High, y0Low] = words(y.c0);
  const [y1High, y1Low] = words(y.c1);
  return { x0High, x0Low, x1High, x1Low, y0High, y0Low, y1High, y1Low };
}

/** Signature over `message` (hex), hashed to G1 under `dst` (RFC 9380). */
export function sign(secretKey: Uint8Array, message: string, dst: string): G1Point {
  const point = scheme.hash(getBytes(message), new TextEncoder().encode(dst));
  return g1Point(scheme.sign(point, secretKey));
}

/** A point of G1 in the encoding of EIP-2537. */
export function g1Point(point: ReturnType<typeof scheme.sign>): G1Point {
  const { x, y } = point.toAffine();
  const [xHigh, xLow] = words(x);
  const [yHigh, yLow] = words(y);
  return { xHigh, xLow, yHigh, yLow };
}

/** The 256 bytes of a public key. */
export function encodePublicKey(key: G2Point): string {
  return hexlify(
    concat([
      key.x0High,
      key.x0Low,
      key.x1High,
      key.x1Low,
      key.y0High,
      key.y0Low,
      key.y1High,
      key.y1Low,
    ]),
  );
}

/** The 128 bytes of a signature. */
export function encodeSignature(signature: G1Point): string {
  return hexlify(concat([signature.xHigh, signature.xLow, signature.yHigh, signature.yLow]));
}

/** keccak256 of the encoded key: what the registry stores. */
export function publicKeyHash(key: G2Point): string {
  return keccak256(encodePublicKey(key));
}

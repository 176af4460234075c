import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** 0x-prefixed lower-case hexadecimal. */
export type Hex = `0x${string}`;

/**
 * First byte of everything hashed for a commitment, so that no hash of one kind can be passed
 * off as another.
 */
export const DOMAINS = { leaf: 0, node: 1, tensor: 2, program: 3, weights: 4, trace: 5 } as const;

/** keccak-256 of the domain byte and the parts, joined. */
export function hashParts(
  domain: keyof typeof DOMAINS,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  const hash = keccak_256.create().update(Uint8Array.of(DOMAINS[domain]));
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/** SHA-256 of a model file, which names the artifact. */
export function artifactDigest(bytes: Uint8Array): Hex {
  return toHex(sha256(bytes));
}

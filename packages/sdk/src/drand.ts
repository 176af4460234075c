import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { getBytes, toBeHex } from "ethers";
import { type G1Point, g1Point } from "./bls.ts";

const scheme = bls12_381.shortSignatures;

/** The drand network whose rounds are the beacon's fallback. Hex as the network publishes it, without prefix. */
export const QUICKNET = {
  chainHash: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
  publicKey:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  dst: "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
  genesis: 1_692_803_367,
  periodSeconds: 3,
} as const;

/** The first round published at `time` (Unix seconds) or later. */
export function roundFrom(time: number): bigint {
  const { genesis, periodSeconds } = QUICKNET;
  return BigInt(Math.max(Math.ceil((time - genesis) / periodSeconds), 0) + 1);
}

/** Unix seconds at which `round`, from 1 on, is published. */
export function timeOf(round: bigint): number {
  return QUICKNET.genesis + (Number(round) - 1) * QUICKNET.periodSeconds;
}

/** A published signature (48 bytes hex, compressed) as the contracts take it. Throws unless it is a point of the group. */
export function decodeSignature(signature: string): G1Point {
  return g1Point(scheme.Signature.fromHex(unprefixed(signature)));
}

/** True when `signature` (48 bytes hex, compressed) is the network's over `round`. */
export function verify(round: bigint, signature: string): boolean {
  const message = sha256(getBytes(toBeHex(round, 8)));
  const point = scheme.hash(message, new TextEncoder().encode(QUICKNET.dst));
  return scheme.verify(
    scheme.Signature.fromHex(unprefixed(signature)),
    point,
    bls12_381.G2.Point.fromHex(QUICKNET.publicKey),
  );
}

function unprefixed(hex: string): string {
  return hex.startsWith("0x") ? hex.slice(2) : hex;
}

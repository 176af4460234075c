import { DEFAULT_MAX_ARTIFACT_BYTES, DirectoryArtifactStore } from "@lattice/node";

export function artifactStore(directory: string): DirectoryArtifactStore {
  return new DirectoryArtifactStore({ directory, maxBytes: DEFAULT_MAX_ARTIFACT_BYTES });
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** CIDv1 with the raw codec of an artifact, from its SHA-256 (32-byte hex with 0x). */
export function cidOf(digest: string): string {
  // Version 1, codec raw, hash sha2-256 of 32 bytes.
  const bytes = Buffer.from(`01551220${digest.slice(2)}`, "hex");
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  const digits = bits.match(/.{1,5}/g) ?? [];
  return `b${digits.map((group) => BASE32[Number.parseInt(group.padEnd(5, "0"), 2)]).join("")}`;
}

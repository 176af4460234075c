import { DEFAULT_MAX_ARTIFACT_BYTES, DirectoryArtifactStore } from "@lattice/node";
import { LOCAL_CHAIN_IDS, type TaskContext } from "./context.ts";

const STORE = ".lattice/artifacts";
const LOCAL_STORE = ".lattice/local/artifacts";

/**
 * The artifact store of a task. Local chains share the one of the main job: its providers find
 * there what a task stores.
 * @param directory As on the command line; empty for the default.
 */
export function artifactStore(
  { path, connection }: TaskContext,
  directory: string,
): DirectoryArtifactStore {
  const { chainId } = connection.lattice.addresses;
  const standard = LOCAL_CHAIN_IDS.has(chainId) ? LOCAL_STORE : STORE;
  return new DirectoryArtifactStore({
    directory: path(directory || standard),
    maxBytes: DEFAULT_MAX_ARTIFACT_BYTES,
  });
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

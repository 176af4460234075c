/**
 * Content-addressed bytes. A digest is the SHA-256 as 32-byte hex with 0x, which is also the
 * multihash digest of the artifact's CIDv1 with the raw codec.
 */
export interface ArtifactStore {
  /**
   * Reads an artifact and checks its digest.
   * @throws NodeError ARTIFACT_NOT_FOUND, ARTIFACT_TOO_LARGE or ARTIFACT_CORRUPT.
   */
  get(digest: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Stores bytes and returns their digest. @throws NodeError ARTIFACT_TOO_LARGE. */
  put(bytes: Uint8Array): Promise<string>;
  has(digest: string): Promise<boolean>;
}

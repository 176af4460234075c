import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import { writeFileAtomic } from "../../shared/atomic-file.ts";
import { NodeError } from "../../shared/errors.ts";

export interface DirectoryStoreOptions {
  /** Created when something is put. */
  readonly directory: string;
  /** Largest artifact, bytes. */
  readonly maxBytes: number;
}

export const DEFAULT_MAX_ARTIFACT_BYTES = 256 * 1024 * 1024;

const DIGEST = /^0x[0-9a-f]{64}$/;

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

export function sha256Digest(bytes: Uint8Array): string {
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * A directory of files named by their SHA-256, in folders by its first byte. Several processes may
 * share it: files appear whole, and never change.
 */
export class DirectoryArtifactStore implements ArtifactStore {
  readonly #options: DirectoryStoreOptions;

  constructor(options: DirectoryStoreOptions) {
    this.#options = options;
  }

  get directory(): string {
    return this.#options.directory;
  }

  async get(digest: string, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const bytes = await this.#read(digest);
    signal?.throwIfAborted();
    const actual = sha256Digest(bytes);
    if (actual === digest) return bytes;
    throw new NodeError(
      "ARTIFACT_CORRUPT",
      `the stored artifact ${digest} has digest ${actual}; remove its file and fetch it again`,
      { digest, actual },
    );
  }

  async put(bytes: Uint8Array): Promise<string> {
    const digest = sha256Digest(bytes);
    this.#requireSize(digest, bytes.byteLength);
    if (!(await this.has(digest))) await writeFileAtomic(this.#fileOf(digest), bytes);
    return digest;
  }

  async has(digest: string): Promise<boolean> {
    try {
      return (await stat(this.#fileOf(digest))).isFile();
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async #read(digest: string): Promise<Uint8Array> {
    try {
      const handle = await open(this.#fileOf(digest), "r");
      try {
        this.#requireSize(digest, (await handle.stat()).size);
        return new Uint8Array(await handle.readFile());
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new NodeError(
        "ARTIFACT_NOT_FOUND",
        `the artifact ${digest} is not in the store ${this.#options.directory}; ` +
          "name the store that has it (--artifacts), or put its file there",
        { digest },
      );
    }
  }

  #requireSize(digest: string, size: number): void {
    const { maxBytes } = this.#options;
    if (size <= maxBytes) return;
    throw new NodeError(
      "ARTIFACT_TOO_LARGE",
      `the artifact ${digest} has ${size} bytes; at most ${maxBytes} are taken`,
      { digest, size, maxBytes },
    );
  }

  /** Digests come from the chain: anything but a digest must not become a path. */
  #fileOf(digest: string): string {
    if (!DIGEST.test(digest)) throw new RangeError(`"${digest}" is not a SHA-256 digest`);
    const hex = digest.slice(2);
    return join(this.#options.directory, hex.slice(0, 2), hex);
  }
}

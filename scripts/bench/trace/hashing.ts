import { hash } from "node:crypto";
import { hashParts } from "../../../packages/zkml/src/commitments/hash.ts";
import { HASH_BYTES } from "../../../packages/zkml/src/commitments/hash-tree.ts";
import { CHUNK_BYTES } from "../../../packages/zkml/src/commitments/tensor-root.ts";
import {
  KeccakArena,
  WINDOW_CHUNKS,
} from "../../../packages/zkml/src/runtime/trace/keccak/keccak-arena.ts";
import { median } from "./measure.ts";

/** How fast chunks and the tree over them are hashed on one thread. */
export interface HashingRow {
  readonly hash: string;
  readonly mebibytesPerSecond: number;
}

const REPEATS = 9;
const WINDOWS = 16;
const MIB = 2 ** 20;
const DEPTH = Math.log2(WINDOW_CHUNKS);

/** Hashes the same chunks in every way, each several times. */
export function measureHashing(): HashingRow[] {
  const arena = new KeccakArena();
  for (let i = 0; i < arena.window.length; i++) arena.window[i] = Math.imul(i, 0x9e3779b1) >>> 24;
  const levels = Array.from(
    { length: DEPTH + 1 },
    (_, height) => new Uint8Array(2 ** (DEPTH - height) * HASH_BYTES),
  );
  const chunks = Array.from({ length: WINDOW_CHUNKS }, (_, i) =>
    arena.window.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
  );
  const oneByOne = (digest: (domain: "leaf" | "node", data: Uint8Array) => Uint8Array) => () => {
    let row = chunks.map((chunk) => digest("leaf", chunk));
    while (row.length > 1) {
      row = Array.from({ length: row.length / 2 }, (_, i) =>
        digest("node", Buffer.concat([row[2 * i] as Uint8Array, row[2 * i + 1] as Uint8Array])),
      );
    }
  };
  const sha256 = (domain: "leaf" | "node", data: Uint8Array) =>
    hash("sha256", Buffer.concat([Uint8Array.of(domain === "leaf" ? 0 : 1), data]), "buffer");
  return [
    {
      hash: "keccak-256, WebAssembly, two at a time",
      run: () => arena.hashWindow(WINDOW_CHUNKS, levels, 0),
    },
    { hash: "keccak-256, @noble/hashes", run: oneByOne(hashParts) },
    { hash: "SHA-256, node:crypto", run: oneByOne(sha256) },
  ].map(({ hash: name, run }) => ({ hash: name, mebibytesPerSecond: speed(run) }));
}

function speed(run: () => void): number {
  const seconds = Array.from({ length: REPEATS }, () => {
    const started = performance.now();
    for (let i = 0; i < WINDOWS; i++) run();
    return (performance.now() - started) / 1000;
  });
  return (WINDOWS * WINDOW_CHUNKS * CHUNK_BYTES) / MIB / median(seconds);
}

import { HASH_BYTES, HashTree, treeDepth } from "../../../commitments/hash-tree.ts";
import { CHUNK_BYTES } from "../../../commitments/tensor-root.ts";
import { keccakModule, roundConstants } from "./keccak-code.ts";

/** Chunks that are packed and hashed at a time; a power of two. */
export const WINDOW_CHUNKS = 256;
/** Levels of the tree over a window, its leaves and its root among them. */
const WINDOW_LEVELS = Math.log2(WINDOW_CHUNKS) + 1;

const PAGE_BYTES = 65_536;
/** The byte before a message is read too, so nothing begins at 0. */
const WINDOW_START = 1024;
const HASHES_START = WINDOW_START + WINDOW_CHUNKS * CHUNK_BYTES + 64;
const MEMORY_BYTES = HASHES_START + 2 * WINDOW_CHUNKS * HASH_BYTES + 64;

type HashMany = (from: number, to: number, count: number, constants: number) => void;

/**
 * Keccak-256 over many messages of one size in WebAssembly, two in each pass, in memory that holds one
 * window of chunks and the tree over it. About 20 times as fast as hashing them one by one.
 */
export class KeccakArena {
  /** Where chunks are packed before they are hashed. */
  readonly window: Uint8Array<ArrayBuffer>;
  readonly #hashes: Uint8Array<ArrayBuffer>;
  readonly #chunks: HashMany;
  readonly #roots: HashMany;
  readonly #nodes: HashMany;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(MEMORY_BYTES / PAGE_BYTES) });
    const module = new WebAssembly.Module(keccakModule());
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.#chunks = exports.chunks as HashMany;
    this.#roots = exports.roots as HashMany;
    this.#nodes = exports.nodes as HashMany;
    const constants = roundConstants();
    new BigUint64Array(memory.buffer, 0, constants.length).set(constants);
    this.window = new Uint8Array(memory.buffer, WINDOW_START, WINDOW_CHUNKS * CHUNK_BYTES);
    this.#hashes = new Uint8Array(memory.buffer, HASHES_START, 2 * WINDOW_CHUNKS * HASH_BYTES);
  }

  /**
   * Hashes the first `count` chunks of the window as leaves, and the tree over them.
   * @param levels Of the whole tree; the window's part of each, as far up as they go.
   * @param place Of the window among the windows of the tree.
   */
  hashWindow(count: number, levels: readonly Uint8Array[], place: number): void {
    this.#chunks(WINDOW_START - 1, HASHES_START, count, 0);
    this.#foldWindow(count, levels, place);
  }

  /** The tree over hashes side by side, each of which is a leaf's data. */
  treeOver(hashes: Uint8Array): HashTree {
    const count = hashes.length / HASH_BYTES;
    const slots = 2 ** treeDepth(count);
    const levels: Uint8Array[] = [];
    for (let width = slots; width >= 1; width /= 2) {
      levels.push(new Uint8Array(width * HASH_BYTES));
    }
    const perWindow = WINDOW_CHUNKS * HASH_BYTES;
    for (let place = 0; place * WINDOW_CHUNKS < slots; place++) {
      const part = hashes.subarray(place * perWindow, (place + 1) * perWindow);
      this.window.set(part);
      this.#roots(WINDOW_START - 1, HASHES_START, part.length / HASH_BYTES, 0);
      this.#foldWindow(part.length / HASH_BYTES, levels, place);
    }
    this.completeTree(levels);
    return new HashTree((levels[0] as Uint8Array).subarray(0, hashes.length), levels);
  }

  /** Completes a tree whose levels are known up to those of its windows. */
  completeTree(levels: readonly Uint8Array[]): void {
    for (let height = WINDOW_LEVELS; height < levels.length; height++) {
      const [below, above] = [levels[height - 1] as Uint8Array, levels[height] as Uint8Array];
      for (let from = 0; from < below.length; from += WINDOW_CHUNKS * HASH_BYTES) {
        const part = below.subarray(from, from + WINDOW_CHUNKS * HASH_BYTES);
        this.#hashes.set(part);
        const count = part.length / (2 * HASH_BYTES);
        this.#nodes(HASHES_START - 1, HASHES_START + part.length, count, 0);
        above.set(this.#hashes.subarray(part.length, 1.5 * part.length), from / 2);
      }
    }
  }

  /** The tree over `count` leaves' hashes, which are there, and the filling behind them. */
  #foldWindow(leaves: number, levels: readonly Uint8Array[], place: number): void {
    let [from, count] = [0, Math.min(WINDOW_CHUNKS, (levels[0] as Uint8Array).length / HASH_BYTES)];
    this.#hashes.fill(0, leaves * HASH_BYTES, count * HASH_BYTES);
    for (let height = 0; ; height++) {
      const bytes = count * HASH_BYTES;
      (levels[height] as Uint8Array).set(this.#hashes.subarray(from, from + bytes), place * bytes);
      if (count === 1) return;
      count /= 2;
      this.#nodes(HASHES_START + from - 1, HASHES_START + from + bytes, count, 0);
      from += bytes;
    }
  }
}

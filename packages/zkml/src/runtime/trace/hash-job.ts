import { HASH_BYTES, treeDepth } from "../../commitments/hash-tree.ts";
import { CHUNK_BYTES, type Layout } from "../../commitments/tensor-root.ts";
import { ELEMENT_BYTES, type IntegerTensor } from "../../ir/tensor.ts";
import { type KeccakArena, WINDOW_CHUNKS } from "./keccak/keccak-arena.ts";
import { packRange } from "./pack-range.ts";

/** A tensor to be packed and hashed, window by window, by whoever takes the next window first. */
export interface HashJob {
  /** What is to be packed; nothing when `packed` is filled already. */
  readonly tensor?: IntegerTensor;
  readonly layout?: Layout;
  readonly packed: Uint8Array;
  /** Of the tree over its chunks, side by side, the leaves first. */
  readonly hashes: Uint8Array;
  /** The next window that nobody has taken. */
  readonly next: Int32Array;
}

/** @param shared True when threads take part. */
export function packJob(tensor: IntegerTensor, layout: Layout, shared: boolean): HashJob {
  const bytes = tensor.data.length * ELEMENT_BYTES[tensor.elementType];
  const packed = roomFor(Math.ceil(bytes / CHUNK_BYTES) * CHUNK_BYTES, shared);
  const source = shared ? { ...tensor, data: sharedCopy(tensor.data) } : tensor;
  return { ...hashJob(packed, shared), tensor: source, layout };
}

/** @param packed Whole chunks; in shared memory when threads take part. */
export function hashJob(packed: Uint8Array, shared: boolean): HashJob {
  const slots = 2 ** treeDepth(packed.length / CHUNK_BYTES);
  const next = roomFor(Int32Array.BYTES_PER_ELEMENT, shared);
  return {
    packed,
    hashes: roomFor((2 * slots - 1) * HASH_BYTES, shared),
    next: new Int32Array(next.buffer),
  };
}

export function roomFor(bytes: number, shared: boolean): Uint8Array {
  return new Uint8Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

/** The levels of the tree over the job's chunks. */
export function levelsOf({ packed, hashes }: HashJob): Uint8Array[] {
  const levels: Uint8Array[] = [];
  let from = 0;
  for (let slots = 2 ** treeDepth(packed.length / CHUNK_BYTES); slots >= 1; slots /= 2) {
    levels.push(hashes.subarray(from, from + slots * HASH_BYTES));
    from += slots * HASH_BYTES;
  }
  return levels;
}

/** Takes windows of a job until none is left. */
export function takeWindows(job: HashJob, arena: KeccakArena): void {
  const { packed, next } = job;
  const levels = levelsOf(job);
  const chunks = packed.length / CHUNK_BYTES;
  const slots = (levels[0] as Uint8Array).length / HASH_BYTES;
  for (;;) {
    const place = Atomics.add(next, 0, 1);
    const first = place * WINDOW_CHUNKS;
    if (first >= slots) return;
    const count = Math.max(0, Math.min(WINDOW_CHUNKS, chunks - first));
    if (count > 0) fillWindow(job, arena, first, count);
    arena.hashWindow(count, levels, place);
  }
}

function fillWindow(
  { tensor, layout, packed }: HashJob,
  { window }: KeccakArena,
  first: number,
  count: number,
): void {
  const [start, end] = [first * CHUNK_BYTES, (first + count) * CHUNK_BYTES];
  if (tensor === undefined || layout === undefined) {
    window.set(packed.subarray(start, end));
    return;
  }
  const width = ELEMENT_BYTES[tensor.elementType];
  window.fill(0, end - start - CHUNK_BYTES, end - start);
  const to = Math.min(end / width, tensor.data.length);
  packRange(tensor, layout, [start / width, to], window);
  packed.set(window.subarray(0, end - start), start);
}

function sharedCopy(data: IntegerTensor["data"]): IntegerTensor["data"] {
  if (data.buffer instanceof SharedArrayBuffer) return data;
  const buffer = new SharedArrayBuffer(data.byteLength);
  const copy =
    data instanceof Int32Array
      ? new Int32Array(buffer)
      : data instanceof Int8Array
        ? new Int8Array(buffer)
        : new Uint8Array(buffer);
  copy.set(data);
  return copy as IntegerTensor["data"];
}

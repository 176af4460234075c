import { hashParts } from "./hash.ts";

/** Bytes of a hash. */
export const HASH_BYTES = 32;

/**
 * A binary Merkle tree over hashes of leaves, kept whole: nodes are keccak(0x01 ‖ left ‖ right), and
 * the leaves are filled up to a power of two with zero words. The same tree as `MerkleTree`, for
 * leaves that were hashed before.
 */
export class HashTree {
  /** Hashes side by side, the leaves first, the root last. */
  readonly levels: readonly Uint8Array[];
  /** Leaves, without the filling. */
  readonly count: number;

  /**
   * @param levels As `levels`, when they were computed elsewhere.
   * @throws RangeError without leaves.
   */
  constructor(leaves: Uint8Array, levels?: readonly Uint8Array[]) {
    this.count = leaves.length / HASH_BYTES;
    if (this.count === 0) throw new RangeError("a Merkle tree needs at least one leaf");
    this.levels = levels ?? levelsOver(leaves, this.count);
  }

  get root(): Uint8Array {
    return this.levels.at(-1) as Uint8Array;
  }

  /** Levels above the leaves. */
  get depth(): number {
    return this.levels.length - 1;
  }

  /** The hash at `index` of a level, which counts from the leaves. */
  node(level: number, index: number): Uint8Array {
    return (this.levels[level] as Uint8Array).subarray(
      index * HASH_BYTES,
      (index + 1) * HASH_BYTES,
    );
  }

  /** Siblings from the leaf up. */
  siblings(index: number): Uint8Array[] {
    return Array.from({ length: this.depth }, (_, level) => this.node(level, (index >> level) ^ 1));
  }

  /**
   * What the root needs beside these leaves: level by level from the leaves up, each level from left
   * to right.
   * @param indices Ascending, each once.
   */
  multiproof(indices: readonly number[]): Uint8Array[] {
    const proof: Uint8Array[] = [];
    let known = [...indices];
    for (let level = 0; level < this.depth; level++) {
      for (const [at, index] of known.entries()) {
        const sibling = index ^ 1;
        if (known[at - 1] !== sibling && known[at + 1] !== sibling) {
          proof.push(this.node(level, sibling));
        }
      }
      known = [...new Set(known.map((index) => index >> 1))];
    }
    return proof;
  }
}

function levelsOver(leaves: Uint8Array, count: number): Uint8Array[] {
  const levels = [new Uint8Array(2 ** treeDepth(count) * HASH_BYTES)];
  levels[0]?.set(leaves);
  for (let level = levels[0] as Uint8Array; level.length > HASH_BYTES; ) {
    const above = new Uint8Array(level.length / 2);
    for (let at = 0; at < above.length; at += HASH_BYTES) {
      above.set(hashParts("node", level.subarray(2 * at, 2 * (at + HASH_BYTES))), at);
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

/** Hashes of leaves side by side, for a tree over them. */
export function leafHashes(leaves: readonly Uint8Array[]): Uint8Array {
  const hashes = new Uint8Array(leaves.length * HASH_BYTES);
  for (const [i, leaf] of leaves.entries()) hashes.set(hashParts("leaf", leaf), i * HASH_BYTES);
  return hashes;
}

/** Levels above the leaves of a tree with this many. */
export function treeDepth(leaves: number): number {
  return Math.ceil(Math.log2(leaves));
}

import { hashParts } from "./hash.ts";

/** Stands for absent leaves; nothing hashes to it. */
const EMPTY = new Uint8Array(32);

/**
 * A binary Merkle tree: leaves are keccak(0x00 ‖ data), nodes keccak(0x01 ‖ left ‖ right), and
 * the leaf count is filled up to a power of two with zero words. Bind the leaf count next to the
 * root, as the roots in this folder do.
 */
export class MerkleTree {
  /** From the leaves up to the root. */
  readonly #levels: Uint8Array[][];

  /** @throws RangeError without leaves. */
  constructor(leaves: Iterable<Uint8Array>) {
    let level = Array.from(leaves, (data) => hashParts("leaf", data));
    if (level.length === 0) throw new RangeError("a Merkle tree needs at least one leaf");
    while ((level.length & (level.length - 1)) !== 0) level.push(EMPTY);
    this.#levels = [level];
    while (level.length > 1) {
      const below = level;
      level = Array.from({ length: below.length / 2 }, (_, i) =>
        hashParts("node", below[2 * i] as Uint8Array, below[2 * i + 1] as Uint8Array),
      );
      this.#levels.push(level);
    }
  }

  get root(): Uint8Array {
    return (this.#levels.at(-1) as Uint8Array[])[0] as Uint8Array;
  }

  /** Siblings from the leaf up. */
  proof(index: number): Uint8Array[] {
    return this.#levels
      .slice(0, -1)
      .map((level, height) => level[(index >> height) ^ 1] as Uint8Array);
  }
}

/** The root that `data` at `index` leads to with the given siblings. */
export function rootFromProof(
  data: Uint8Array,
  index: number,
  siblings: readonly Uint8Array[],
): Uint8Array {
  return siblings.reduce(
    (hash, sibling, height) =>
      (index >> height) & 1 ? hashParts("node", sibling, hash) : hashParts("node", hash, sibling),
    hashParts("leaf", data),
  );
}

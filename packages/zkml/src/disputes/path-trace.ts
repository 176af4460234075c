import type { CommittedTensor, CommittedTrace } from "../commitments/committed-trace.ts";
import { hashParts, toHex } from "../commitments/hash.ts";
import { type HashTree, treeDepth } from "../commitments/hash-tree.ts";
import { knownTensor, knownTrace, type SuspectTensor, type SuspectTrace } from "./suspect-trace.ts";

/**
 * A trace of which one path is known, from its root down to the first chunk that is not the honest
 * run's, as an inquiry uncovers it: whatever lies left of the path is the honest run's. That is
 * enough to open the path and everything before it.
 */
export class PathTrace implements SuspectTrace {
  readonly count: number;
  readonly treeRoot: Uint8Array;
  readonly #honest: CommittedTrace;
  readonly #tree: PathTree;
  #tensor: PathTensor | undefined;

  /**
   * @param count Number of tensors that the trace root was made with.
   * @param nodes Of the tree over tensors, `min(4, depth)` levels below its root: all of that level.
   */
  constructor(honest: CommittedTrace, count: number, nodes: readonly Uint8Array[]) {
    this.count = count;
    this.#honest = honest;
    this.#tree = new PathTree(honest.tree);
    this.treeRoot = this.#tree.learn(treeDepth(count) - treeDepth(nodes.length), 0, nodes);
  }

  /** Takes in nodes of the tree over tensors, side by side, all below one node that is known. */
  learnTensors(level: number, first: number, nodes: readonly Uint8Array[]): void {
    this.#tree.learn(level, first, nodes);
  }

  /**
   * Takes in the tensor at a leaf, where the path goes on.
   * @param nodes Of the tree over its chunks, `min(4, depth)` levels below its root.
   */
  learnTensor(entry: number, header: Uint8Array, nodes: readonly Uint8Array[]): void {
    const honest = this.#honest.tensors[entry] as CommittedTensor;
    this.#tensor = new PathTensor(entry, honest, header, nodes);
  }

  /** Takes in nodes of the tree over that tensor's chunks, side by side. */
  learnChunks(level: number, first: number, nodes: readonly Uint8Array[]): void {
    this.#onPath().tree.learn(level, first, nodes);
  }

  /** Takes in a chunk of that tensor. */
  learnChunk(index: number, chunk: Uint8Array): void {
    this.#onPath().chunks.set(index, chunk);
  }

  leaf(entry: number): Uint8Array {
    return this.#tree.node(0, entry);
  }

  siblings(entry: number): Uint8Array[] {
    return this.#tree.siblings(entry);
  }

  tensorRoot(entry: number): Uint8Array {
    return this.#tensor?.entry === entry
      ? this.#tensor.root
      : knownTrace(this.#honest).tensorRoot(entry);
  }

  tensor(entry: number): SuspectTensor {
    return this.#tensor?.entry === entry ? this.#tensor : knownTrace(this.#honest).tensor(entry);
  }

  #onPath(): PathTensor {
    if (this.#tensor === undefined) throw new RangeError("no tensor of the path is known");
    return this.#tensor;
  }
}

class PathTensor implements SuspectTensor {
  readonly entry: number;
  readonly header: Uint8Array;
  readonly tree: PathTree;
  readonly chunkRoot: Uint8Array;
  readonly chunks = new Map<number, Uint8Array>();
  readonly #honest: SuspectTensor;

  constructor(
    entry: number,
    honest: CommittedTensor,
    header: Uint8Array,
    nodes: readonly Uint8Array[],
  ) {
    this.entry = entry;
    this.header = header;
    this.#honest = knownTensor(honest);
    this.tree = new PathTree(honest.chunks);
    this.chunkRoot = this.tree.learn(honest.chunks.depth - treeDepth(nodes.length), 0, nodes);
  }

  get root(): Uint8Array {
    return hashParts("tensor", this.header, this.chunkRoot);
  }

  chunk(index: number): Uint8Array {
    return this.chunks.get(index) ?? this.#honest.chunk(index);
  }

  chunkLeaf(index: number): Uint8Array {
    return this.tree.node(0, index);
  }

  chunkSiblings(index: number): Uint8Array[] {
    return this.tree.siblings(index);
  }

  chunkProof(indices: readonly number[]): Uint8Array[] {
    const [index] = indices;
    if (indices.length !== 1 || index === undefined) {
      throw new RangeError("a path opens one chunk of its tensor");
    }
    return this.tree.siblings(index);
  }
}

/** What is known of a tree, the rest of it taken from the honest run's. */
class PathTree {
  readonly #honest: HashTree;
  readonly #known = new Map<string, Uint8Array>();

  constructor(honest: HashTree) {
    this.#honest = honest;
  }

  /** Takes in nodes side by side and all that follow from them; returns the one above all. */
  learn(level: number, first: number, nodes: readonly Uint8Array[]): Uint8Array {
    let [at, index, row] = [level, first, nodes];
    for (;;) {
      for (const [i, node] of row.entries()) this.#known.set(`${at}/${index + i}`, node);
      if (row.length === 1) return row[0] as Uint8Array;
      row = Array.from({ length: row.length / 2 }, (_, i) =>
        hashParts("node", row[2 * i] as Uint8Array, row[2 * i + 1] as Uint8Array),
      );
      [at, index] = [at + 1, Math.floor(index / 2)];
    }
  }

  node(level: number, index: number): Uint8Array {
    return this.#known.get(`${level}/${index}`) ?? this.#honest.node(level, index);
  }

  /** @throws RangeError for a leaf that is behind the path, so that its siblings are not known. */
  siblings(leaf: number): Uint8Array[] {
    let hash = this.node(0, leaf);
    const siblings = Array.from({ length: this.#honest.depth }, (_, level) => {
      const sibling = this.node(level, (leaf >> level) ^ 1);
      const pair = (leaf >> level) & 1 ? [sibling, hash] : [hash, sibling];
      hash = hashParts("node", ...pair);
      return sibling;
    });
    if (toHex(hash) !== toHex(this.node(this.#honest.depth, 0))) {
      throw new RangeError(`what is known does not open leaf ${leaf}`);
    }
    return siblings;
  }
}

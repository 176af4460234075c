import { hashParts, toHex } from "../../src/commitments/hash.ts";
import type { ProgramOpening, TensorOpening } from "../../src/disputes/evidence-types.ts";

/** Roots that evidence is held against, as hexadecimal. */
export interface CheckedRoots {
  readonly program: string;
  readonly weights: string;
  readonly trace: string;
}

function number(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

export function hashLeaf(data: Uint8Array): Uint8Array {
  return hashParts("leaf", data);
}

/** Levels above this many leaves. */
export function levelsOver(leaves: number): number {
  let levels = 0;
  while (2 ** levels < leaves) levels++;
  return levels;
}

export function expectSame(actual: Uint8Array, expected: Uint8Array, what: string): void {
  if (toHex(actual) !== toHex(expected)) throw new Error(`${what} does not lead to its root`);
}

export function rootFrom(
  leaf: Uint8Array,
  index: number,
  leaves: number,
  siblings: readonly Uint8Array[],
): Uint8Array {
  if (siblings.length !== levelsOver(leaves)) throw new Error("wrong number of siblings");
  let [hash, at] = [leaf, index];
  for (const sibling of siblings) {
    hash = at % 2 === 0 ? hashParts("node", hash, sibling) : hashParts("node", sibling, hash);
    at = Math.floor(at / 2);
  }
  return hash;
}

/** Root over `leaves` leaves from some and a multiproof, all of which has to be used. */
export function rootFromMany(
  known: ReadonlyMap<number, Uint8Array>,
  leaves: number,
  proof: readonly Uint8Array[],
): Uint8Array {
  const rest = [...proof];
  let level = new Map([...known].sort(([a], [b]) => a - b));
  for (let left = levelsOver(leaves); left > 0; left--) {
    const above = new Map<number, Uint8Array>();
    for (const [index, hash] of level) {
      const parent = Math.floor(index / 2);
      if (above.has(parent)) continue;
      const sibling = level.get(index % 2 === 0 ? index + 1 : index - 1) ?? rest.shift();
      if (sibling === undefined) throw new Error("the proof is too short");
      const pair = index % 2 === 0 ? [hash, sibling] : [sibling, hash];
      above.set(parent, hashParts("node", ...pair));
    }
    level = above;
  }
  if (rest.length > 0) throw new Error("the proof is too long");
  return level.get(0) as Uint8Array;
}

export interface OpenedProgram {
  readonly inputs: number;
  readonly constants: number;
  readonly nodes: number;
  readonly values: number;
  readonly outputs: readonly number[];
}

export function openProgram(opening: ProgramOpening, root: string): OpenedProgram {
  const { header, values, nodes } = opening;
  if (toHex(hashParts("program", header, values, nodes)) !== root)
    throw new Error("another program");
  const [inputs, constants, count, outputs] = [0, 4, 8, 12].map((at) => number(header, at)) as [
    number,
    number,
    number,
    number,
  ];
  const ids = Array.from({ length: outputs }, (_, i) => number(header, 16 + 4 * i));
  return { inputs, constants, nodes: count, values: inputs + constants + count, outputs: ids };
}

export interface OpenedNode {
  readonly op: number;
  readonly output: number;
  readonly operands: readonly number[];
  readonly parameters: readonly number[];
}

export function readNode(bytes: Uint8Array): OpenedNode {
  const operands = Array.from({ length: bytes[5] as number }, (_, i) => number(bytes, 6 + 4 * i));
  const at = 6 + 4 * operands.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parameters = Array.from({ length: bytes[at] as number }, (_, i) =>
    Number(view.getBigInt64(at + 1 + 8 * i)),
  );
  return { op: bytes[0] as number, output: number(bytes, 1), operands, parameters };
}

export function traceRootOf(count: number, tree: Uint8Array): string {
  return toHex(hashParts("trace", word(count), tree));
}

export function weightsRootOf(count: number, tree: Uint8Array): string {
  return toHex(hashParts("weights", word(count), tree));
}

/** The elements of a tensor that an opening shows. */
export class OpenedTensor {
  readonly type: number;
  readonly shape: readonly number[];
  /** Bytes of its elements. */
  readonly bytes: number;
  readonly chunkCount: number;
  readonly #opening: TensorOpening;
  readonly #read = new Set<number>();

  constructor(opening: TensorOpening) {
    const { header } = opening;
    this.#opening = opening;
    this.type = header[0] as number;
    this.shape = Array.from({ length: header[2] as number }, (_, i) => number(header, 3 + 4 * i));
    this.bytes = this.shape.reduce((product, dimension) => product * dimension, this.#width);
    this.chunkCount = Math.ceil(this.bytes / 1024);
  }

  get #width(): number {
    return this.type === 3 ? 4 : 1;
  }

  get root(): Uint8Array {
    return hashParts("tensor", this.#opening.header, this.#opening.chunkRoot);
  }

  /** @throws Error when the chunks do not lead to the root over them. */
  checkChunks(): void {
    const { chunkIndices, chunks, chunkProof, chunkRoot } = this.#opening;
    if (chunks.length !== 1024 * chunkIndices.length) throw new Error("wrong length of chunks");
    const leaves = new Map(
      chunkIndices.map((index, i) => [index, hashLeaf(chunks.subarray(1024 * i, 1024 * (i + 1)))]),
    );
    expectSame(rootFromMany(leaves, this.chunkCount, chunkProof), chunkRoot, "a chunk");
  }

  /** @throws Error when the element's chunk is not opened. */
  at(...coordinates: number[]): number {
    return this.packed(this.place(coordinates));
  }

  packed(place: number): number {
    const chunk = Math.floor((place * this.#width) / 1024);
    const slot = this.#opening.chunkIndices.indexOf(chunk);
    if (slot < 0) throw new Error(`chunk ${chunk} is not opened`);
    this.#read.add(chunk);
    const { buffer, byteOffset, length } = this.#opening.chunks;
    const view = new DataView(buffer, byteOffset, length);
    const at = 1024 * slot + ((place * this.#width) % 1024);
    if (this.type === 3) return view.getInt32(at);
    return this.type === 2 ? view.getInt8(at) : view.getUint8(at);
  }

  place(coordinates: readonly number[]): number {
    return this.#order().reduce(
      (place, axis) => place * (this.shape[axis] as number) + (coordinates[axis] as number),
      0,
    );
  }

  coordinates(place: number): number[] {
    const found = new Array<number>(this.shape.length).fill(0);
    let rest = place;
    for (const axis of this.#order().reverse()) {
      found[axis] = rest % (this.shape[axis] as number);
      rest = Math.floor(rest / (this.shape[axis] as number));
    }
    return found;
  }

  /** Chunks that were opened and never read. */
  unread(): number[] {
    return this.#opening.chunkIndices.filter((chunk) => !this.#read.has(chunk));
  }

  #order(): number[] {
    const axes = this.shape.map((_, axis) => axis);
    const layout = this.#opening.header[1];
    if (layout === 1) return [0, 2, 3, 1];
    if (layout === 2) axes.push(...axes.splice(-2).reverse());
    return axes;
  }
}

import { concat, dataLength, keccak256, toBeHex, ZeroHash } from "ethers";

const LEAF = "0x00";
const NODE = "0x01";
const TENSOR = "0x02";
const TRACE = "0x05";
const CHUNK_BYTES = 1024;

/** Levels of a tree from the leaves, filled up with zero words, to the root. */
export function levelsOf(leaves: readonly string[]): string[][] {
  let width = 1;
  while (width < leaves.length) width *= 2;
  let level = Array.from({ length: width }, (_, i) => leaves[i] ?? ZeroHash);
  const levels = [level];
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, i) =>
      keccak256(concat([NODE, below[2 * i] ?? "", below[2 * i + 1] ?? ""])),
    );
    levels.push(level);
  }
  return levels;
}

export const leafOf = (data: string) => keccak256(concat([LEAF, data]));
const rootOf = (levels: string[][]) => levels.at(-1)?.[0] ?? ZeroHash;

/** The nodes that open the node at `index` of the level `height` above the leaves. */
export function nodesBelow(levels: readonly string[][], height: number, index: number): string[] {
  const step = Math.min(4, height);
  const width = 2 ** step;
  return levels[height - step]?.slice(index * width, (index + 1) * width) ?? [];
}

export interface TestTensor {
  readonly header: string;
  readonly chunks: readonly string[];
  readonly levels: string[][];
  readonly chunkRoot: string;
  readonly root: string;
}

/** A header of uint8, row-major, with these dimensions. */
export function headerOf(...dimensions: number[]): string {
  return concat([
    "0x0100",
    toBeHex(dimensions.length, 1),
    ...dimensions.map((each) => toBeHex(each, 4)),
  ]);
}

/** A tensor of so many bytes; each chunk says its place and `name`. */
export function tensorOf(name: number, bytes: number): TestTensor {
  const header = headerOf(bytes);
  const chunks = Array.from({ length: Math.ceil(bytes / CHUNK_BYTES) }, (_, i) =>
    concat([toBeHex(name * 1_000_000 + i, CHUNK_BYTES)]),
  );
  const levels = levelsOf(chunks.map(leafOf));
  const chunkRoot = rootOf(levels);
  const root = keccak256(concat([TENSOR, header, chunkRoot]));
  return { header, chunks, levels, chunkRoot, root };
}

export interface TestTrace {
  readonly tensors: readonly TestTensor[];
  readonly count: string;
  readonly levels: string[][];
  readonly tree: string;
  readonly root: string;
}

/** A trace of these tensors. */
export function traceOf(tensors: readonly TestTensor[]): TestTrace {
  const levels = levelsOf(tensors.map(({ root }) => leafOf(root)));
  const count = toBeHex(tensors.length, 4);
  const tree = rootOf(levels);
  return { tensors, count, levels, tree, root: keccak256(concat([TRACE, count, tree])) };
}

/** What a provider answers, and the inquirer asks next. */
export interface Move {
  readonly nodes: string[];
  readonly data: string;
  /** Index among the nodes of the one on the way. */
  readonly child: number;
}

/** All answers on the way to chunk `chunk` of tensor `tensor`, and which child is asked after each. */
export function pathTo(trace: TestTrace, tensor: number, chunk: number): Move[] {
  const found = trace.tensors[tensor];
  if (!found) throw new RangeError(`There is no tensor ${tensor}.`);
  const moves = [
    ...descend(trace.levels, tensor, trace.count),
    ...descend(found.levels, chunk, found.header),
  ];
  return [...moves, { nodes: [], data: found.chunks[chunk] ?? "0x", child: 0 }];
}

function descend(levels: string[][], leaf: number, data: string): Move[] {
  const moves: Move[] = [];
  let height = levels.length - 1;
  do {
    const next = height - Math.min(4, height);
    const nodes = nodesBelow(levels, height, Math.floor(leaf / 2 ** height));
    const child = Math.floor(leaf / 2 ** next) % nodes.length;
    moves.push({ nodes, data: moves.length === 0 ? data : "0x", child });
    height = next;
  } while (height > 0);
  return moves;
}

/** Bytes of a piece of data. */
export const bytesOf = (data: string) => dataLength(data);

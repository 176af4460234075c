import { endianness } from "node:os";
import type { Layout } from "../../commitments/tensor-root.ts";
import { ELEMENT_BYTES, type IntegerTensor, type Shape } from "../../ir/tensor.ts";

/** Rows and columns of a tile, whose cache lines all stay at hand while it is turned. */
const TILE = 16;
const LITTLE_ENDIAN = endianness() === "LE";

/** A tensor as matrices of rows and columns, which packing turns around; one column when it does not. */
interface Matrices {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Packs the elements `from` to `to` (half-open, in packed order) as `packTensor` does.
 * @param target Begins at a multiple of four bytes of its buffer, and has room for the elements.
 */
export function packRange(
  { elementType, shape, data }: IntegerTensor,
  layout: Layout,
  [from, to]: readonly [number, number],
  target: Uint8Array<ArrayBuffer>,
): void {
  const width = ELEMENT_BYTES[elementType];
  const bytes = target.subarray(0, (to - from) * width);
  const matrices = matricesOf(shape, layout);
  const flat = matrices.columns === 1 || matrices.rows === 1;
  if (elementType === "int32") {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, to - from);
    if (flat) words.set(data.subarray(from, to));
    else turn(data as Int32Array, matrices, [from, to], words, turnWords);
    if (LITTLE_ENDIAN) Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).swap32();
    return;
  }
  const source = new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (flat) bytes.set(source.subarray(from, to));
  else turn(source, matrices, [from, to], bytes, turnBytes);
}

/** Channels last moves axis 1 behind the two of the image; columns first swaps the last two. */
function matricesOf(shape: Shape, layout: Layout): Matrices {
  if (layout === "row-major") return { rows: 1, columns: 1 };
  const first = layout === "channels-last" ? 1 : shape.length - 2;
  const columns = shape.slice(first + 1).reduce((product, dimension) => product * dimension, 1);
  return { rows: shape[first] as number, columns };
}

type Elements = Int32Array | Uint8Array;

/** Takes whole columns in tiles, and what is left of a column at either end by itself. */
function turn<T extends Elements>(
  data: T,
  { rows, columns }: Matrices,
  [from, to]: readonly [number, number],
  target: T,
  turnTile: (data: T, target: T, tile: Tile) => void,
): void {
  for (let at = from; at < to; ) {
    const row = at % rows;
    const line = Math.floor(at / rows);
    const column = line % columns;
    const source = (line - column) * rows + column;
    const whole = Math.min(TILE, columns - column, Math.floor((to - at) / rows));
    const width = row === 0 && whole > 0 ? whole : 1;
    const end = Math.min(rows, row + to - at);
    for (let first = row; first < end; first += TILE) {
      turnTile(data, target, {
        source: source + first * columns,
        target: at - from + first - row,
        height: Math.min(TILE, end - first),
        width,
        rows,
        columns,
      });
    }
    at += width > 1 ? width * rows : end - row;
  }
}

interface Tile extends Matrices {
  /** Of its first element in the data. */
  readonly source: number;
  /** Of its first element in the target. */
  readonly target: number;
  readonly height: number;
  readonly width: number;
}

// Twice the same code: a function that meets arrays of both kinds is compiled to several times slower code.

function turnWords(data: Int32Array, target: Int32Array, tile: Tile): void {
  const { height, width, rows, columns } = tile;
  for (let column = 0; column < width; column++) {
    let from = tile.source + column;
    const to = tile.target + column * rows;
    for (let row = 0; row < height; row++) {
      target[to + row] = data[from] as number;
      from += columns;
    }
  }
}

function turnBytes(data: Uint8Array, target: Uint8Array, tile: Tile): void {
  const { height, width, rows, columns } = tile;
  for (let column = 0; column < width; column++) {
    let from = tile.source + column;
    const to = tile.target + column * rows;
    for (let row = 0; row < height; row++) {
      target[to + row] = data[from] as number;
      from += columns;
    }
  }
}

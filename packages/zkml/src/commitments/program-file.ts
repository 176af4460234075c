import { ZkmlError } from "../errors/zkml-error.ts";
import { encodeIntegers } from "./encode.ts";
import type { Program } from "./model-roots.ts";

/** ASCII, then one byte for the version. */
const MAGIC = Uint8Array.of(...Buffer.from("LTPG", "latin1"), 1);
const LENGTH_BYTES = 4;

/**
 * A program as bytes: a magic number, then the three lists header, values and nodes. A list is its
 * number of items, an item its number of bytes and the bytes; numbers take 4 bytes, most
 * significant first. Whoever has the bytes can compute the program's root without the ONNX file.
 */
export function encodeProgram({ header, values, nodes }: Program): Uint8Array {
  const parts = [[header], values, nodes].flatMap((list) => [
    encodeIntegers(LENGTH_BYTES, [list.length]),
    ...list.flatMap((item) => [encodeIntegers(LENGTH_BYTES, [item.length]), item]),
  ]);
  return new Uint8Array(Buffer.concat([MAGIC, ...parts]));
}

/** @throws ZkmlError MODEL_CORRUPT for anything but the bytes of one program. */
export function decodeProgram(bytes: Uint8Array): Program {
  const reader = new Reader(bytes);
  const magic = reader.take(MAGIC.length);
  if (magic.some((byte, i) => byte !== MAGIC[i])) {
    throw corrupt("does not begin as one of this version does");
  }
  const [headers, values, nodes] = [reader.list(), reader.list(), reader.list()];
  const [header] = headers;
  if (header === undefined || headers.length !== 1) throw corrupt("has no single header");
  reader.finish();
  return { header, values, nodes };
}

class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw corrupt(`ends after ${this.#bytes.length} bytes`);
    const part = this.#bytes.slice(this.#offset, end);
    this.#offset = end;
    return part;
  }

  list(): Uint8Array[] {
    const items: Uint8Array[] = [];
    // An item takes its length at least, so a false count ends with the bytes.
    for (let left = this.#number(); left > 0; left--) items.push(this.take(this.#number()));
    return items;
  }

  finish(): void {
    const rest = this.#bytes.length - this.#offset;
    if (rest > 0) throw corrupt(`is followed by ${rest} bytes`);
  }

  #number(): number {
    return Buffer.from(this.take(LENGTH_BYTES)).readUInt32BE(0);
  }
}

function corrupt(problem: string): ZkmlError {
  return new ZkmlError("MODEL_CORRUPT", `the program ${problem}; write it again from its model`);
}

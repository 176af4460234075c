const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** Appends fields to a growing message. */
export class WireWriter {
  readonly #chunks: Uint8Array[] = [];

  integer(field: number, value: number): this {
    this.#push(varint(field * 8 + VARINT));
    return this.#push(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#push(varint(field * 8 + FIXED32));
    return this.#push(bytes);
  }

  bytes(field: number, payload: Uint8Array): this {
    this.#push(varint(field * 8 + BYTES));
    this.#push(varint(payload.length));
    return this.#push(payload);
  }

  string(field: number, text: string): this {
    return this.bytes(field, new TextEncoder().encode(text));
  }

  integers(field: number, values: readonly number[]): this {
    if (values.length === 0) return this;
    return this.bytes(field, concatenate(values.map(varint)));
  }

  message(field: number, write: (writer: WireWriter) => void): this {
    const inner = new WireWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    return concatenate(this.#chunks);
  }

  #push(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    return this;
  }
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.length;
  }
  return result;
}

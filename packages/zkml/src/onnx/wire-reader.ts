import { ZkmlError } from "../errors/zkml-error.ts";

// The Protocol Buffers wire format (protobuf.dev, "Encoding"), as far as ONNX uses it. A general
// decoder would turn every varint of a hostile file into an object before any limit applies, so
// this one works on views of the file, counts what it creates and refuses ambiguity.

const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

const MAX_NAME_BYTES = 4096;
const MAX_MESSAGES = 2 ** 20;
const MAX_INTEGERS = 2 ** 26;

export function corrupt(problem: string, cause?: unknown): ZkmlError {
  return new ZkmlError(
    "MODEL_CORRUPT",
    `not a well-formed ONNX model: ${problem}; export the model again or fetch it again`,
    {},
    cause === undefined ? {} : { cause },
  );
}

/** What one file may still create; shared by all its messages, so tiny entries cannot add up. */
interface Budget {
  messages: number;
  integers: number;
}

export interface WireField {
  readonly number: number;
  /** The payload of a length-delimited field. */
  bytes(): Uint8Array;
  /** UTF-8 of at most 4096 bytes. */
  string(): string;
  /** Signed 64-bit value; beyond ±2^53 it is only approximate, and never a safe integer. */
  integer(): number;
  /** A single float32. */
  float(): number;
  /** Packed float32 values as they stand in the file. */
  packedFloats(): Uint8Array;
  /** Appends packed or single values to `target`. */
  integersInto(target: number[]): void;
  /** Reads a nested message. */
  message<T>(decode: (fields: Iterable<WireField>) => T): T;
}

/**
 * Iterates over the fields of a message; unknown ones are for the caller to ignore.
 * @throws ZkmlError MODEL_CORRUPT for malformed bytes, MODEL_TOO_LARGE above 2^20 messages,
 * 2^26 listed integers or 4096 bytes in a name.
 */
export function wireFields(bytes: Uint8Array): Iterable<WireField> {
  return fieldsOf(bytes, { messages: MAX_MESSAGES, integers: MAX_INTEGERS });
}

function* fieldsOf(bytes: Uint8Array, budget: Budget): Generator<WireField> {
  if (budget.messages-- <= 0) throw tooMany("messages", MAX_MESSAGES);
  const cursor = new Cursor(bytes);
  while (!cursor.atEnd()) {
    const key = cursor.integer();
    const number = Math.floor(key / 8);
    const type = key % 8;
    if (number < 1 || number >= 2 ** 29) throw corrupt(`field number ${number}`);
    yield readField(cursor, number, type, budget);
  }
}

function readField(cursor: Cursor, number: number, type: number, budget: Budget): WireField {
  const wrong = (): never => {
    throw corrupt(`field ${number} has wire type ${type}`);
  };
  const unreadable = {
    number,
    bytes: wrong,
    string: wrong,
    float: wrong,
    packedFloats: wrong,
    integersInto: wrong,
    message: wrong,
  };
  switch (type) {
    case WIRE_VARINT: {
      const value = cursor.integer();
      const integersInto = (target: number[]) => append(target, value, budget);
      return { ...unreadable, integer: () => value, integersInto };
    }
    case WIRE_BYTES: {
      const payload = cursor.take(cursor.integer());
      return {
        number,
        bytes: () => payload,
        string: () => decodeString(payload),
        integer: wrong,
        float: wrong,
        packedFloats: () => (payload.length % 4 === 0 ? payload : wrong()),
        integersInto: (target) => {
          const packed = new Cursor(payload);
          while (!packed.atEnd()) append(target, packed.integer(), budget);
        },
        message: (decode) => decode(fieldsOf(payload, budget)),
      };
    }
    case WIRE_FIXED64:
      cursor.take(8);
      return { ...unreadable, integer: wrong };
    case WIRE_FIXED32: {
      const payload = cursor.take(4);
      const view = new DataView(payload.buffer, payload.byteOffset, 4);
      const packedFloats = () => payload;
      return { ...unreadable, integer: wrong, float: () => view.getFloat32(0, true), packedFloats };
    }
    default:
      return wrong();
  }
}

function append(target: number[], value: number, budget: Budget): void {
  if (budget.integers-- <= 0) throw tooMany("listed integers", MAX_INTEGERS);
  target.push(value);
}

function tooMany(what: string, limit: number): ZkmlError {
  return new ZkmlError("MODEL_TOO_LARGE", `the model holds more than ${limit} ${what}`, { limit });
}

function decodeString(bytes: Uint8Array): string {
  if (bytes.length > MAX_NAME_BYTES) {
    throw new ZkmlError("MODEL_TOO_LARGE", `a name exceeds ${MAX_NAME_BYTES} bytes`, {
      limit: MAX_NAME_BYTES,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw corrupt("a name is not UTF-8", cause);
  }
}

class Cursor {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  take(length: number): Uint8Array {
    if (length < 0 || length > this.#bytes.length - this.#offset) {
      throw corrupt(`a field of ${length} bytes runs past the end`);
    }
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  /** A varint read as a signed 64-bit integer. */
  integer(): number {
    let low = 0;
    let high = 0;
    for (let position = 0; position < 10; position++) {
      const byte = this.#bytes[this.#offset++];
      if (byte === undefined) throw corrupt("the file ends inside a number");
      const group = byte & 0x7f;
      if (position < 4) low += group * 2 ** (7 * position);
      else high += group * 2 ** (7 * (position - 4));
      if (position === 9 && group > 1) break;
      if (byte < 0x80) {
        // Bits 0-27 are in low and 28 upward in high; 64 bits in two's complement.
        const signed = high >= 2 ** 35 ? high - 2 ** 36 : high;
        return signed * 2 ** 28 + low;
      }
    }
    throw corrupt("a number is longer than 64 bits");
  }
}

import { ZkmlError } from "../../errors/zkml-error.ts";
import { MAX_RANK, MAX_TENSOR_ELEMENTS } from "../../ir/tensor.ts";
import type { FloatSamples } from "./samples.ts";

// The NumPy array format (numpy.lib.format, versions 1.0 to 3.0): a magic string, two version
// bytes, the header's length, and a header that is the literal of a Python dictionary.

/** "NUMPY" after a byte that no text holds. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_HEADER_BYTES = 2 ** 16;

interface ElementReader {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
}

const READERS: Readonly<Record<string, ElementReader>> = {
  "<f4": { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  "<f8": { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
  "|u1": { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  "|i1": { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  "|b1": { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  "<i4": { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
  "<i8": { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
};

/**
 * Reads a NumPy .npy file of float32, float64, uint8, int8, int32, int64 or bool in C order.
 * Integers beyond ±2^53 are rounded.
 * @returns the array; its first axis counts samples.
 * @throws ZkmlError SAMPLES_INVALID for anything else, MODEL_TOO_LARGE above 2^26 elements.
 */
export function readNpy(bytes: Uint8Array): FloatSamples {
  const { header, data } = split(bytes);
  const descr = field(header, /'descr'\s*:\s*'([^']*)'/, "descr");
  const order = field(header, /'fortran_order'\s*:\s*(True|False)/, "fortran_order");
  const reader = Object.hasOwn(READERS, descr) ? READERS[descr] : undefined;
  if (reader === undefined) {
    throw invalid(
      `it holds ${JSON.stringify(descr)} elements; save it as float32, float64, uint8, int8, int32 or int64`,
    );
  }
  if (order === "True") throw invalid("it is in Fortran order; save numpy.ascontiguousarray of it");
  const shape = readShape(header);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (count > MAX_TENSOR_ELEMENTS) {
    throw new ZkmlError(
      "MODEL_TOO_LARGE",
      `the .npy file declares ${count} elements; at most ${MAX_TENSOR_ELEMENTS} are read`,
      { elements: count, limit: MAX_TENSOR_ELEMENTS },
    );
  }
  if (data.length !== count * reader.bytes) {
    throw invalid(`it needs ${count * reader.bytes} bytes of data and has ${data.length}`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const values = descr === "<f4" ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = reader.read(view, i * reader.bytes);
  return { shape, data: values };
}

function split(bytes: Uint8Array): { readonly header: string; readonly data: Uint8Array } {
  if (bytes.length < 12 || !MAGIC.every((byte, i) => bytes[i] === byte))
    throw invalid("it lacks the NumPy signature");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const major = bytes[6] as number;
  if (major < 1 || major > 3) throw invalid(`its format version ${major} is not known`);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES || start + length > bytes.length) {
    throw invalid(`its header of ${length} bytes runs past the end`);
  }
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  return { header, data: bytes.subarray(start + length) };
}

function readShape(header: string): number[] {
  const list = field(header, /'shape'\s*:\s*\(([\d\s,L]*)\)/, "shape");
  const shape = list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (shape.length < 1 || shape.length > MAX_RANK) {
    throw invalid(`it has ${shape.length} axes; the first one has to count samples`);
  }
  if (shape.some((dimension) => !Number.isSafeInteger(dimension) || dimension < 1)) {
    throw invalid(`its shape (${list}) has a dimension that is no positive integer`);
  }
  return shape;
}

function field(header: string, pattern: RegExp, name: string): string {
  const found = pattern.exec(header)?.[1];
  if (found === undefined) throw invalid(`its header has no readable ${name}`);
  return found;
}

function invalid(problem: string): ZkmlError {
  return new ZkmlError(
    "SAMPLES_INVALID",
    `not a usable .npy file: ${problem}; write it with numpy.save`,
    {},
  );
}

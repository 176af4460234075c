import { type FileHandle, open, rename, rm } from "node:fs/promises";
import type { CommittedTensor, CommittedTrace } from "../../commitments/committed-trace.ts";
import type { Hex } from "../../commitments/hash.ts";
import {
  type LoweredProgram,
  traceLength,
  valueOfEntry,
} from "../../commitments/lowered-program.ts";
import { CHUNK_BYTES, ELEMENT_TYPE_CODES, LAYOUT_CODES } from "../../commitments/tensor-root.ts";
import { ZkmlError } from "../../errors/zkml-error.ts";
import { MAX_RANK, MAX_TENSOR_ELEMENTS } from "../../ir/tensor.ts";
import { TraceCommitter, type TraceCommitterOptions } from "./trace-committer.ts";

export interface ReadTraceOptions extends TraceCommitterOptions {
  /** Largest file that is read; 2 GiB unless told. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

const MAGIC = new TextEncoder().encode("LTRACE");
const VERSION = 1;
const COUNT_BYTES = 4;
const PREAMBLE_BYTES = MAGIC.length + 1 + COUNT_BYTES;
/** Element type, layout and rank, before the dimensions. */
const HEADER_BYTES = 3;
const DIMENSION_BYTES = 4;
const DEFAULT_MAX_BYTES = 2 ** 31;

/**
 * Writes a trace as one file: magic, version (1 byte), number of tensors (4 bytes), then of each tensor
 * the length of its header (1 byte), the header and the packed chunks. The file is complete under its
 * name or not there. Hashes are not in it: whoever reads it computes them.
 */
export async function writeTraceFile(path: string, trace: CommittedTrace): Promise<void> {
  const partial = `${path}.partial`;
  const file = await open(partial, "w");
  try {
    const count = Buffer.alloc(COUNT_BYTES);
    count.writeUInt32BE(trace.tensors.length);
    await file.writeFile(Buffer.concat([MAGIC, Uint8Array.of(VERSION), count]));
    for (const { header, packed } of trace.tensors) {
      await file.writeFile(Uint8Array.of(header.length, ...header));
      await file.writeFile(packed);
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
  await file.close();
  await rename(partial, path);
}

/** Bytes of the file of a trace of this program. */
export function traceFileBytes(program: LoweredProgram): number {
  let bytes = PREAMBLE_BYTES;
  for (let entry = 0; entry < traceLength(program); entry++) {
    const value = program.values[valueOfEntry(program, entry)];
    if (value !== undefined) bytes += 1 + value.header.length + packedBytes(value.header);
  }
  return bytes;
}

/**
 * Reads the trace file of a root, tensor by tensor, and hashes it anew. A trace whose fillings are not
 * zero has no such file.
 * @throws ZkmlError TRACE_TOO_LARGE; TRACE_CORRUPT for a file that is cut short, goes on, is not
 * well-formed or leads to another root; as `open` and `read` of node:fs for one that cannot be read.
 */
export async function readTraceFile(
  path: string,
  root: Hex,
  options: ReadTraceOptions = {},
): Promise<CommittedTrace> {
  const file = await open(path, "r");
  const committer = new TraceCommitter(options);
  try {
    const { maxBytes = DEFAULT_MAX_BYTES } = options;
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw new ZkmlError("TRACE_TOO_LARGE", `the trace has ${size} bytes; at most ${maxBytes}`, {
        size,
        maxBytes,
      });
    }
    const trace = await readTensors(new TraceReader(file, size), committer, options.signal);
    if (trace.root !== root) throw corrupt(`leads to ${trace.root}, not to ${root}`);
    return trace;
  } finally {
    await file.close();
    await committer.close();
  }
}

async function readTensors(
  reader: TraceReader,
  committer: TraceCommitter,
  signal: AbortSignal | undefined,
): Promise<CommittedTrace> {
  const preamble = Buffer.from(await reader.take(PREAMBLE_BYTES));
  if (MAGIC.some((byte, i) => byte !== preamble[i]) || preamble[MAGIC.length] !== VERSION) {
    throw corrupt("does not begin as one of this version does");
  }
  const count = preamble.readUInt32BE(MAGIC.length + 1);
  if (count === 0) throw corrupt("has no tensors");
  const tensors: CommittedTensor[] = [];
  // A tensor takes bytes of the file, so a false count ends with it.
  while (tensors.length < count) {
    signal?.throwIfAborted();
    const [length] = await reader.take(1);
    const header = await reader.take(length as number);
    const bytes = packedBytes(header);
    reader.expect(bytes);
    tensors.push(await committer.commitPacked(header, await reader.fill(committer.roomFor(bytes))));
  }
  reader.finish();
  return committer.traceOf(tensors);
}

/** Bytes of the chunks of a tensor with this header. */
function packedBytes(header: Uint8Array): number {
  const [type, layout, rank] = header;
  const known = [...Object.values(ELEMENT_TYPE_CODES)].includes(type ?? 0);
  const packed = [...Object.values(LAYOUT_CODES)].includes(layout ?? -1);
  const dimensions = rank ?? 0;
  const whole = header.length === HEADER_BYTES + DIMENSION_BYTES * dimensions;
  if (!known || !packed || !whole || dimensions > MAX_RANK) {
    throw corrupt("has a tensor with a malformed header");
  }
  const view = Buffer.from(header);
  let elements = 1;
  for (let at = HEADER_BYTES; at < header.length; at += DIMENSION_BYTES) {
    elements *= view.readUInt32BE(at);
    if (elements === 0 || elements > MAX_TENSOR_ELEMENTS) {
      throw corrupt("has a tensor with a malformed shape");
    }
  }
  const width = type === ELEMENT_TYPE_CODES.int32 ? 4 : 1;
  return Math.ceil((elements * width) / CHUNK_BYTES) * CHUNK_BYTES;
}

class TraceReader {
  readonly #file: FileHandle;
  #left: number;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#left = size;
  }

  take(bytes: number): Promise<Uint8Array> {
    this.expect(bytes);
    return this.fill(new Uint8Array(bytes));
  }

  /** Before memory is set aside for what a header claims. */
  expect(bytes: number): void {
    if (bytes > this.#left) throw corrupt(`ends where ${bytes} bytes more belong`);
  }

  async fill(target: Uint8Array): Promise<Uint8Array> {
    for (let at = 0; at < target.length; ) {
      const { bytesRead } = await this.#file.read(target, at, target.length - at);
      if (bytesRead === 0) throw corrupt("was cut while it was read");
      at += bytesRead;
    }
    this.#left -= target.length;
    return target;
  }

  finish(): void {
    if (this.#left > 0) throw corrupt(`is followed by ${this.#left} bytes`);
  }
}

function corrupt(problem: string): ZkmlError {
  return new ZkmlError("TRACE_CORRUPT", `the trace file ${problem}`);
}

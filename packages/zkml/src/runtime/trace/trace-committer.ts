import { availableParallelism } from "node:os";
import { traceOf } from "../../commitments/commit-trace.ts";
import type { CommittedTensor, CommittedTrace } from "../../commitments/committed-trace.ts";
import { hashParts } from "../../commitments/hash.ts";
import { HASH_BYTES, HashTree } from "../../commitments/hash-tree.ts";
import {
  type LoweredProgram,
  type ProgramValue,
  traceLength,
  valueOfEntry,
} from "../../commitments/lowered-program.ts";
import { CHUNK_BYTES } from "../../commitments/tensor-root.ts";
import { ZkmlError } from "../../errors/zkml-error.ts";
import { type IntegerTensor, sameShape } from "../../ir/tensor.ts";
import { CommitThreads } from "./commit-threads.ts";
import { type HashJob, hashJob, levelsOf, packJob, roomFor, takeWindows } from "./hash-job.ts";
import { KeccakArena } from "./keccak/keccak-arena.ts";

export interface TraceCommitterOptions {
  /** Threads beside the calling one, 0 to 64; the processor's cores unless told. */
  readonly threads?: number;
}

export interface CommitOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of tensors that are committed to, and of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Tensors of a run, in the order of the trace. */
export type TraceTensors = Iterable<IntegerTensor> | AsyncIterable<IntegerTensor>;

/** Smaller tensors are hashed at once on the calling thread: asking another takes longer. */
const SHARED_FROM_BYTES = 32 * 1024;
/** Of tensors that wait for the threads, beside what is kept of them. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
const MAX_THREADS = 64;

/**
 * Commits to traces as `commitTraceSync` does, on threads that are kept from trace to trace. Of the
 * tensors it keeps the packed form; each is let go once it is packed.
 */
export class TraceCommitter {
  readonly #arena = new KeccakArena();
  readonly #threads: CommitThreads;

  /** @throws RangeError for another number of threads than 0 to 64. */
  constructor({ threads = availableParallelism() }: TraceCommitterOptions = {}) {
    if (!Number.isInteger(threads) || threads < 0 || threads > MAX_THREADS) {
      throw new RangeError(`threads must be an integer from 0 to ${MAX_THREADS}, not ${threads}`);
    }
    this.#threads = new CommitThreads(threads);
  }

  /**
   * @param tensors Read one after the other, as fast as the threads follow.
   * @throws ZkmlError TENSOR_TYPE or TENSOR_SHAPE for tensors that are not the program's,
   * COMMIT_FAILED when a thread stops or after `close`; the signal's reason.
   */
  async commit(
    program: LoweredProgram,
    tensors: TraceTensors,
    { signal, onProgress }: CommitOptions = {},
  ): Promise<CommittedTrace> {
    signal?.throwIfAborted();
    const total = traceLength(program);
    const committed: CommittedTensor[] = [];
    const pending = new Set<Promise<void>>();
    let [entry, done, waiting] = [0, 0, 0];
    const finish = (place: number, tensor: CommittedTensor): void => {
      committed[place] = tensor;
      onProgress?.(++done, total);
    };
    try {
      for await (const tensor of tensors) {
        signal?.throwIfAborted();
        const place = entry++;
        const value = program.values[valueOfEntry(program, place)];
        if (place >= total || value === undefined) throw wrongCount(total, "more");
        checkTensor(value, tensor);
        const bytes = tensor.data.byteLength;
        if (!this.#isShared(bytes)) {
          finish(place, this.#commitHere(value, tensor));
          continue;
        }
        waiting += bytes;
        const one: Promise<void> = this.#commitTensor(value, tensor).then((result) => {
          pending.delete(one);
          waiting -= bytes;
          finish(place, result);
        });
        pending.add(one);
        one.catch(() => {});
        while (waiting > MAX_WAITING_BYTES) await Promise.race(pending);
      }
      if (entry < total) throw wrongCount(total, String(entry));
      await Promise.all(pending);
    } finally {
      await Promise.allSettled(pending);
    }
    signal?.throwIfAborted();
    return this.traceOf(committed);
  }

  /** Commits to elements that are packed already: whole chunks, in memory from `roomFor`. */
  async commitPacked(header: Uint8Array, packed: Uint8Array): Promise<CommittedTensor> {
    const shared = this.#isShared(packed.length);
    const job = hashJob(packed, shared);
    if (shared) await this.#threads.run(job);
    else takeWindows(job, this.#arena);
    return this.#finish(header, job);
  }

  /** Where `commitPacked` can read this many bytes from. */
  roomFor(bytes: number): Uint8Array {
    return roomFor(bytes, this.#isShared(bytes));
  }

  /** The trace of these tensors. */
  traceOf(tensors: readonly CommittedTensor[]): CommittedTrace {
    const roots = new Uint8Array(Buffer.concat(tensors.map(({ root }) => root)));
    return traceOf(tensors, this.#arena.treeOver(roots));
  }

  /** Ends the threads; safe to call twice. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  #isShared(bytes: number): boolean {
    return bytes >= SHARED_FROM_BYTES && this.#threads.count > 0;
  }

  async #commitTensor(
    { header, layout }: ProgramValue,
    tensor: IntegerTensor,
  ): Promise<CommittedTensor> {
    const job = packJob(tensor, layout, true);
    await this.#threads.run(job);
    return this.#finish(header, job);
  }

  #commitHere({ header, layout }: ProgramValue, tensor: IntegerTensor): CommittedTensor {
    const job = packJob(tensor, layout, false);
    takeWindows(job, this.#arena);
    return this.#finish(header, job);
  }

  #finish(header: Uint8Array, job: HashJob): CommittedTensor {
    const levels = levelsOf(job);
    this.#arena.completeTree(levels);
    const hashed = (job.packed.length / CHUNK_BYTES) * HASH_BYTES;
    const chunks = new HashTree((levels[0] as Uint8Array).subarray(0, hashed), levels);
    return { header, packed: job.packed, chunks, root: hashParts("tensor", header, chunks.root) };
  }
}

/** Commits to one trace, on threads of its own: `TraceCommitter.commit`. */
export async function commitTrace(
  program: LoweredProgram,
  tensors: TraceTensors,
  options: CommitOptions & TraceCommitterOptions = {},
): Promise<CommittedTrace> {
  const committer = new TraceCommitter(options);
  try {
    return await committer.commit(program, tensors, options);
  } finally {
    await committer.close();
  }
}

function checkTensor({ name, elementType, shape }: ProgramValue, tensor: IntegerTensor): void {
  if (tensor.elementType !== elementType) {
    throw new ZkmlError(
      "TENSOR_TYPE",
      `"${name}" of the trace is ${elementType}; got ${tensor.elementType}`,
      { value: name, expected: elementType, actual: tensor.elementType },
    );
  }
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  if (!sameShape(tensor.shape, shape) || tensor.data.length !== length) {
    throw new ZkmlError(
      "TENSOR_SHAPE",
      `"${name}" of the trace has shape [${shape.join(", ")}]; got [${tensor.shape.join(", ")}] with ${tensor.data.length} values`,
      { value: name, expected: shape, actual: tensor.shape },
    );
  }
}

function wrongCount(expected: number, actual: string): ZkmlError {
  return new ZkmlError(
    "TENSOR_SHAPE",
    `a trace of this program has ${expected} tensors; got ${actual}`,
    { expected, actual },
  );
}

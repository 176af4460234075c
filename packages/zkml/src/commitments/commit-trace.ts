import type { IntegerGraph } from "../ir/graph.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import type { CommittedTensor, CommittedTrace } from "./committed-trace.ts";
import { encodeIntegers } from "./encode.ts";
import { type Hex, hashParts, toHex } from "./hash.ts";
import { HashTree, leafHashes } from "./hash-tree.ts";
import { type LoweredProgram, type ProgramValue, valueOfEntry } from "./lowered-program.ts";
import { CHUNK_BYTES, packTensor } from "./tensor-root.ts";

/** The constants of a model as its weights root commits to them. */
export interface CommittedConstants {
  /** In the order of the program. */
  readonly tensors: readonly CommittedTensor[];
  /** Over their roots; absent when there are none. */
  readonly tree?: HashTree;
  /** `weightsRoot`. */
  readonly root: Hex;
}

/** Commits to a tensor's elements as `packTensor` lays them out. */
export function commitPacked(header: Uint8Array, packed: Uint8Array): CommittedTensor {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < packed.length; start += CHUNK_BYTES) {
    chunks.push(packed.subarray(start, start + CHUNK_BYTES));
  }
  const tree = new HashTree(leafHashes(chunks));
  return { header, packed, chunks: tree, root: hashParts("tensor", header, tree.root) };
}

/**
 * The trace of these tensors: inputs, then the outputs of the program's nodes.
 * @param tree Over their roots, when it was computed elsewhere.
 */
export function traceOf(
  tensors: readonly CommittedTensor[],
  tree = new HashTree(leafHashes(tensors.map(({ root }) => root))),
): CommittedTrace {
  const root = toHex(hashParts("trace", encodeIntegers(4, [tensors.length]), tree.root));
  return { tensors, tree, root };
}

/** Commits to every tensor of a run, on the calling thread. */
export function commitTraceSync(
  program: LoweredProgram,
  tensors: Iterable<IntegerTensor>,
): CommittedTrace {
  return traceOf(
    Array.from(tensors, (tensor, entry) =>
      commitValue(program, valueOfEntry(program, entry), tensor),
    ),
  );
}

/** Commits to the constants that a program reads. */
export function commitConstants(program: LoweredProgram, graph: IntegerGraph): CommittedConstants {
  const tensors = Array.from({ length: program.constants }, (_, i) => {
    const id = program.inputs + i;
    const { name } = program.values[id] as ProgramValue;
    return commitValue(program, id, graph.constants.get(name) as IntegerTensor);
  });
  const tree =
    tensors.length === 0 ? undefined : new HashTree(leafHashes(tensors.map(({ root }) => root)));
  const over = tree?.root ?? new Uint8Array(32);
  const root = toHex(hashParts("weights", encodeIntegers(4, [tensors.length]), over));
  return { tensors, root, ...(tree === undefined ? {} : { tree }) };
}

function commitValue(program: LoweredProgram, id: number, tensor: IntegerTensor): CommittedTensor {
  const { header, layout } = program.values[id] as ProgramValue;
  return commitPacked(header, packTensor(tensor, layout));
}

import { commitPacked, commitTraceSync, traceOf } from "../../src/commitments/commit-trace.ts";
import type { CommittedTensor, CommittedTrace } from "../../src/commitments/committed-trace.ts";
import { encodeIntegers } from "../../src/commitments/encode.ts";
import { hashParts, toHex } from "../../src/commitments/hash.ts";
import { HashTree } from "../../src/commitments/hash-tree.ts";
import { type ProgramValue, traceEntry } from "../../src/commitments/lowered-program.ts";
import { evaluate } from "../../src/interpreter/interpret.ts";
import { evaluatePart } from "../../src/interpreter/partial.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import type { CommittedRun } from "./committed-runs.ts";

/** The trace with one tensor replaced. */
export function withTensor(
  trace: CommittedTrace,
  entry: number,
  change: (tensor: CommittedTensor) => CommittedTensor,
): CommittedTrace {
  const tensor = trace.tensors[entry];
  if (tensor === undefined) throw new RangeError(`the trace has no tensor ${entry}`);
  return traceOf(trace.tensors.with(entry, change(tensor)));
}

/** The trace with one byte of a packed tensor changed, everything else as it was. */
export function withByte(
  trace: CommittedTrace,
  entry: number,
  byte: number,
  change: (value: number) => number,
): CommittedTrace {
  return withTensor(trace, entry, ({ header, packed }) => {
    const changed = packed.slice();
    changed[byte] = change(packed[byte] as number);
    return commitPacked(header, changed);
  });
}

/** The trace with another header on one tensor. */
export function withHeader(
  trace: CommittedTrace,
  entry: number,
  change: (header: Uint8Array) => Uint8Array,
): CommittedTrace {
  return withTensor(trace, entry, ({ header, packed }) => commitPacked(change(header), packed));
}

/** The trace with a hash in place of the filling behind a tensor's chunks. */
export function withChunkFiller(
  trace: CommittedTrace,
  entry: number,
  leaf: number,
): CommittedTrace {
  return withTensor(trace, entry, ({ header, packed, chunks }) => {
    const tree = filled(chunks, leaf);
    return { header, packed, chunks: tree, root: hashParts("tensor", header, tree.root) };
  });
}

/** The trace with a hash in place of the filling behind its tensors. */
export function withTensorFiller({ tensors, tree }: CommittedTrace, leaf: number): CommittedTrace {
  const forged = filled(tree, leaf);
  const count = encodeIntegers(4, [tensors.length]);
  return { tensors, tree: forged, root: toHex(hashParts("trace", count, forged.root)) };
}

/** What a provider commits to that falsifies one element and goes on honestly from there. */
export function withConsequences(
  { program, graph, tensors }: CommittedRun,
  entry: number,
  falsified: IntegerTensor,
): CommittedTrace {
  const traced = tensors.with(entry, falsified);
  const constants = program.values
    .slice(program.inputs, program.inputs + program.constants)
    .map(({ name }) => graph.constants.get(name) as IntegerTensor);
  const tensorOf = (id: number): IntegerTensor =>
    constants[id - program.inputs] ?? (traced[traceEntry(program, id)] as IntegerTensor);
  for (const { node, range, output, operands } of program.nodes) {
    const at = traceEntry(program, output);
    if (at <= entry) continue;
    const { elementType, shape } = program.values[output] as ProgramValue;
    const read = operands.map(tensorOf);
    const data =
      range === undefined ? evaluate(node, read, shape) : evaluatePart(node, read, shape, range);
    traced[at] = { elementType, shape, data };
  }
  return commitTraceSync(program, traced);
}

function filled(tree: HashTree, leaf: number): HashTree {
  const leaves = (tree.levels[0] as Uint8Array).slice();
  leaves.fill(7, 32 * leaf, 32 * (leaf + 1));
  return new HashTree(leaves);
}

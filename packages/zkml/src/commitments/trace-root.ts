import type { TracedExecution } from "../interpreter/interpret.ts";
import type { IntegerGraph, ValueName } from "../ir/graph.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import { encodeIntegers } from "./encode.ts";
import { type Hex, hashParts, toHex } from "./hash.ts";
import { MerkleTree } from "./merkle.ts";
import { layoutOf } from "./model-roots.ts";
import { tensorRoot } from "./tensor-root.ts";

export interface TraceCommitment {
  readonly traceRoot: Hex;
  /** Tensor roots of the graph's outputs, in its order. */
  readonly outputRoots: readonly Hex[];
}

/**
 * Commitment to every value of a run but the constants, which the weights root commits to:
 * keccak(0x05 ‖ count, 4 bytes ‖ Merkle root over tensor roots), the inputs first, then the
 * outputs of the nodes, in the order of the graph.
 */
export function traceCommitment(
  graph: IntegerGraph,
  { values }: Pick<TracedExecution, "values">,
): TraceCommitment {
  const names = [...graph.inputs.map(({ name }) => name), ...graph.nodes.map((n) => n.output)];
  const rootOf = (name: ValueName): Uint8Array =>
    tensorRoot(values.get(name) as IntegerTensor, layoutOf(graph, name));
  const roots = new Map(names.map((name) => [name, rootOf(name)]));
  const tree = new MerkleTree(roots.values());
  return {
    traceRoot: toHex(hashParts("trace", encodeIntegers(4, [names.length]), tree.root)),
    outputRoots: graph.outputs.map(({ name }) => toHex(roots.get(name) ?? rootOf(name))),
  };
}

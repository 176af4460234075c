import type { IntegerGraph } from "../ir/graph.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import { encodeIntegers } from "./encode.ts";
import { type Hex, hashParts, toHex } from "./hash.ts";
import { lowerProgram } from "./lowered-program.ts";
import { MerkleTree } from "./merkle.ts";
import { tensorRoot } from "./tensor-root.ts";
import { constantsInUse, layoutsOf } from "./value-layout.ts";

/** What a model computes, apart from its weights, as the leaves of its commitment. */
export interface Program {
  /** Numbers of inputs, constants, nodes and outputs, then the outputs' ids; 4 bytes each. */
  readonly header: Uint8Array;
  /** For each value its element type, layout, rank and dimensions. */
  readonly values: readonly Uint8Array[];
  /** For each node, or part of one, its operator, output id, operand ids and integer parameters. */
  readonly nodes: readonly Uint8Array[];
}

/** The leaves of `lowerProgram`, which throws likewise. */
export function programOf(graph: IntegerGraph): Program {
  const { header, values, nodes } = lowerProgram(graph);
  return {
    header,
    values: values.map((value) => value.header),
    nodes: nodes.map(({ bytes }) => bytes),
  };
}

/** Commitment to the program; see `LoweredProgram`. Throws as `lowerProgram` does. */
export function programRoot(graph: IntegerGraph): Hex {
  return lowerProgram(graph).root;
}

/** keccak(0x03 ‖ header ‖ Merkle root over the values ‖ Merkle root over the nodes). */
export function rootOfProgram({ header, values, nodes }: Program): Hex {
  const roots = [new MerkleTree(values).root, new MerkleTree(nodes).root];
  return toHex(hashParts("program", header, ...roots));
}

/**
 * Commitment to the constants, in order of first use:
 * keccak(0x04 ‖ count, 4 bytes ‖ Merkle root over their tensor roots).
 */
export function weightsRoot(graph: IntegerGraph): Hex {
  const layouts = layoutsOf(graph);
  const roots = constantsInUse(graph).map((name) =>
    tensorRoot(graph.constants.get(name) as IntegerTensor, layouts(name)),
  );
  const tree = roots.length === 0 ? new Uint8Array(32) : new MerkleTree(roots).root;
  return toHex(hashParts("weights", encodeIntegers(4, [roots.length]), tree));
}

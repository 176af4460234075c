import { hashParts, toHex } from "../../src/commitments/hash.ts";
import type { TraceEvidence } from "../../src/disputes/evidence-types.ts";
import {
  type CheckedRoots,
  expectSame,
  hashLeaf,
  levelsOver,
  type OpenedProgram,
  OpenedTensor,
  openProgram,
  rootFrom,
  traceRootOf,
} from "./opened-evidence.ts";

/** Roots that are stated beside the trace. */
export interface StatedCheckedRoots extends CheckedRoots {
  readonly input: string;
  readonly output: string;
}

/**
 * Judges a fault of a trace from its evidence alone, as a contract does.
 * @returns True when the trace has the fault.
 * @throws Error when the evidence does not open the roots.
 */
export function isWrongTrace(evidence: TraceEvidence, roots: StatedCheckedRoots): boolean {
  const { fault, count, traceTree, index, tensorRoot } = evidence;
  if (traceRootOf(count, traceTree) !== roots.trace) throw new Error("another trace");
  const program = () => openProgram(evidence.program, roots.program);
  switch (fault) {
    case 0:
      return count !== program().inputs + program().nodes;
    case 1:
      openEntry(evidence, hashLeaf(tensorRoot), 0);
      return toHex(tensorRoot) !== roots.input;
    case 2:
      openEntry(evidence, hashLeaf(tensorRoot), entryOf(program(), program().outputs[0] as number));
      return toHex(tensorRoot) !== roots.output;
    case 4: {
      if (index < count || index >= 2 ** levelsOver(count)) throw new Error("no filling");
      openEntry(evidence, tensorRoot, index);
      return tensorRoot.some((byte) => byte !== 0);
    }
    default:
      return isWrongTensor(evidence, program);
  }
}

function isWrongTensor(evidence: TraceEvidence, program: () => OpenedProgram): boolean {
  const { fault, index, header, chunkRoot, chunk, chunkIndex, chunkSiblings, tensorRoot } =
    evidence;
  if (index >= evidence.count) throw new Error("no such tensor");
  openEntry(evidence, hashLeaf(hashParts("tensor", header, chunkRoot)), index);
  if (fault === 3) return hasOtherHeader(evidence, program());
  const tensor = tensorOf(header);
  const leaves = 2 ** levelsOver(tensor.chunkCount);
  if (fault === 5) {
    if (chunkIndex < tensor.chunkCount || chunkIndex >= leaves) throw new Error("no filling");
    const root = rootFrom(tensorRoot, chunkIndex, leaves, chunkSiblings);
    expectSame(root, chunkRoot, "the filling");
    return tensorRoot.some((byte) => byte !== 0);
  }
  if (chunkIndex !== tensor.chunkCount - 1) throw new Error("not the last chunk");
  if (chunk.length !== 1024) throw new Error("no chunk");
  expectSame(rootFrom(hashLeaf(chunk), chunkIndex, leaves, chunkSiblings), chunkRoot, "the chunk");
  const used = tensor.bytes - 1024 * chunkIndex;
  return chunk.subarray(used).some((byte) => byte !== 0);
}

function hasOtherHeader(evidence: TraceEvidence, program: OpenedProgram): boolean {
  const { index, header, valueHeader, valueSiblings } = evidence;
  const id = index < program.inputs ? index : index + program.constants;
  const values = rootFrom(hashLeaf(valueHeader), id, program.values, valueSiblings);
  expectSame(values, evidence.program.values, "the header");
  return toHex(header) !== toHex(valueHeader);
}

function openEntry(evidence: TraceEvidence, leaf: Uint8Array, index: number): void {
  if (evidence.index !== index) throw new Error("another tensor");
  const leaves = 2 ** levelsOver(evidence.count);
  expectSame(rootFrom(leaf, index, leaves, evidence.siblings), evidence.traceTree, "the leaf");
}

function entryOf({ inputs, constants }: OpenedProgram, id: number): number {
  return id < inputs ? id : id - constants;
}

function tensorOf(header: Uint8Array): OpenedTensor {
  const empty = { headerSiblings: [], siblings: [], chunkIndices: [], chunkProof: [] };
  return new OpenedTensor({ ...empty, header, chunkRoot: header, chunks: new Uint8Array(0) });
}

import { HASH_BYTES, treeDepth } from "../commitments/hash-tree.ts";
import {
  type LoweredProgram,
  type ProgramValue,
  traceEntry,
  valueOfEntry,
} from "../commitments/lowered-program.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";
import { ELEMENT_BYTES } from "../ir/tensor.ts";
import { TRACE_FAULTS, type TraceEvidence } from "./evidence-types.ts";
import { openProgram } from "./step-evidence.ts";
import type { SuspectTrace } from "./suspect-trace.ts";

/** A fault of a trace that is none of its elements, and where it is. */
export type TraceFault =
  | { readonly fault: "count" | "input" | "output" }
  /** The tensor at this place of the trace. */
  | { readonly fault: "header" | "padding"; readonly entry: number }
  /** A leaf behind the last tensor. */
  | { readonly fault: "tensorFiller"; readonly leaf: number }
  /** A leaf behind the last chunk of a tensor. */
  | { readonly fault: "chunkFiller"; readonly entry: number; readonly leaf: number };

type EvidenceMembers = Partial<Omit<TraceEvidence, "fault" | "count" | "traceTree">>;

/** Opens a trace at a fault; see contracts/types/Trace.sol for what each kind needs. */
export function traceEvidence(
  program: LoweredProgram,
  trace: SuspectTrace,
  fault: TraceFault,
): TraceEvidence {
  return {
    fault: TRACE_FAULTS[fault.fault],
    count: trace.count,
    traceTree: trace.treeRoot,
    ...EMPTY,
    ...membersOf(program, trace, fault),
  };
}

const EMPTY: Omit<TraceEvidence, "fault" | "count" | "traceTree"> = {
  program: {
    header: new Uint8Array(0),
    values: new Uint8Array(HASH_BYTES),
    nodes: new Uint8Array(HASH_BYTES),
  },
  index: 0,
  header: new Uint8Array(0),
  valueHeader: new Uint8Array(0),
  valueSiblings: [],
  chunkRoot: new Uint8Array(HASH_BYTES),
  siblings: [],
  tensorRoot: new Uint8Array(HASH_BYTES),
  chunkIndex: 0,
  chunk: new Uint8Array(0),
  chunkSiblings: [],
};

function membersOf(
  program: LoweredProgram,
  trace: SuspectTrace,
  fault: TraceFault,
): EvidenceMembers {
  switch (fault.fault) {
    case "count":
      return { program: openProgram(program) };
    case "input":
      return openRoot(trace, 0);
    case "output": {
      const entry = traceEntry(program, program.outputs[0] as number);
      return { ...openRoot(trace, entry), program: openProgram(program) };
    }
    case "tensorFiller":
      return {
        index: fault.leaf,
        siblings: trace.siblings(fault.leaf),
        tensorRoot: trace.leaf(fault.leaf),
      };
    case "header": {
      const id = valueOfEntry(program, fault.entry);
      const valueHeader = (program.values[id] as ProgramValue).header;
      const valueSiblings = program.valueTree.siblings(id);
      const tensor = openTensor(trace, fault.entry);
      return { ...tensor, program: openProgram(program), valueHeader, valueSiblings };
    }
    case "chunkFiller":
      return {
        ...openTensor(trace, fault.entry),
        chunkIndex: fault.leaf,
        tensorRoot: trace.tensor(fault.entry).chunkLeaf(fault.leaf),
        chunkSiblings: trace.tensor(fault.entry).chunkSiblings(fault.leaf),
      };
    case "padding": {
      const tensor = trace.tensor(fault.entry);
      const last =
        chunkCount(program.values[valueOfEntry(program, fault.entry)] as ProgramValue) - 1;
      return {
        ...openTensor(trace, fault.entry),
        chunkIndex: last,
        chunk: tensor.chunk(last),
        chunkSiblings: tensor.chunkSiblings(last),
      };
    }
  }
}

/** Number of elements of a value. */
export function valueLength({ shape }: ProgramValue): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Number of chunks that a value takes. */
export function chunkCount(value: ProgramValue): number {
  return Math.ceil((valueLength(value) * ELEMENT_BYTES[value.elementType]) / CHUNK_BYTES);
}

/** Number of leaves of a value's tree over chunks, the filling among them. */
export function chunkLeaves(value: ProgramValue): number {
  return 2 ** treeDepth(chunkCount(value));
}

function openRoot(trace: SuspectTrace, index: number): EvidenceMembers {
  return { index, siblings: trace.siblings(index), tensorRoot: trace.tensorRoot(index) };
}

function openTensor(trace: SuspectTrace, index: number): EvidenceMembers {
  const { header, chunkRoot } = trace.tensor(index);
  return { index, header, chunkRoot, siblings: trace.siblings(index) };
}

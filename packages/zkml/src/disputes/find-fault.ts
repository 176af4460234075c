import type { CommittedTrace } from "../commitments/committed-trace.ts";
import type { HashTree } from "../commitments/hash-tree.ts";
import {
  type ProgramNode,
  type ProgramValue,
  traceEntry,
  traceLength,
  valueOfEntry,
} from "../commitments/lowered-program.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";
import { ELEMENT_BYTES } from "../ir/tensor.ts";
import type { StepEvidence, TraceEvidence } from "./evidence-types.ts";
import { type CommittedModel, elementOf, openStep, type StepPlace } from "./step-evidence.ts";
import { knownTrace, type SuspectTrace } from "./suspect-trace.ts";
import { chunkCount, type TraceFault, traceEvidence, valueLength } from "./trace-evidence.ts";

/** What is wrong with a trace, and the proof. */
export type Fault =
  | { readonly kind: "step"; readonly at: StepPlace; readonly evidence: StepEvidence }
  | { readonly kind: "trace"; readonly at: TraceFault; readonly evidence: TraceEvidence };

/** What the provider stated beside the trace root. */
export interface StatedRoots {
  /** Tensor root of the program's first output. */
  readonly output?: Uint8Array;
}

/** A chunk of a trace. */
export interface ChunkPlace {
  readonly entry: number;
  readonly chunk: number;
}

/**
 * The first thing wrong with a trace, in its order: all that the evidence opens before it is right.
 * Undefined when the trace, and the output stated with it, are those of the honest run.
 * @param honest Trace of the same input.
 * @throws RangeError when the traces differ in another input than the first, or an output is stated
 * for a program whose first output is a constant: no trace binds these.
 */
export function findFault(
  model: CommittedModel,
  honest: CommittedTrace,
  suspect: CommittedTrace,
  stated: StatedRoots = {},
): Fault | undefined {
  const { program } = model;
  const trace = knownTrace(suspect);
  if (trace.count !== traceLength(program)) return traceFault(model, trace, { fault: "count" });
  const entry = firstDifference(honest.tree, suspect.tree);
  if (entry === undefined) return outputFault(model, trace, stated);
  if (entry >= trace.count) return traceFault(model, trace, { fault: "tensorFiller", leaf: entry });
  const shape = headerFault(model, trace, entry);
  if (shape !== undefined) return shape;
  const [right, given] = [honest, suspect].map(({ tensors }) => tensors[entry]?.chunks);
  const chunk = firstDifference(right as HashTree, given as HashTree);
  if (chunk === undefined) throw new RangeError(`tensor ${entry} does not lead to its root`);
  return chunkFault(model, honest, trace, { entry, chunk });
}

/** The fault of a tensor with another header than the program's value. */
export function headerFault(
  model: CommittedModel,
  trace: SuspectTrace,
  entry: number,
): Fault | undefined {
  const { header } = valueAt(model, entry);
  if (sameBytes(header, trace.tensor(entry).header)) return undefined;
  return traceFault(model, trace, { fault: "header", entry });
}

/**
 * The fault of a chunk, or of a leaf behind the last one, that is not the honest run's, in a tensor
 * with the right header after tensors that are right.
 * @throws RangeError when the chunk is the honest run's, or part of an input that nothing binds.
 */
export function chunkFault(
  model: CommittedModel,
  honest: CommittedTrace,
  trace: SuspectTrace,
  { entry, chunk }: ChunkPlace,
): Fault {
  const { program } = model;
  if (entry < program.inputs) {
    if (entry > 0) throw new RangeError(`input ${entry} differs, and only input 0 is bound`);
    return traceFault(model, trace, { fault: "input" });
  }
  const value = valueAt(model, entry);
  if (chunk >= chunkCount(value)) {
    return traceFault(model, trace, { fault: "chunkFiller", entry, leaf: chunk });
  }
  const right = knownTrace(honest).tensor(entry).chunk(chunk);
  const given = trace.tensor(entry).chunk(chunk);
  const byte = right.findIndex((expected, i) => expected !== given[i]);
  if (byte < 0) throw new RangeError(`chunk ${chunk} of tensor ${entry} is right`);
  const place = Math.floor(byte / ELEMENT_BYTES[value.elementType]);
  const element = (chunk * CHUNK_BYTES) / ELEMENT_BYTES[value.elementType] + place;
  if (element >= valueLength(value)) return traceFault(model, trace, { fault: "padding", entry });
  const node = entry - program.inputs;
  const hint = hintFor(
    program.nodes[node] as ProgramNode,
    elementOf(right, value.elementType, place),
  );
  const at = { node, element, ...hint };
  return { kind: "step", at, evidence: openStep(model, trace, at) };
}

/** The largest element, where the right index points, refutes every other index. */
function hintFor({ node }: ProgramNode, right: number): { hint?: number } {
  return node.op === "ArgMax" ? { hint: right } : {};
}

function traceFault({ program }: CommittedModel, trace: SuspectTrace, at: TraceFault): Fault {
  return { kind: "trace", at, evidence: traceEvidence(program, trace, at) };
}

function outputFault(
  model: CommittedModel,
  trace: SuspectTrace,
  { output }: StatedRoots,
): Fault | undefined {
  if (output === undefined) return undefined;
  const entry = traceEntry(model.program, model.program.outputs[0] as number);
  if (sameBytes(output, trace.tensorRoot(entry))) return undefined;
  return traceFault(model, trace, { fault: "output" });
}

function valueAt({ program }: CommittedModel, entry: number): ProgramValue {
  return program.values[valueOfEntry(program, entry)] as ProgramValue;
}

/** First leaf that differs, the filling included; undefined when none does. */
function firstDifference(honest: HashTree, suspect: HashTree): number | undefined {
  for (let i = 0; i < 2 ** honest.depth; i++) {
    if (!sameBytes(honest.node(0, i), suspect.node(0, i))) return i;
  }
  return undefined;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

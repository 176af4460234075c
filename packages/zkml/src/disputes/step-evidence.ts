import type { CommittedConstants } from "../commitments/commit-trace.ts";
import type { CommittedTensor, CommittedTrace } from "../commitments/committed-trace.ts";
import { HASH_BYTES } from "../commitments/hash-tree.ts";
import {
  isConstant,
  type LoweredProgram,
  type ProgramValue,
  traceEntry,
} from "../commitments/lowered-program.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";
import { ELEMENT_BYTES, type ElementType } from "../ir/tensor.ts";
import type { ProgramOpening, StepEvidence, TensorOpening } from "./evidence-types.ts";
import { readsOf } from "./reads.ts";
import { knownTensor, knownTrace, type SuspectTensor, type SuspectTrace } from "./suspect-trace.ts";

/** What traces of a model are held against. */
export interface CommittedModel {
  readonly program: LoweredProgram;
  readonly constants: CommittedConstants;
}

/** A step of a program. */
export interface StepPlace {
  /** Place of the node in the program. */
  readonly node: number;
  /** Place of the output element in its tensor's packing order. */
  readonly element: number;
  /** For ArgMax the place along the axis of an element that refutes the output. */
  readonly hint?: number;
}

/**
 * Opens one output element of one node and all that it is computed from, in the given trace.
 * @throws RangeError for a node or an element that the program does not have.
 */
export function stepEvidence(
  model: CommittedModel,
  trace: CommittedTrace,
  at: StepPlace,
): StepEvidence {
  return openStep(model, knownTrace(trace), at);
}

/** As `stepEvidence`, of a trace of which only a path may be known. */
export function openStep(model: CommittedModel, trace: SuspectTrace, at: StepPlace): StepEvidence {
  const { program, constants } = model;
  const step = program.nodes[at.node];
  if (step === undefined) throw new RangeError(`the program has no node ${at.node}`);
  expectElement(program.values[step.output] as ProgramValue, at.element);
  const hint = at.hint ?? 0;
  const opener = new Opener(model, trace);
  const reads = readsOf(program, step, at.element, {
    operand: (i, position) => opener.element(step.operands[i] as number, position),
    output: () => opener.element(step.output, at.element),
    hint,
  });
  return {
    program: openProgram(program),
    traceTree: trace.treeRoot,
    weightsTree: constants.tree?.root ?? new Uint8Array(HASH_BYTES),
    nodeIndex: at.node,
    node: step.bytes,
    nodeSiblings: program.nodeTree.siblings(at.node),
    element: at.element,
    hint,
    output: opener.open(step.output, [at.element]),
    operands: step.operands.map((id, i) => opener.open(id, reads[i] as number[])),
  };
}

function expectElement({ name, shape }: ProgramValue, element: number): void {
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (Number.isInteger(element) && element >= 0 && element < count) return;
  throw new RangeError(`value ${name} has no element ${element}`);
}

export function openProgram({ header, valueTree, nodeTree }: LoweredProgram): ProgramOpening {
  return { header, values: valueTree.root, nodes: nodeTree.root };
}

/** The element at a place of a packed tensor's chunk. */
export function elementOf(chunk: Uint8Array, elementType: ElementType, place: number): number {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (elementType === "int32") return view.getInt32(4 * place);
  return elementType === "int8" ? view.getInt8(place) : view.getUint8(place);
}

const CLOSED: Omit<TensorOpening, "header" | "headerSiblings"> = {
  chunkRoot: new Uint8Array(HASH_BYTES),
  siblings: [],
  chunkIndices: [],
  chunks: new Uint8Array(0),
  chunkProof: [],
};

/** Opens values of the trace and of the weights by their ids. */
class Opener {
  readonly #model: CommittedModel;
  readonly #trace: SuspectTrace;

  constructor(model: CommittedModel, trace: SuspectTrace) {
    this.#model = model;
    this.#trace = trace;
  }

  element(id: number, position: number): number {
    const { elementType } = this.#value(id);
    const perChunk = CHUNK_BYTES / ELEMENT_BYTES[elementType];
    const chunk = this.#tensor(id).chunk(Math.floor(position / perChunk));
    return elementOf(chunk, elementType, position % perChunk);
  }

  /** A tensor of which nothing but the shape is read stays closed. */
  open(id: number, positions: readonly number[]): TensorOpening {
    const { elementType, header } = this.#value(id);
    const headerSiblings = this.#model.program.valueTree.siblings(id);
    if (positions.length === 0) return { ...CLOSED, header, headerSiblings };
    const perChunk = CHUNK_BYTES / ELEMENT_BYTES[elementType];
    const chunkIndices = [...new Set(positions.map((at) => Math.floor(at / perChunk)))];
    chunkIndices.sort((a, b) => a - b);
    const tensor = this.#tensor(id);
    const chunks = new Uint8Array(chunkIndices.length * CHUNK_BYTES);
    for (const [i, index] of chunkIndices.entries())
      chunks.set(tensor.chunk(index), i * CHUNK_BYTES);
    return {
      header,
      headerSiblings,
      chunkRoot: tensor.chunkRoot,
      siblings: this.#siblings(id),
      chunkIndices,
      chunks,
      chunkProof: tensor.chunkProof(chunkIndices),
    };
  }

  #value(id: number): ProgramValue {
    return this.#model.program.values[id] as ProgramValue;
  }

  #tensor(id: number): SuspectTensor {
    const { program, constants } = this.#model;
    if (!isConstant(program, id)) return this.#trace.tensor(traceEntry(program, id));
    return knownTensor(constants.tensors[id - program.inputs] as CommittedTensor);
  }

  #siblings(id: number): readonly Uint8Array[] {
    const { program, constants } = this.#model;
    if (!isConstant(program, id)) return this.#trace.siblings(traceEntry(program, id));
    return constants.tree?.siblings(id - program.inputs) ?? [];
  }
}

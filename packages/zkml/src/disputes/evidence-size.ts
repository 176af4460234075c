import type {
  ProgramOpening,
  StepEvidence,
  TensorOpening,
  TraceEvidence,
} from "./evidence-types.ts";

const WORD = 32;

/** Bytes of call data, which cost by whether they are zero. */
export class CallDataSize {
  bytes = 0;
  nonZero = 0;

  /** A number of up to 4 bytes. */
  number(value: number): this {
    this.bytes += WORD;
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) {
      if (rest % 256 > 0) this.nonZero += 1;
    }
    return this;
  }

  /** Words one after the other, as `bytes32` members are. */
  words(...words: readonly Uint8Array[]): this {
    for (const word of words) this.#data(word);
    return this;
  }

  /** `bytes`: the length, then the data, padded with zeros to whole words. */
  data(data: Uint8Array): this {
    this.number(data.length).#data(data);
    return this;
  }

  /** `bytes32[]`: the length, then the words. */
  list(words: readonly Uint8Array[]): this {
    return this.number(words.length).words(...words);
  }

  /** Places of members, of about two bytes that are not zero each. */
  offsets(count: number): this {
    this.bytes += WORD * count;
    this.nonZero += 2 * count;
    return this;
  }

  #data(data: Uint8Array): void {
    this.bytes += WORD * Math.ceil(data.length / WORD);
    for (const byte of data) if (byte !== 0) this.nonZero += 1;
  }
}

/** Of the ABI encoding of a StepEvidence. */
export function stepEvidenceSize(evidence: StepEvidence): CallDataSize {
  // Its own, and those of program, node, siblings, output and operands.
  const size = new CallDataSize().offsets(6);
  size.words(evidence.traceTree, evidence.weightsTree);
  size.number(evidence.nodeIndex).number(evidence.element).number(evidence.hint);
  addProgram(size, evidence.program);
  size.data(evidence.node).list(evidence.nodeSiblings);
  addTensor(size, evidence.output);
  size.number(evidence.operands.length).offsets(evidence.operands.length);
  for (const operand of evidence.operands) addTensor(size, operand);
  return size;
}

/** Of the ABI encoding of a TraceEvidence. */
export function traceEvidenceSize(evidence: TraceEvidence): CallDataSize {
  const { fault, count, index, chunkIndex, traceTree, chunkRoot, tensorRoot } = evidence;
  // Its own, and those of program, headers, siblings and chunk.
  const size = new CallDataSize().offsets(8);
  size.number(fault).number(count).number(index).number(chunkIndex);
  size.words(traceTree, chunkRoot, tensorRoot);
  addProgram(size, evidence.program);
  size.data(evidence.header).data(evidence.valueHeader).data(evidence.chunk);
  size.list(evidence.valueSiblings).list(evidence.siblings).list(evidence.chunkSiblings);
  return size;
}

function addProgram(size: CallDataSize, { header, values, nodes }: ProgramOpening): void {
  size.offsets(1).words(values, nodes).data(header);
}

function addTensor(size: CallDataSize, opening: TensorOpening): void {
  size.offsets(6).words(opening.chunkRoot).data(opening.header).data(opening.chunks);
  size.list(opening.headerSiblings).list(opening.siblings).list(opening.chunkProof);
  size.number(opening.chunkIndices.length);
  for (const index of opening.chunkIndices) size.number(index);
}

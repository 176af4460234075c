import type { CommittedTensor, CommittedTrace } from "../commitments/committed-trace.ts";
import { encodeIntegers } from "../commitments/encode.ts";
import type { HashTree } from "../commitments/hash-tree.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";
import {
  afterAnswer,
  afterQuestion,
  FIRST_QUESTION,
  levelsBelow,
  type Standing,
} from "./inquiry-places.ts";

/** What a provider answers a question with, as the contract takes it. */
export interface Answer {
  /** Of the tree, `min(4, height)` levels below what was asked for, from left to right; none for a chunk. */
  readonly nodes: readonly Uint8Array[];
  /** The number of tensors (4 bytes), a tensor's header, a chunk; else empty. */
  readonly data: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * Answers the question that the children chosen so far lead to; none have been for the first one.
 * @throws RangeError for a path that leads out of the trace.
 */
export function answerQuestion(trace: CommittedTrace, path: readonly number[]): Answer {
  let question: Standing = FIRST_QUESTION;
  let tensor: CommittedTensor | undefined;
  let answer = openAt(trace, tensor, question);
  for (const child of path) {
    if (!Number.isInteger(child) || child < 0 || child >= answer.nodes.length) {
      throw new RangeError(`there is no child ${child} of ${answer.nodes.length}`);
    }
    const leaves = tensor?.chunks.count ?? trace.tensors.length;
    question = afterQuestion(afterAnswer(question, leaves), child);
    if (question.place === "tensor") tensor = trace.tensors[question.index];
    answer = openAt(trace, tensor, question);
  }
  return answer;
}

function openAt(
  { tensors, tree }: CommittedTrace,
  tensor: CommittedTensor | undefined,
  question: Standing,
): Answer {
  const { place, index } = question;
  if (place === "trace") {
    return { nodes: nodesBelow(tree, tree.depth, 0), data: encodeIntegers(4, [tensors.length]) };
  }
  if (place === "tensors") {
    return { nodes: nodesBelow(tree, question.height, index), data: NOTHING };
  }
  if (tensor === undefined) throw new RangeError(`the trace has no tensor ${index}`);
  const { header, packed, chunks } = tensor;
  if (place === "tensor") return { nodes: nodesBelow(chunks, chunks.depth, 0), data: header };
  if (place === "chunks")
    return { nodes: nodesBelow(chunks, question.height, index), data: NOTHING };
  if (index >= chunks.count) throw new RangeError(`the tensor has no chunk ${index}`);
  return { nodes: [], data: packed.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES) };
}

/** @param index First leaf below the node. */
function nodesBelow(tree: HashTree, height: number, index: number): Uint8Array[] {
  const levels = levelsBelow(height);
  const level = height - levels;
  const first = index / 2 ** level;
  return Array.from({ length: 2 ** levels }, (_, i) => tree.node(level, first + i));
}

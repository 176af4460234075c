import type { CommittedTensor, CommittedTrace } from "../commitments/committed-trace.ts";
import { type Hex, hashParts, toHex } from "../commitments/hash.ts";
import { HASH_BYTES, type HashTree, treeDepth } from "../commitments/hash-tree.ts";
import { traceLength } from "../commitments/lowered-program.ts";
import { CHUNK_BYTES } from "../commitments/tensor-root.ts";
import { ZkmlError } from "../errors/zkml-error.ts";
import { chunkFault, type Fault, findFault, headerFault, type StatedRoots } from "./find-fault.ts";
import type { Answer } from "./inquiry.ts";
import {
  afterAnswer,
  afterQuestion,
  FIRST_QUESTION,
  levelsBelow,
  type Standing,
} from "./inquiry-places.ts";
import { PathTrace } from "./path-trace.ts";
import type { CommittedModel } from "./step-evidence.ts";
import { traceEvidence } from "./trace-evidence.ts";

/** What an inquirer does next. */
export type InquiryMove =
  /** The provider owes an answer. */
  | { readonly kind: "wait" }
  | { readonly kind: "ask"; readonly child: number }
  | { readonly kind: "evidence"; readonly fault: Fault }
  /** The trace is that of the honest run. */
  | { readonly kind: "nothing" };

/**
 * Leads an inquiry to the first thing that is wrong with a provider's trace. What to do next follows
 * from the answers alone, so whoever has them from the chain's events goes on where it was.
 */
export class InquiryGuide {
  readonly #model: CommittedModel;
  readonly #honest: CommittedTrace;
  readonly #traceRoot: Hex;
  readonly #stated: StatedRoots;

  /**
   * @param honest Trace of the same input.
   * @param traceRoot That the provider committed to.
   * @param stated What it stated beside it.
   */
  constructor(
    model: CommittedModel,
    honest: CommittedTrace,
    traceRoot: Hex,
    stated: StatedRoots = {},
  ) {
    this.#model = model;
    this.#honest = honest;
    this.#traceRoot = traceRoot;
    this.#stated = stated;
  }

  /**
   * @param answers All that were given, in order; the questions between were this guide's.
   * @throws ZkmlError ANSWER_INVALID for an answer that does not open its question: the contract takes none.
   */
  next(answers: readonly Answer[]): InquiryMove {
    if (this.#traceRoot === this.#honest.root) {
      const fault = findFault(this.#model, this.#honest, this.#honest, this.#stated);
      return fault === undefined ? { kind: "nothing" } : { kind: "evidence", fault };
    }
    const [first, ...others] = answers;
    if (first === undefined) return { kind: "wait" };
    const descent = new Descent(this.#model, this.#honest, this.#traceRoot);
    let move = descent.open(first);
    for (const answer of others) {
      if (move.kind !== "ask") throw invalid("no question was left");
      move = descent.take(answer, move.child);
    }
    return move;
  }
}

/** The way down, as far as it is known. */
class Descent {
  readonly #model: CommittedModel;
  readonly #honest: CommittedTrace;
  readonly #traceRoot: Hex;
  #path: PathTrace | undefined;
  #entry = 0;
  /** Where the nodes of the last answer stand. */
  #standing: Standing = FIRST_QUESTION;
  #nodes: readonly Uint8Array[] = [];

  constructor(model: CommittedModel, honest: CommittedTrace, traceRoot: Hex) {
    this.#model = model;
    this.#honest = honest;
    this.#traceRoot = traceRoot;
  }

  /** Takes the answer to the first question. */
  open({ nodes, data }: Answer): InquiryMove {
    if (data.length !== 4) throw invalid(`it states ${data.length} bytes of a count`);
    const count = Buffer.from(data).readUInt32BE(0);
    if (count === 0) throw invalid("it states no tensors");
    expectNodes(nodes, treeDepth(count));
    this.#path = new PathTrace(this.#honest, count, nodes);
    if (toHex(hashParts("trace", data, this.#path.treeRoot)) !== this.#traceRoot) {
      throw invalid("it does not lead to the trace root");
    }
    if (count !== traceLength(this.#model.program)) return this.#traceFault({ fault: "count" });
    return this.#choose(afterAnswer(FIRST_QUESTION, count), nodes);
  }

  /** Takes the answer to the question for a child of the last one. */
  take(answer: Answer, child: number): InquiryMove {
    const target = this.#nodes[child] as Uint8Array;
    const question = afterQuestion(this.#standing, child);
    if (question.place === "tensor") return this.#takeTensor(answer, question, target);
    if (question.place === "chunk") return this.#takeChunk(answer, question, target);
    return this.#takeNodes(answer, question, target);
  }

  #takeNodes({ nodes, data }: Answer, question: Standing, target: Uint8Array): InquiryMove {
    expectNodes(nodes, question.height);
    if (data.length > 0) throw invalid(`it has ${data.length} bytes beside the nodes`);
    if (!same(rootOver(nodes), target))
      throw invalid("its nodes do not lead to what was asked for");
    const standing = afterAnswer(question, 0);
    const first = standing.index / 2 ** standing.height;
    if (question.place === "tensors") this.#known.learnTensors(standing.height, first, nodes);
    else this.#known.learnChunks(standing.height, first, nodes);
    return this.#choose(standing, nodes);
  }

  #takeTensor({ nodes, data }: Answer, question: Standing, target: Uint8Array): InquiryMove {
    const { index } = question;
    const root = hashParts("tensor", data, rootOver(nodes));
    if (!same(hashParts("leaf", root), target)) throw invalid(`it does not open tensor ${index}`);
    this.#entry = index;
    this.#known.learnTensor(index, data, nodes);
    const wrongHeader = headerFault(this.#model, this.#known, index);
    if (wrongHeader !== undefined) return { kind: "evidence", fault: wrongHeader };
    const { chunks } = this.#honestTensor;
    expectNodes(nodes, chunks.depth);
    if (index < this.#model.program.inputs) return this.#chunkFault(0);
    return this.#choose(afterAnswer(question, chunks.count), nodes);
  }

  #takeChunk({ nodes, data }: Answer, { index }: Standing, target: Uint8Array): InquiryMove {
    const whole = nodes.length === 0 && data.length === CHUNK_BYTES;
    if (!whole || !same(hashParts("leaf", data), target)) {
      throw invalid(`it does not open chunk ${index}`);
    }
    this.#known.learnChunk(index, data);
    return this.#chunkFault(index);
  }

  /** Asks for the first node that differs; what lies behind the last leaf needs no answer. */
  #choose(standing: Standing, nodes: readonly Uint8Array[]): InquiryMove {
    [this.#standing, this.#nodes] = [standing, nodes];
    const { place, height, index } = standing;
    const tree = place === "tensors" ? this.#honest.tree : this.#honestTensor.chunks;
    const child = firstDifference(tree, standing, nodes);
    const leaf = index + child;
    if (height > 0 || leaf < tree.count) return { kind: "ask", child };
    if (place === "chunks") return this.#chunkFault(leaf);
    return this.#traceFault({ fault: "tensorFiller", leaf });
  }

  #chunkFault(chunk: number): InquiryMove {
    const place = { entry: this.#entry, chunk };
    const fault = chunkFault(this.#model, this.#honest, this.#known, place);
    return { kind: "evidence", fault };
  }

  #traceFault(at: { fault: "count" } | { fault: "tensorFiller"; leaf: number }): InquiryMove {
    const evidence = traceEvidence(this.#model.program, this.#known, at);
    return { kind: "evidence", fault: { kind: "trace", at, evidence } };
  }

  get #known(): PathTrace {
    return this.#path as PathTrace;
  }

  get #honestTensor(): CommittedTensor {
    return this.#honest.tensors[this.#entry] as CommittedTensor;
  }
}

function firstDifference(
  tree: HashTree,
  { height, index }: Standing,
  nodes: readonly Uint8Array[],
): number {
  const first = index / 2 ** height;
  const child = nodes.findIndex((node, i) => !same(node, tree.node(height, first + i)));
  // A tree that differs above differs below: its nodes were hashed.
  if (child < 0) throw new RangeError("the honest trace does not lead to its own root");
  return child;
}

function expectNodes(nodes: readonly Uint8Array[], height: number): void {
  const expected = 2 ** levelsBelow(height);
  if (nodes.length !== expected || nodes.some((node) => node.length !== HASH_BYTES)) {
    throw invalid(`it has ${nodes.length} nodes of ${expected}`);
  }
}

/** @throws ZkmlError ANSWER_INVALID for another number of nodes than a power of two. */
function rootOver(nodes: readonly Uint8Array[]): Uint8Array {
  let level = nodes;
  while (level.length > 1 && level.length % 2 === 0) {
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      hashParts("node", level[2 * i] as Uint8Array, level[2 * i + 1] as Uint8Array),
    );
  }
  const [root] = level;
  if (root === undefined || level.length > 1) throw invalid(`it has ${nodes.length} nodes`);
  return root;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function invalid(problem: string): ZkmlError {
  return new ZkmlError("ANSWER_INVALID", `an answer does not open its question: ${problem}`);
}

import { encodeStepEvidence, encodeTraceEvidence } from "@lattice/sdk";
import {
  answerQuestion,
  CHUNK_BYTES,
  type CommittedModel,
  type CommittedTensor,
  commitConstants,
  createTensor,
  type Fault,
  findFault,
  type Hex,
  InquiryGuide,
  type LoadedModel,
  layoutOf,
  lowerProgram,
  openOutput,
  type ProgramNode,
  type ProgramValue,
  packTensor,
  TraceCommitter,
  TraceRunner,
  tensorRoot,
  traceEntry,
} from "@lattice/zkml";
import { getBytes, hexlify } from "ethers";
import type {
  Accusation,
  BondedResult,
  Exchange,
  Move,
  OutputOpening,
  Reply,
} from "../../core/dispute.ts";
import type { TensorInfo, TracedModel, TracedRun } from "../../core/ports/model.ts";
import type { Trace } from "../../core/ports/traces.ts";
import { isZeroWord } from "../../core/words.ts";
import { requireDisputable } from "./disputable.ts";
import { singleTensors } from "./single-tensors.ts";
import { decodeTensor, encodeTensor } from "./tensor-bytes.ts";
import { committedOf, ZkmlTrace } from "./zkml-trace.ts";

/** A run whose trace can be opened. */
export interface ZkmlRun extends TracedRun {
  readonly trace: ZkmlTrace;
}

const hexes = (parts: readonly Uint8Array[]) => parts.map((part) => hexlify(part));

/** The same members, as hex. */
function hexMembers<K extends string>(bytes: Readonly<Record<K, Uint8Array>>): Record<K, string> {
  const entries = Object.entries<Uint8Array>(bytes);
  return Object.fromEntries(entries.map(([name, value]) => [name, hexlify(value)])) as Record<
    K,
    string
  >;
}

/** What a lane stated beside the trace root. */
function statedIn({ outputRoot }: BondedResult) {
  return isZeroWord(outputRoot) ? {} : { output: getBytes(outputRoot) };
}

/** A model whose runs are committed to tensor by tensor. */
export class ZkmlTracedModel implements TracedModel {
  readonly modelVersion: string;
  readonly input: TensorInfo;
  readonly #loaded: LoadedModel;
  readonly #model: CommittedModel;
  readonly #runner: TraceRunner;
  readonly #committer = new TraceCommitter();

  private constructor(
    modelVersion: string,
    loaded: LoadedModel,
    model: CommittedModel,
    runner: TraceRunner,
  ) {
    this.modelVersion = modelVersion;
    this.input = singleTensors(loaded).input;
    this.#loaded = loaded;
    this.#model = model;
    this.#runner = runner;
  }

  /** @throws NodeError MODEL_UNKNOWN for a model whose results cannot be disputed. */
  static async create(modelVersion: string, loaded: LoadedModel): Promise<ZkmlTracedModel> {
    requireDisputable(loaded);
    const program = lowerProgram(loaded.graph);
    const model = { program, constants: commitConstants(program, loaded.graph) };
    const runner = await TraceRunner.create(program, loaded.graph);
    return new ZkmlTracedModel(modelVersion, loaded, model, runner);
  }

  get inputChunks(): number {
    return Math.ceil(this.input.byteLength / CHUNK_BYTES);
  }

  unpackInput(chunks: readonly Uint8Array[]): Uint8Array {
    const { elementType, shape, byteLength } = this.input;
    const packed = Buffer.concat(chunks);
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    const width = byteLength / count;
    // Where each packed element belongs: the places themselves, packed.
    const places = Int32Array.from({ length: count }, (_, i) => i);
    const order = packTensor({ elementType: "int32", shape, data: places }, this.#inputLayout);
    const target = new DataView(order.buffer, order.byteOffset);
    const values = new Array<number>(count);
    for (let i = 0; i < count; i++) {
      const value =
        elementType === "uint8" ? packed.readUIntBE(i, 1) : packed.readIntBE(i * width, width);
      values[target.getInt32(4 * i)] = value;
    }
    return encodeTensor(createTensor(elementType, shape, values));
  }

  inputRoot(bytes: Uint8Array): string {
    return hexlify(tensorRoot(decodeTensor(this.input, bytes), this.#inputLayout));
  }

  async run(input: Uint8Array, signal?: AbortSignal): Promise<ZkmlRun> {
    return await this.#run(this.#runner, input, signal);
  }

  async replay(input: Uint8Array, signal?: AbortSignal): Promise<ZkmlRun> {
    const { program } = this.#model;
    const exact = await TraceRunner.create(program, this.#loaded.graph, { source: "interpreter" });
    try {
      return await this.#run(exact, input, signal);
    } finally {
      await exact.release();
    }
  }

  findFault(honest: Trace, suspect: Trace, result: BondedResult): Accusation | undefined {
    const stated = statedIn(result);
    const fault = findFault(this.#model, committedOf(honest), committedOf(suspect), stated);
    return fault && this.#accusation(fault);
  }

  nextMove(honest: Trace, exchanges: readonly Exchange[], result: BondedResult): Move | undefined {
    const { traceRoot } = result;
    const committed = committedOf(honest);
    const guide = new InquiryGuide(this.#model, committed, traceRoot as Hex, statedIn(result));
    const answers = exchanges.map(({ nodes, data }) => ({
      nodes: nodes.map((node) => getBytes(node)),
      data: getBytes(data),
    }));
    const move = guide.next(answers);
    if (move.kind === "evidence") return { accuse: this.#accusation(move.fault) };
    if (move.kind !== "ask") return undefined;
    return { ask: move.child, nodes: exchanges.at(-1)?.nodes ?? [] };
  }

  answer(trace: Trace, exchanges: readonly Exchange[]): Reply {
    const path = exchanges.flatMap(({ child }) => (child === undefined ? [] : [child]));
    const { nodes, data } = answerQuestion(committedOf(trace), path);
    return { nodes: hexes(nodes), data: hexlify(data) };
  }

  openOutput(trace: Trace, firstChunk: number, chunkCount: number): OutputOpening {
    const { program } = this.#model;
    const committed = committedOf(trace);
    const { count } = (committed.tensors[this.#outputEntry] as CommittedTensor).chunks;
    // Of chunks behind the last none are opened, or the last when nothing else was asked for.
    const first = Math.min(firstChunk, count - 1);
    const end = Math.min(firstChunk + chunkCount, count);
    const opening = openOutput(program, committed, first, end - first);
    const { headerSiblings, siblings, chunkIndices, chunkProof, ...bytes } = opening.output;
    return {
      program: hexMembers(opening.program),
      traceTree: hexlify(opening.traceTree),
      output: {
        ...hexMembers(bytes),
        headerSiblings: hexes(headerSiblings),
        siblings: hexes(siblings),
        chunkIndices: [...chunkIndices],
        chunkProof: hexes(chunkProof),
      },
    };
  }

  async close(): Promise<void> {
    await this.#committer.close();
    await this.#runner.release();
  }

  async #run(runner: TraceRunner, input: Uint8Array, signal?: AbortSignal): Promise<ZkmlRun> {
    const at = this.#outputEntry;
    const options = signal ? { signal } : {};
    const tensors = runner.stream(decodeTensor(this.input, input), options);
    let output: Uint8Array | undefined;
    // Tensors are let go once they are packed: what the caller needs is taken as they pass.
    async function* passing() {
      let entry = 0;
      for await (const tensor of tensors) {
        if (entry++ === at) output = encodeTensor(tensor);
        yield tensor;
      }
    }
    const committed = await this.#committer.commit(this.#model.program, passing(), options);
    if (!output) throw new Error("the run has no output");
    return { output, trace: new ZkmlTrace(committed) };
  }

  get #inputLayout() {
    return layoutOf(this.#loaded.graph, this.input.name);
  }

  get #outputEntry(): number {
    const { program } = this.#model;
    return traceEntry(program, program.outputs[0] as number);
  }

  #accusation(fault: Fault): Accusation {
    if (fault.kind === "trace") {
      const what = `the trace's ${fault.at.fault}`;
      return { kind: "trace", evidence: encodeTraceEvidence(fault.evidence), what };
    }
    const { node, element } = fault.at;
    const step = this.#model.program.nodes[node] as ProgramNode;
    const { name } = this.#model.program.values[step.output] as ProgramValue;
    const what = `element ${element} of "${name}" (${step.node.op}, step ${node})`;
    return { kind: "step", evidence: encodeStepEvidence(fault.evidence), what };
  }
}

import type { InferenceSession, Tensor } from "onnxruntime-node";
import {
  type LoweredProgram,
  type ProgramValue,
  valueOfEntry,
} from "../../commitments/lowered-program.ts";
import { ZkmlError } from "../../errors/zkml-error.ts";
import { interpretTrace } from "../../interpreter/interpret-trace.ts";
import type { IntegerGraph } from "../../ir/graph.ts";
import { bindInputs, type GraphInputs } from "../../ir/inputs.ts";
import { macsOf } from "../../ir/macs.ts";
import { elementTypeOf, type IntegerTensor } from "../../ir/tensor.ts";
import { loadRuntime, type OnnxRuntime } from "../onnx-runner.ts";
import { balancedCuts, isWritable, type TraceSegment, writeSegment } from "./segments.ts";

export interface TraceRunnerOptions {
  /** As of ONNX Runtime; the processor's cores unless told. */
  readonly threads?: number;
  /** Models that the program is cut into; chosen by its size unless told. */
  readonly segments?: number;
  /** "interpreter" computes every tensor in exact integers on the calling thread, slowly. */
  readonly source?: "onnx" | "interpreter";
}

export interface TraceRunOptions {
  readonly signal?: AbortSignal;
}

interface LoadedSegment extends Omit<TraceSegment, "model"> {
  readonly session: InferenceSession;
}

/** Multiplications that are worth a model of their own: below, what lies between two costs more. */
const MACS_PER_SEGMENT = 20_000_000;
const MAX_SEGMENTS = 8;

/**
 * Runs a program and gives every tensor of its trace. Kernels differ between machines: whoever bonds a
 * result replays it in the reference interpreter, or trusts that this machine's kernels are exact.
 */
export class TraceRunner {
  readonly #program: LoweredProgram;
  readonly #graph: IntegerGraph;
  readonly #runtime: OnnxRuntime | undefined;
  readonly #segments: readonly LoadedSegment[];
  #released = false;

  private constructor(
    program: LoweredProgram,
    graph: IntegerGraph,
    runtime: OnnxRuntime | undefined,
    segments: readonly LoadedSegment[],
  ) {
    this.#program = program;
    this.#graph = graph;
    this.#runtime = runtime;
    this.#segments = segments;
  }

  /**
   * @param graph That `program` was lowered from.
   * @throws ZkmlError RUNTIME_LOAD_FAILED when ONNX Runtime does not take the model.
   */
  static async create(
    program: LoweredProgram,
    graph: IntegerGraph,
    { threads, segments, source = "onnx" }: TraceRunnerOptions = {},
  ): Promise<TraceRunner> {
    if (source === "interpreter" || !isWritable(program, graph)) {
      return new TraceRunner(program, graph, undefined, []);
    }
    const runtime = await loadRuntime();
    const work = program.nodes.map(({ node }) => macsOf(graph, node) + 1);
    const total = work.reduce((sum, each) => sum + each, 0);
    const count =
      segments ?? Math.min(MAX_SEGMENTS, Math.max(1, Math.round(total / MACS_PER_SEGMENT)));
    const loaded: LoadedSegment[] = [];
    try {
      for (const cut of balancedCuts(work, count)) {
        const { model, ...segment } = writeSegment(program, graph, cut);
        loaded.push({ ...segment, session: await load(runtime, model, threads) });
      }
    } catch (error) {
      for (const { session } of loaded) await session.release();
      throw error;
    }
    return new TraceRunner(program, graph, runtime, loaded);
  }

  /** Where the tensors come from. */
  get source(): "onnx" | "interpreter" {
    return this.#runtime === undefined ? "interpreter" : "onnx";
  }

  /** Every tensor of a run, in the order of the trace; as `stream`. */
  async run(inputs: GraphInputs, options: TraceRunOptions = {}): Promise<IntegerTensor[]> {
    const tensors: IntegerTensor[] = [];
    for await (const tensor of this.stream(inputs, options)) tensors.push(tensor);
    return tensors;
  }

  /**
   * The tensors as they are computed; the next segment runs while those of the last are taken.
   * @throws ZkmlError TENSOR_TYPE or TENSOR_SHAPE for an input the model does not take, RUNTIME_FAILED
   * when the runtime fails, RUNTIME_RELEASED after `release`; the signal's reason.
   */
  async *stream(
    inputs: GraphInputs,
    { signal }: TraceRunOptions = {},
  ): AsyncGenerator<IntegerTensor> {
    if (this.#released) {
      throw new ZkmlError("RUNTIME_RELEASED", "the runner was released; create a new one");
    }
    signal?.throwIfAborted();
    if (this.#runtime === undefined) {
      yield* interpretTrace(this.#program, this.#graph, inputs);
      return;
    }
    const values = new Map<number, IntegerTensor>();
    for (const [entry, tensor] of [...bindInputs(this.#graph.inputs, inputs).values()].entries()) {
      values.set(valueOfEntry(this.#program, entry), tensor);
    }
    const given = [...values.values()];
    let next: Promise<IntegerTensor[]> | undefined = this.#runSegment(0, values);
    yield* given;
    for (let i = 0; next !== undefined; i++) {
      const tensors: IntegerTensor[] = await next;
      signal?.throwIfAborted();
      next = i + 1 < this.#segments.length ? this.#runSegment(i + 1, values) : undefined;
      // Whoever stops taking tensors would leave a failure of this run unheard.
      next?.catch(() => {});
      yield* tensors;
    }
  }

  /** Frees the model; safe to call twice. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    for (const { session } of this.#segments) await session.release();
  }

  async #runSegment(index: number, values: Map<number, IntegerTensor>): Promise<IntegerTensor[]> {
    const { session, inputs, outputs } = this.#segments[index] as LoadedSegment;
    const runtime = this.#runtime as OnnxRuntime;
    const feeds: Record<string, Tensor> = {};
    for (const id of inputs) {
      const { elementType, data, shape } = values.get(id) as IntegerTensor;
      feeds[this.#value(id).name] = new runtime.Tensor(elementType, data, shape);
    }
    const results = await session.run(feeds).catch((cause: unknown) => {
      throw new ZkmlError(
        "RUNTIME_FAILED",
        `ONNX Runtime failed while running the model: ${String(cause).split("\n", 1)[0]}`,
        { segment: index },
        { cause },
      );
    });
    const tensors = outputs.map((id) => this.#take(id, results));
    for (const [i, id] of outputs.entries()) values.set(id, tensors[i] as IntegerTensor);
    this.#forget(index, values);
    return tensors;
  }

  /** Values that no later segment reads. */
  #forget(index: number, values: Map<number, IntegerTensor>): void {
    const later = new Set(this.#segments.slice(index + 1).flatMap(({ inputs }) => inputs));
    for (const id of values.keys()) if (!later.has(id)) values.delete(id);
  }

  #take(id: number, results: InferenceSession.OnnxValueMapType): IntegerTensor {
    const { name, elementType, shape } = this.#value(id);
    const { data } = results[name] as Tensor;
    const expected = shape.reduce((product, dimension) => product * dimension, 1);
    if (elementTypeOf(data) !== elementType || data.length !== expected) {
      throw new ZkmlError(
        "RUNTIME_FAILED",
        `ONNX Runtime gave ${data.length} elements of "${name}" where ${expected} of ${elementType} belong`,
        { value: name, expected, actual: data.length },
      );
    }
    return { elementType, shape, data: data as IntegerTensor["data"] };
  }

  #value(id: number): ProgramValue {
    return this.#program.values[id] as ProgramValue;
  }
}

async function load(
  runtime: OnnxRuntime,
  model: Uint8Array,
  threads: number | undefined,
): Promise<InferenceSession> {
  const parallel = threads === undefined ? {} : { intraOpNumThreads: threads };
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: ["cpu"],
      ...parallel,
    });
  } catch (cause) {
    const reason = String(cause).split("\n", 1)[0] as string;
    throw new ZkmlError(
      "RUNTIME_LOAD_FAILED",
      `ONNX Runtime could not load a part of the model (${reason})`,
      { reason },
      { cause },
    );
  }
}

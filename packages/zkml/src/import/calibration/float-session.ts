import type { InferenceSession, Tensor } from "onnxruntime-node";
import { ZkmlError } from "../../errors/zkml-error.ts";
import type { ValueName } from "../../ir/graph.ts";
import type { Shape } from "../../ir/tensor.ts";
import { encodeModel } from "../../onnx/encode.ts";
import type { ModelProto, ValueInfoProto } from "../../onnx/proto.ts";
import { loadRuntime, type OnnxRuntime } from "../../runtime/onnx-runner.ts";

type Elements = Readonly<Record<string, ArrayLike<number>>>;

/**
 * Runs a model in ONNX Runtime with intermediate tensors among its outputs. What runs is encoded
 * anew from the checked model, never the bytes that were given.
 */
export class ProbedSession {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #input: ValueInfoProto;
  readonly #shape: Shape;

  private constructor(
    runtime: OnnxRuntime,
    session: InferenceSession,
    input: ValueInfoProto,
    shape: Shape,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#input = input;
    this.#shape = shape;
  }

  /**
   * @param probes tensors to put out.
   * @throws ZkmlError RUNTIME_LOAD_FAILED when the runtime does not take the model.
   */
  static async create(
    model: ModelProto,
    input: { readonly name: ValueName; readonly shape: Shape },
    probes: Iterable<string>,
  ): Promise<ProbedSession> {
    const runtime = await loadRuntime();
    const declared = model.graph.inputs.map((info) =>
      info.name === input.name ? { ...info, shape: [...input.shape] } : info,
    );
    const names = [...new Set(probes)].filter((name) => name !== input.name);
    const outputs = names.map((name) => ({ name, elementType: 0 }));
    const bytes = encodeModel({ ...model, graph: { ...model.graph, inputs: declared, outputs } });
    const info = declared.find(({ name }) => name === input.name) as ValueInfoProto;
    try {
      // One thread: the order of float additions, and with it every scale, stays the same.
      const session = await runtime.InferenceSession.create(bytes, {
        executionProviders: ["cpu"],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: "disabled",
      });
      return new ProbedSession(runtime, session, info, input.shape);
    } catch (cause) {
      throw new ZkmlError(
        "RUNTIME_LOAD_FAILED",
        `ONNX Runtime does not take the model: ${firstLine(cause)}; check it with onnx.checker`,
        {},
        { cause },
      );
    }
  }

  /** @throws ZkmlError RUNTIME_FAILED. */
  async run(values: Float32Array | Uint8Array): Promise<Elements> {
    const { name, elementType } = this.#input;
    const feed = {
      [name]:
        elementType === 1
          ? new this.#runtime.Tensor("float32", Float32Array.from(values), this.#shape)
          : elementType === 3
            ? new this.#runtime.Tensor("int8", Int8Array.from(values), this.#shape)
            : new this.#runtime.Tensor("uint8", Uint8Array.from(values), this.#shape),
    };
    let results: Record<string, Tensor>;
    try {
      results = (await this.#session.run(feed)) as Record<string, Tensor>;
    } catch (cause) {
      throw new ZkmlError(
        "RUNTIME_FAILED",
        `ONNX Runtime failed while running the model: ${firstLine(cause)}`,
        {},
        { cause },
      );
    }
    const elements: Record<string, ArrayLike<number>> = { [name]: values };
    for (const [output, tensor] of Object.entries(results)) {
      elements[output] = numbers(tensor.data);
    }
    return elements;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function numbers(data: Tensor["data"]): ArrayLike<number> {
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  return data as unknown as ArrayLike<number>;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] as string;
}

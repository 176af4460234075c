import type { InferenceSession, Tensor } from "onnxruntime-node";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { ValueInfo, ValueName } from "../ir/graph.ts";
import { bindInputs, type GraphInputs } from "../ir/inputs.ts";
import { createTensor, elementTypeOf, type IntegerTensor } from "../ir/tensor.ts";

export type OnnxRuntime = typeof import("onnxruntime-node");

/** The part of a pino logger that the runner uses. */
export interface RunnerLogger {
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
}

export interface OnnxRunnerOptions {
  /**
   * Execution providers in order of preference, such as `["cuda"]` or `["webgpu"]`. The CPU is
   * always tried last. Default: the CPU alone.
   */
  readonly executionProviders?: readonly string[];
  readonly logger?: RunnerLogger;
}

/** An execution provider that was asked for and could not load the model. */
export interface ProviderFailure {
  readonly provider: string;
  readonly reason: string;
}

export interface RunResult {
  /** The first output. */
  readonly output: IntegerTensor;
  readonly outputs: ReadonlyMap<ValueName, IntegerTensor>;
}

/**
 * Runs a model in ONNX Runtime. Kernels differ between machines: replay a run in the reference
 * interpreter (`assertSameBits`) before committing to or proving its result.
 */
export class OnnxRunner {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #inputs: readonly ValueInfo[];
  #released = false;

  /** The provider in use. */
  readonly executionProvider: string;
  /** Providers asked for before it that failed. */
  readonly failures: readonly ProviderFailure[];

  private constructor(
    runtime: OnnxRuntime,
    session: InferenceSession,
    executionProvider: string,
    failures: readonly ProviderFailure[],
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#inputs = session.inputMetadata.map(declaredInput);
    this.executionProvider = executionProvider;
    this.failures = failures;
  }

  /**
   * Loads a model with the first execution provider that accepts it.
   * @throws ZkmlError RUNTIME_LOAD_FAILED when none does; TENSOR_TYPE or INVALID_SHAPE when an
   * input is not a fixed-shape uint8, int8 or int32 tensor.
   */
  static async create(model: Uint8Array, options: OnnxRunnerOptions = {}): Promise<OnnxRunner> {
    const runtime = await loadRuntime();
    const providers = new Set([...(options.executionProviders ?? []), "cpu"]);
    const failures: ProviderFailure[] = [];
    for (const provider of providers) {
      let session: InferenceSession;
      try {
        session = await runtime.InferenceSession.create(model, { executionProviders: [provider] });
      } catch (cause) {
        failures.push({ provider, reason: firstLine(cause) });
        options.logger?.warn(
          { provider, reason: firstLine(cause) },
          "execution provider could not load the model",
        );
        continue;
      }
      try {
        return new OnnxRunner(runtime, session, provider, failures);
      } catch (error) {
        await session.release();
        throw error;
      }
    }
    const reasons = failures.map(({ provider, reason }) => `${provider}: ${reason}`);
    throw new ZkmlError(
      "RUNTIME_LOAD_FAILED",
      `ONNX Runtime could not load the model (${reasons.join("; ")}); check that it is a valid ONNX file`,
      { reasons },
    );
  }

  /**
   * @throws ZkmlError TENSOR_TYPE or TENSOR_SHAPE for an input the model does not take,
   * RUNTIME_FAILED when the runtime fails, RUNTIME_RELEASED after `release`.
   */
  async run(inputs: GraphInputs): Promise<RunResult> {
    if (this.#released) {
      throw new ZkmlError("RUNTIME_RELEASED", "the runner was released; create a new one");
    }
    const feeds: Record<string, Tensor> = {};
    for (const [name, { elementType, data, shape }] of bindInputs(this.#inputs, inputs)) {
      feeds[name] = new this.#runtime.Tensor(elementType, data, shape);
    }
    const results = await this.#session.run(feeds).catch((cause: unknown) => {
      throw new ZkmlError(
        "RUNTIME_FAILED",
        `ONNX Runtime failed while running the model: ${firstLine(cause)}`,
        { provider: this.executionProvider },
        { cause },
      );
    });
    const outputs = new Map(
      this.#session.outputNames.map((name) => [name, toTensor(name, results[name] as Tensor)]),
    );
    const [output] = outputs.values();
    return { output: output as IntegerTensor, outputs };
  }

  /** Frees the model; safe to call twice. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await this.#session.release();
  }
}

/** Loaded on first use, so that reading and interpreting models needs no native library. */
export async function loadRuntime(): Promise<OnnxRuntime> {
  try {
    const runtime = await import("onnxruntime-node");
    // Failures reach the caller as errors; the native log would repeat them on stderr.
    runtime.env.logLevel = "fatal";
    return runtime;
  } catch (cause) {
    throw new ZkmlError(
      "RUNTIME_LOAD_FAILED",
      `onnxruntime-node could not be loaded (${firstLine(cause)}); install it for this platform`,
      {},
      { cause },
    );
  }
}

function declaredInput(metadata: InferenceSession.ValueMetadata): ValueInfo {
  const { name } = metadata;
  const type = metadata.isTensor ? metadata.type : "not a tensor";
  if (!metadata.isTensor || (type !== "uint8" && type !== "int8" && type !== "int32")) {
    throw new ZkmlError(
      "TENSOR_TYPE",
      `model input "${name}" is ${type}; only uint8, int8 and int32 inputs are supported`,
      { input: name, actual: type },
    );
  }
  const shape = metadata.shape.map((dimension) => {
    if (typeof dimension === "number" && dimension > 0) return dimension;
    throw new ZkmlError(
      "INVALID_SHAPE",
      `model input "${name}" has the dynamic dimension ${dimension}; export it with a fixed shape`,
      { input: name, dimension },
    );
  });
  return { name, elementType: type, shape };
}

function toTensor(name: string, tensor: Tensor): IntegerTensor {
  const elementType = elementTypeOf(tensor.data);
  if (elementType === undefined) {
    throw new ZkmlError("TENSOR_TYPE", `model output "${name}" is ${tensor.type}, not an integer`, {
      output: name,
      actual: tensor.type,
    });
  }
  return createTensor(elementType, tensor.dims, tensor.data as ArrayLike<number>);
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] as string;
}

import {
  commitTensor,
  interpret,
  type LoadedModel,
  type ModelCircuit,
  OnnxRunner,
  type Prover,
} from "@lattice/zkml";
import type { ProofResult, ServedModel, TensorInfo } from "../../core/ports/model.ts";
import { NodeError } from "../../shared/errors.ts";
import { decodeTensor, encodeTensor, tensorInfo } from "./tensor-bytes.ts";

interface Parts {
  readonly modelVersion: string;
  readonly model: LoadedModel;
  readonly circuit: ModelCircuit;
  readonly runner: OnnxRunner;
  /** Shared between models; closed by whoever made it. */
  readonly prover: Prover;
}

/** The only input and output of a model: what orders can commit to. */
export function singleTensors({ graph }: LoadedModel): { input: TensorInfo; output: TensorInfo } {
  const [input, ...moreInputs] = graph.inputs;
  const [output, ...moreOutputs] = graph.outputs;
  if (!input || !output || moreInputs.length > 0 || moreOutputs.length > 0) {
    throw new NodeError(
      "MODEL_UNKNOWN",
      `model "${graph.name}" has ${graph.inputs.length} inputs and ${graph.outputs.length} outputs; an order commits to exactly one of each`,
      { inputs: graph.inputs.length, outputs: graph.outputs.length },
    );
  }
  return { input: tensorInfo(input), output: tensorInfo(output) };
}

/** A model run by ONNX Runtime and proved by a zkml prover. */
export class ZkmlModel implements ServedModel {
  readonly modelVersion: string;
  readonly input: TensorInfo;
  readonly output: TensorInfo;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    const { input, output } = singleTensors(parts.model);
    this.modelVersion = parts.modelVersion;
    this.input = input;
    this.output = output;
    this.#parts = parts;
  }

  static async create(parts: Omit<Parts, "runner">): Promise<ZkmlModel> {
    const runner = await OnnxRunner.create(parts.model.bytes);
    return new ZkmlModel({ ...parts, runner });
  }

  async commitInput(bytes: Uint8Array): Promise<bigint> {
    return await commitTensor(decodeTensor(this.input, bytes));
  }

  async commitOutput(bytes: Uint8Array): Promise<bigint> {
    return await commitTensor(decodeTensor(this.output, bytes));
  }

  async execute(input: Uint8Array): Promise<Uint8Array> {
    const { output } = await this.#parts.runner.run(decodeTensor(this.input, input));
    return encodeTensor(output);
  }

  async replay(input: Uint8Array): Promise<Uint8Array> {
    return encodeTensor(interpret(this.#parts.model.graph, decodeTensor(this.input, input)).output);
  }

  async prove(input: Uint8Array, context: bigint, signal: AbortSignal): Promise<ProofResult> {
    const { prover, circuit } = this.#parts;
    const request = { circuit, context, input: decodeTensor(this.input, input) };
    return await prover.prove(request, { signal });
  }

  async close(): Promise<void> {
    await this.#parts.runner.release();
  }
}

import {
  commitTensor,
  interpret,
  type LoadedModel,
  type ModelCircuit,
  OnnxRunner,
  type Prover,
} from "@lattice/zkml";
import { Tier } from "../../core/order.ts";
import type { ProofResult, ServedModel, TensorInfo, TracedModel } from "../../core/ports/model.ts";
import { NodeError } from "../../shared/errors.ts";
import { singleTensors } from "./single-tensors.ts";
import { decodeTensor, encodeTensor } from "./tensor-bytes.ts";
import { ZkmlTracedModel } from "./traced-model.ts";

interface Parts {
  readonly modelVersion: string;
  readonly model: LoadedModel;
  readonly tiers: ReadonlySet<Tier>;
  /** Undefined when it is not served in tier Zk. */
  readonly circuit: ModelCircuit | undefined;
  readonly runner: OnnxRunner;
  /** Shared between models; closed by whoever made it. */
  readonly prover: Prover;
  /** Undefined when it is not served in tier Optimistic. */
  readonly traced: ZkmlTracedModel | undefined;
}

/** A model run by ONNX Runtime and proved by a zkml prover. */
export class ZkmlModel implements ServedModel {
  readonly modelVersion: string;
  readonly input: TensorInfo;
  readonly output: TensorInfo;
  readonly tiers: ReadonlySet<Tier>;
  readonly traced: TracedModel | undefined;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    const { input, output } = singleTensors(parts.model);
    this.modelVersion = parts.modelVersion;
    this.input = input;
    this.output = output;
    this.tiers = parts.tiers;
    this.traced = parts.traced;
    this.#parts = parts;
  }

  static async create(parts: Omit<Parts, "runner" | "traced">): Promise<ZkmlModel> {
    const { modelVersion, model, tiers } = parts;
    const runner = await OnnxRunner.create(model.bytes);
    const traced = tiers.has(Tier.Optimistic)
      ? await ZkmlTracedModel.create(modelVersion, model)
      : undefined;
    return new ZkmlModel({ ...parts, runner, traced });
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
    if (!circuit) {
      throw new NodeError(
        "MODEL_UNKNOWN",
        `model version ${this.modelVersion} is not served in tier Zk: it has no circuit`,
        { modelVersion: this.modelVersion },
      );
    }
    const request = { circuit, context, input: decodeTensor(this.input, input) };
    return await prover.prove(request, { signal });
  }

  async close(): Promise<void> {
    await this.#parts.traced?.close();
    await this.#parts.runner.release();
  }
}

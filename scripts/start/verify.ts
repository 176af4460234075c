import { type DirectoryArtifactStore, decodeTensor, singleTensors } from "@lattice/node";
import { type IntegerTensor, type LoadedModel, OnnxRunner } from "@lattice/zkml";

/** What the requester finds when it looks at a delivered output. */
export interface Checked {
  /** The class with the largest logit. */
  readonly predicted: number;
  /** True when this machine's ONNX Runtime computes the same bits from the same input. */
  readonly matchesOnnxRuntime: boolean;
}

/** Checks delivered outputs as a requester can: by fetching the artifact and running the model. */
export class OutputChecker {
  readonly #model: LoadedModel;
  readonly #artifacts: DirectoryArtifactStore;
  readonly #runner: OnnxRunner;

  private constructor(model: LoadedModel, artifacts: DirectoryArtifactStore, runner: OnnxRunner) {
    this.#model = model;
    this.#artifacts = artifacts;
    this.#runner = runner;
  }

  static async create(
    model: LoadedModel,
    artifacts: DirectoryArtifactStore,
  ): Promise<OutputChecker> {
    return new OutputChecker(model, artifacts, await OnnxRunner.create(model.bytes));
  }

  async check(input: IntegerTensor, outputDigest: string, signal: AbortSignal): Promise<Checked> {
    const { output } = singleTensors(this.#model);
    const delivered = decodeTensor(output, await this.#artifacts.get(outputDigest, signal));
    const { output: own } = await this.#runner.run(input);
    const matchesOnnxRuntime =
      own.data.length === delivered.data.length &&
      own.data.every((value, index) => value === delivered.data[index]);
    return { predicted: argMax(delivered.data), matchesOnnxRuntime };
  }

  close(): Promise<void> {
    return this.#runner.release();
  }
}

function argMax(values: ArrayLike<number>): number {
  return Array.from(values).reduce(
    (best, value, index, all) => (value > (all[best] ?? value) ? index : best),
    0,
  );
}

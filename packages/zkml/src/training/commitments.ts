import { commitElements } from "../circuit/commit-tensor.ts";
import { poseidonHash } from "../circuit/poseidon.ts";
import { ZkmlError } from "../errors/zkml-error.ts";
import { requireBatch, requireParameters, type TrainingBatch } from "./sgd.ts";
import { requireShape, SHAPE_FIELDS, type TrainingShape } from "./shape.ts";

/** Numbers of ONNX TensorProto.DataType. */
const UINT8 = 2;
const INT16 = 5;

const ascii = (text: string): bigint => BigInt(`0x${Buffer.from(text, "latin1").toString("hex")}`);
const HYPERPARAMETERS_TAG = ascii("lattice.training.v1");
const RUN_TAG = ascii("lattice.training.run");

/** Marks a tree's places that hold no batch: no commitment is known to be zero. */
const EMPTY_LEAF = 0n;

/** What all steps of a run share, each in [0, r). */
export interface RunTerms {
  readonly datasetRoot: bigint;
  readonly hyperparameterHash: bigint;
  /** Batches of the data set, 1 to 2^depth. */
  readonly batches: number;
}

/** C(t): Poseidon commitment of the parameters as int16. It does not hide parameters that can be guessed. */
export async function commitState(shape: TrainingShape, parameters: Int16Array): Promise<bigint> {
  requireParameters(shape, parameters);
  return commitElements(INT16, 2, parameters);
}

/** A leaf of the data set's tree: the batch as one uint8 tensor, pixels before labels. */
export async function commitBatch(shape: TrainingShape, batch: TrainingBatch): Promise<bigint> {
  requireBatch(shape, batch);
  return commitElements(UINT8, 1, [...batch.pixels, ...batch.labels]);
}

/** Commits to the shape: what a run says of the circuit that proves its steps. */
export function hyperparameterHash(shape: TrainingShape): Promise<bigint> {
  requireShape(shape);
  return poseidonHash([HYPERPARAMETERS_TAG, ...SHAPE_FIELDS.map((field) => BigInt(shape[field]))]);
}

/** Commits to a run's terms, as TrainingChain does. */
export function runHash({ datasetRoot, hyperparameterHash, batches }: RunTerms): Promise<bigint> {
  return poseidonHash([datasetRoot, hyperparameterHash, (RUN_TAG << 64n) + BigInt(batches)]);
}

/** Input commitment of a step: the state that it starts from, the run and the step's number. */
export function stepInput(state: bigint, run: bigint, step: number): Promise<bigint> {
  return poseidonHash([state, run, BigInt(step)]);
}

/** A data set cut into batches, with the Poseidon tree over their commitments. */
export class TrainingDataset {
  readonly shape: TrainingShape;
  readonly batches: readonly TrainingBatch[];
  readonly root: bigint;
  /** From the leaves up; each level without the places that are empty. */
  readonly #levels: readonly (readonly bigint[])[];
  readonly #empty: readonly bigint[];

  private constructor(
    shape: TrainingShape,
    batches: readonly TrainingBatch[],
    levels: readonly (readonly bigint[])[],
    empty: readonly bigint[],
  ) {
    this.shape = shape;
    this.batches = batches;
    this.#levels = levels;
    this.#empty = empty;
    this.root = levels[shape.depth]?.[0] as bigint;
  }

  /** @throws ZkmlError INVALID_SHAPE, TENSOR_SHAPE or TENSOR_VALUE; RangeError for a number of batches out of bounds. */
  static async commit(
    shape: TrainingShape,
    batches: readonly TrainingBatch[],
  ): Promise<TrainingDataset> {
    requireShape(shape);
    if (batches.length < 1 || batches.length > 2 ** shape.depth) {
      throw new RangeError(
        `a data set of depth ${shape.depth} has 1 to ${2 ** shape.depth} batches`,
      );
    }
    const levels = [await Promise.all(batches.map((batch) => commitBatch(shape, batch)))];
    const empty = [EMPTY_LEAF];
    for (let level = 0; level < shape.depth; level++) {
      const below = levels[level] as bigint[];
      const filler = empty[level] as bigint;
      const above: bigint[] = [];
      for (let i = 0; i < below.length; i += 2) {
        above.push(await poseidonHash([below[i] as bigint, below[i + 1] ?? filler]));
      }
      levels.push(above);
      empty.push(await poseidonHash([filler, filler]));
    }
    return new TrainingDataset(shape, batches, levels, empty);
  }

  /** Index of the batch that a step takes. */
  indexOf(step: number): number {
    return step % this.batches.length;
  }

  /** The batch that a step takes. */
  batchOf(step: number): TrainingBatch {
    return this.batches[this.indexOf(step)] as TrainingBatch;
  }

  /** Siblings on the way from the step's batch to the root, from the leaves up. */
  pathOf(step: number): bigint[] {
    let index = this.indexOf(step);
    return Array.from({ length: this.shape.depth }, (_, level) => {
      const sibling = this.#levels[level]?.[index ^ 1] ?? (this.#empty[level] as bigint);
      index >>= 1;
      return sibling;
    });
  }

  async terms(): Promise<RunTerms> {
    return {
      datasetRoot: this.root,
      hyperparameterHash: await hyperparameterHash(this.shape),
      batches: this.batches.length,
    };
  }
}

/** @throws ZkmlError TENSOR_VALUE unless `step` is an integer that the circuit takes. */
export function requireStep(step: number, batches: number): void {
  if (Number.isInteger(step) && step >= 0 && step < 2 ** 32 * batches) return;
  throw new ZkmlError("TENSOR_VALUE", `step ${step} is not from 0 to below 2^32 passes`, { step });
}

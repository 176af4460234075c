import { expect } from "chai";
import { digitBatches } from "../../models/digits/index.ts";
import { poseidonHash } from "../../src/circuit/poseidon.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { trainingArtifact, trainingIdentity, trainingSource } from "../../src/training/circuit.ts";
import { commitBatch, requireStep, TrainingDataset } from "../../src/training/commitments.ts";
import { initialParameters, type TrainingBatch, trainingStep } from "../../src/training/sgd.ts";
import { parameterCount, requireShape, type TrainingShape } from "../../src/training/shape.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { type Extreme, extremes, randomBatch, randomParameters, SMALL } from "./cases.ts";

const DIGITS: TrainingShape = {
  inputs: 64,
  hidden: 32,
  classes: 10,
  batch: 8,
  depth: 8,
  rateShift: 6,
};

/** Half the squared error of a batch in real numbers, without clamps: what a step descends. */
function realLoss(
  shape: TrainingShape,
  parameters: readonly number[],
  batch: TrainingBatch,
): number {
  const { inputs, hidden, classes } = shape;
  const scaled = (value: number | undefined) => (value ?? 0) / 2 ** 12;
  const split = hidden * (inputs + 1);
  let loss = 0;
  for (const [n, label] of batch.labels.entries()) {
    const activations = Array.from({ length: hidden }, (_, u) => {
      let sum = scaled(parameters[u * (inputs + 1) + inputs]);
      for (let i = 0; i < inputs; i++) {
        const pixel = (batch.pixels[n * inputs + i] as number) / 256;
        sum += pixel * scaled(parameters[u * (inputs + 1) + i]);
      }
      return Math.max(sum, 0);
    });
    for (let k = 0; k < classes; k++) {
      const row = split + k * (hidden + 1);
      let sum = scaled(parameters[row + hidden]);
      for (const [u, value] of activations.entries()) sum += value * scaled(parameters[row + u]);
      loss += ((k === label ? 1 : 0) - sum) ** 2 / 2;
    }
  }
  return loss;
}

describe("training step reference", () => {
  it("follows the gradient of the squared error in real numbers", () => {
    const shape = { ...SMALL, rateShift: 3 };
    const batch = randomBatch(shape, new SeededRandom(5));
    const parameters = initialParameters(shape, 5);
    const { parameters: next } = trainingStep(shape, parameters, batch);
    const [at, nudge] = [[...parameters], 64];
    let [product, moved, gradients] = [0, 0, 0];
    for (const [i, value] of parameters.entries()) {
      const loss = (delta: number) => realLoss(shape, at.with(i, value + delta), batch);
      const gradient = (loss(nudge) - loss(-nudge)) / (2 * nudge);
      const step = (next[i] as number) - value;
      product -= gradient * step;
      moved += step ** 2;
      gradients += gradient ** 2;
    }
    // Cosine of the angle between the step and the negative gradient.
    expect(product / Math.sqrt(moved * gradients)).to.be.greaterThan(0.99);
  });

  it("learns drawn digits", () => {
    const batches = digitBatches(DIGITS, 4, 1);
    let parameters = initialParameters(DIGITS, 1);
    for (let step = 0; step < 200; step++) {
      const batch = batches[step % batches.length] as TrainingBatch;
      parameters = trainingStep(DIGITS, parameters, batch).parameters;
    }
    const results = batches.map((batch) => trainingStep(DIGITS, parameters, batch));
    const mean = results.reduce((sum, { accuracy }) => sum + accuracy, 0) / results.length;
    expect(mean).to.be.greaterThan(0.9);
  });

  it("clamps parameters at the ends of int16", () => {
    const lastBias = parameterCount(SMALL) - 1;
    const atEnd = (wanted: string) => {
      const { parameters, batch } = extremes(SMALL).find(({ name }) => name === wanted) as Extreme;
      const { parameters: next } = trainingStep(SMALL, parameters, batch);
      return [next[lastBias - 1], next[lastBias]];
    };
    // Activations are 10, errors at their limit: 10 · 511 · 2 / 2^7 up, and the bias 64 · 511 · 2 / 2^7.
    expect(atEnd("weights pushed beyond the top")).to.deep.equal([32_767, -32_768 + 511]);
    expect(atEnd("weights pushed beyond the bottom")).to.deep.equal([-32_768, 32_767 - 512]);
  });

  it("refuses shapes, states and batches that do not fit", async () => {
    const good = randomBatch(SMALL, new SeededRandom(1));
    const state = randomParameters(SMALL, new SeededRandom(1), 9);
    await expectZkmlError(() => requireShape({ ...SMALL, inputs: 1 }), { code: "INVALID_SHAPE" });
    await expectZkmlError(() => requireShape({ ...SMALL, depth: 33 }), { code: "INVALID_SHAPE" });
    await expectZkmlError(() => requireShape({ ...SMALL, batch: 1.5 }), { code: "INVALID_SHAPE" });
    await expectZkmlError(() => requireShape({ ...SMALL, batch: 64, rateShift: 0 }), {
      code: "INVALID_SHAPE",
    });
    await expectZkmlError(() => trainingStep(SMALL, state.slice(1), good), {
      code: "TENSOR_SHAPE",
    });
    const short = { ...good, pixels: good.pixels.slice(1) };
    await expectZkmlError(() => trainingStep(SMALL, state, short), { code: "TENSOR_SHAPE" });
    const foreign = { ...good, labels: Uint8Array.of(0, 3) };
    await expectZkmlError(() => trainingStep(SMALL, state, foreign), { code: "TENSOR_VALUE" });
    await expectZkmlError(() => requireStep(-1, 4), { code: "TENSOR_VALUE" });
    await expectZkmlError(() => requireStep(2 ** 34, 4), { code: "TENSOR_VALUE" });
    requireStep(2 ** 34 - 1, 4);
  });
});

describe("training data set", () => {
  const batches = Array.from({ length: 3 }, (_, i) => randomBatch(SMALL, new SeededRandom(i)));

  it("has a path from the batch of every step to its root", async () => {
    const dataset = await TrainingDataset.commit(SMALL, batches);
    for (const step of [0, 1, 2, 3, 7]) {
      const batch = dataset.batchOf(step);
      expect(batch).to.equal(batches[step % 3]);
      let node = await commitBatch(SMALL, batch);
      for (const [level, sibling] of dataset.pathOf(step).entries()) {
        const right = Math.floor((step % 3) / 2 ** level) % 2 === 1;
        node = await poseidonHash(right ? [sibling, node] : [node, sibling]);
      }
      expect(node).to.equal(dataset.root);
    }
  });

  it("refuses no batches, and more than its tree holds", async () => {
    for (const count of [0, 5]) {
      const many = Array.from({ length: count }, () => batches[0] as TrainingBatch);
      const refused = await TrainingDataset.commit(SMALL, many).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(RangeError);
    }
  });

  it("draws digits only for shapes that they fit", () => {
    expect(() => digitBatches({ ...DIGITS, inputs: 60 }, 1, 1)).to.throw(
      RangeError,
      "not 60 and 10",
    );
    expect(() => digitBatches({ ...DIGITS, classes: 11 }, 1, 1)).to.throw(RangeError, "64 and 11");
    const [first, second] = [digitBatches(DIGITS, 2, 9), digitBatches(DIGITS, 2, 9)];
    expect(first).to.deep.equal(second);
  });
});

describe("training identity", () => {
  it("tells shapes apart", async () => {
    const other = { ...SMALL, rateShift: 6 };
    const [one, two] = [await trainingIdentity(SMALL), await trainingIdentity(other)];
    expect(one.digest).to.not.equal(two.digest);
    expect(one.programRoot).to.not.equal(two.programRoot);
    expect(JSON.parse(trainingArtifact(SMALL))).to.deep.equal({
      format: "lattice.training.v1",
      ...SMALL,
    });
    expect(trainingSource(SMALL)).to.include("TrainingStep(8, 4, 3, 2, 2, 5)");
  });
});

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { SeededRandom } from "../../src/ir/random.ts";
import { HELD_OUT_SEED } from "../digits/render.ts";
import { drawImages } from "./data.ts";
import { type FloatModel, writeFloatOnnx } from "./float-onnx.ts";
import type { Layer } from "./layer.ts";
import { formatReport } from "./report.ts";
import { roundParameters, withFewBits } from "./rounding.ts";
import { accuracyOf, type TrainingOptions, train } from "./train.ts";

export interface FloatModelPlan {
  readonly name: string;
  readonly seed: number;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly images: number;
  readonly heldOutImages: number;
  readonly training: TrainingOptions;
  readonly createLayers: (random: SeededRandom) => readonly Layer[];
}

/** Weights end as multiples of 2^-12: finer ones change no held-out answer. */
const WEIGHT_STEPS = 4096;
const REQUIRED_ACCURACY = 0.97;
/** Share of answers that weights of six bits may cost. */
const ALLOWED_LOSS = 0.01;

/**
 * Trains a network on drawn digits and writes `<name>.onnx` and `<name>.json` into `directory`.
 * The same plan gives the same bytes. Nothing is written when the network is not good enough.
 */
export async function makeFloatModel(plan: FloatModelPlan, directory: URL): Promise<void> {
  const started = performance.now();
  const log = (line: string) =>
    console.log(`${line} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  const random = new SeededRandom(plan.seed);
  const layers = plan.createLayers(random);
  const images = drawImages(plan.images);
  log(`drew ${plan.images} digits`);
  train(layers, images, plan.training, random, (epoch) => log(`epoch ${epoch}`));
  roundParameters(layers, WEIGHT_STEPS);

  const heldOut = drawImages(plan.heldOutImages, HELD_OUT_SEED);
  const accuracy = accuracyOf(layers, heldOut);
  const weightBits = Object.fromEntries(
    [6, 7].map((bits) => [bits, withFewBits(layers, bits, () => accuracyOf(layers, heldOut))]),
  );
  log(`held-out accuracy ${accuracy}, with weights of few bits ${JSON.stringify(weightBits)}`);
  if (
    accuracy < REQUIRED_ACCURACY ||
    Math.min(...Object.values(weightBits)) < accuracy - ALLOWED_LOSS
  ) {
    throw new Error("the network is not good enough; nothing was written");
  }

  const model: FloatModel = { ...plan, layers };
  const bytes = writeFloatOnnx(model);
  const report = {
    seed: plan.seed,
    input: { name: "image", elementType: "float32", shape: plan.inputShape },
    output: { name: "logits", elementType: "float32", shape: plan.outputShape },
    parameters: layers
      .flatMap(({ parameters }) => parameters)
      .reduce((n, p) => n + p.values.length, 0),
    training: { images: plan.images, ...plan.training },
    heldOut: { firstSeed: HELD_OUT_SEED, images: plan.heldOutImages, accuracy, weightBits },
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
  };
  await writeFile(new URL(`${plan.name}.onnx`, directory), bytes);
  await writeFile(new URL(`${plan.name}.json`, directory), formatReport(report));
  log(`wrote ${plan.name}.onnx, ${bytes.length} bytes, sha-256 ${report.sha256}`);
}

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { CLASSES, drawImages, type LabelledImages } from "../training/data.ts";
import { formatReport } from "../training/report.ts";
import type { TrainingOptions } from "../training/train.ts";
import { createMlp, trainMlp } from "./mlp.ts";
import { quantiseMlp } from "./quantise.ts";
import { DIGIT_PIXELS, HELD_OUT_SEED, renderDigit } from "./render.ts";

const SEED = 20260701;
const HIDDEN_UNITS = 48;
const TRAINING_IMAGES = 20_000;
const CALIBRATION_IMAGES = 500;
const HELD_OUT_IMAGES = 5_000;
const REQUIRED_ACCURACY = 0.95;
const TRAINING: TrainingOptions = {
  epochs: 12,
  batchSize: 32,
  learningRate: 0.05,
  momentum: 0.9,
  weightDecay: 0.0002,
};

function firstImages({ pixels, labels }: LabelledImages, count: number): LabelledImages {
  return { pixels: pixels.subarray(0, count * DIGIT_PIXELS), labels: labels.subarray(0, count) };
}

/** Share of held-out drawings whose largest integer logit is the digit drawn. */
function heldOutAccuracy(graph: IntegerGraph, count: number): number {
  let correct = 0;
  for (let i = 0; i < count; i++) {
    const { pixels, label } = renderDigit(i % CLASSES, HELD_OUT_SEED + i);
    const { output } = interpret(graph, createTensor("uint8", [1, DIGIT_PIXELS], pixels));
    if (output.data.indexOf(Math.max(...output.data)) === label) correct++;
  }
  return correct / count;
}

async function main(): Promise<void> {
  const started = performance.now();
  const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const images = drawImages(TRAINING_IMAGES);
  console.log(`drew ${TRAINING_IMAGES} digits (${elapsed()})`);

  const random = new SeededRandom(SEED);
  const mlp = createMlp(DIGIT_PIXELS, HIDDEN_UNITS, CLASSES, random);
  trainMlp(mlp, images, TRAINING, random);
  console.log(`trained ${DIGIT_PIXELS}-${HIDDEN_UNITS}-${CLASSES} (${elapsed()})`);

  const { graph, hiddenShift, logitScale } = quantiseMlp(
    mlp,
    firstImages(images, CALIBRATION_IMAGES),
  );
  const accuracy = heldOutAccuracy(graph, HELD_OUT_IMAGES);
  console.log(
    `integer model: ${(100 * accuracy).toFixed(2)} % of ${HELD_OUT_IMAGES} held-out drawings (${elapsed()})`,
  );
  if (accuracy < REQUIRED_ACCURACY) {
    throw new Error(`accuracy ${accuracy} is below ${REQUIRED_ACCURACY}; nothing was written`);
  }

  const model = writeOnnx(graph, { producer: "lattice-digits" });
  const report = {
    seed: SEED,
    layers: [DIGIT_PIXELS, HIDDEN_UNITS, CLASSES],
    input: { name: "image", elementType: "uint8", shape: [1, DIGIT_PIXELS] },
    output: { name: "logits", elementType: "int32", shape: [1, CLASSES] },
    hiddenShift,
    logitScale: Math.round(logitScale),
    training: { images: TRAINING_IMAGES, ...TRAINING },
    heldOut: { firstSeed: HELD_OUT_SEED, images: HELD_OUT_IMAGES, accuracy },
    sha256: createHash("sha256").update(model).digest("hex"),
    bytes: model.length,
  };
  await writeFile(new URL("digits.onnx", import.meta.url), model);
  await writeFile(new URL("digits.json", import.meta.url), formatReport(report));
  console.log(`wrote digits.onnx, ${model.length} bytes, sha-256 ${report.sha256}`);
}

await main();

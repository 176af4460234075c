import { DIGIT_PIXELS } from "../digits/render.ts";
import { CLASSES } from "../training/data.ts";
import { DenseLayer } from "../training/dense.ts";
import { makeFloatModel } from "../training/float-model.ts";
import { ReluLayer } from "../training/relu.ts";

const HIDDEN_UNITS = 56;

await makeFloatModel(
  {
    name: "mlp",
    seed: 20260703,
    inputShape: [1, DIGIT_PIXELS],
    outputShape: [1, CLASSES],
    images: 20_000,
    heldOutImages: 5_000,
    training: {
      epochs: 10,
      batchSize: 32,
      learningRate: 0.05,
      momentum: 0.9,
      weightDecay: 0.0005,
      clipRatio: 5,
    },
    createLayers: (random) => [
      new DenseLayer(DIGIT_PIXELS, HIDDEN_UNITS, random),
      new ReluLayer(),
      new DenseLayer(HIDDEN_UNITS, CLASSES, random),
    ],
  },
  new URL(".", import.meta.url),
);

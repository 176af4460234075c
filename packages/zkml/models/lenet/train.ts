import { DIGIT_SIZE } from "../digits/render.ts";
import { CLASSES } from "../training/data.ts";
import { makeFloatModel } from "../training/float-model.ts";
import { createLenet } from "./layers.ts";

await makeFloatModel(
  {
    name: "lenet",
    seed: 20260702,
    inputShape: [1, 1, DIGIT_SIZE, DIGIT_SIZE],
    outputShape: [1, CLASSES],
    images: 20_000,
    heldOutImages: 5_000,
    training: {
      epochs: 6,
      batchSize: 32,
      learningRate: 0.02,
      momentum: 0.9,
      weightDecay: 0.0005,
      clipRatio: 4,
    },
    createLayers: createLenet,
  },
  new URL(".", import.meta.url),
);

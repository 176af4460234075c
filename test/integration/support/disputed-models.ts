import { createTensor, importModel, loadModel, readNpy, writeOnnx } from "@lattice/zkml";
import { DIGIT_PIXELS, HELD_OUT_SEED, renderDigit } from "@lattice/zkml/models/digits";
import { LENET_MODEL_URL } from "@lattice/zkml/models/lenet";
import { convnetImage, createConvnet } from "../../../packages/zkml/models/convnet/index.ts";
import { drawSamples } from "../../../packages/zkml/models/training/samples.ts";
import { loadDigits } from "../../../scripts/start/model.ts";
import type { DisputedModel } from "./dispute-market.ts";

const pixels = (seed: number) => renderDigit(seed % 10, HELD_OUT_SEED + seed).pixels;

const digits: DisputedModel = {
  name: "the digit classifier",
  load: loadDigits,
  input: (_, seed) => createTensor("uint8", [1, DIGIT_PIXELS], pixels(seed)),
};

const lenet: DisputedModel = {
  name: "LeNet",
  load: async () => {
    const { images } = drawSamples({ count: 100, set: "calibration", flat: false });
    const calibration = readNpy(images);
    const { graph } = await importModel(LENET_MODEL_URL, { calibration, name: "lenet" });
    return await loadModel(writeOnnx(graph));
  },
  input: ({ graph }, seed) => {
    const [input] = graph.inputs;
    if (!input) throw new Error("the model has no input");
    const values = [...pixels(seed)].map((value) =>
      input.elementType === "int8" ? value >> 1 : value,
    );
    return createTensor(input.elementType, input.shape, values);
  },
};

const convnet: DisputedModel = {
  name: "the convolutional network",
  load: () => loadModel(writeOnnx(createConvnet())),
  input: (_, seed) => convnetImage(seed),
};

export const DISPUTED_MODELS = { digits, lenet, convnet } as const;

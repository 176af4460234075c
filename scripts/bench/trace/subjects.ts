import {
  createTensor,
  type IntegerGraph,
  type IntegerTensor,
  importModel,
  loadModel,
  quantiseInput,
} from "@lattice/zkml";
import { convnetImage, createConvnet } from "../../../packages/zkml/models/convnet/index.ts";
import {
  DIGIT_PIXELS,
  DIGITS_MODEL_URL,
  HELD_OUT_SEED,
  renderDigit,
} from "../../../packages/zkml/models/digits/index.ts";
import { LENET_MODEL_URL } from "../../../packages/zkml/models/lenet/index.ts";
import { MLP_MODEL_URL } from "../../../packages/zkml/models/mlp/index.ts";
import { drawImages } from "../../../packages/zkml/models/training/data.ts";

/** A model and an input that its makers did not look at. */
export interface BuiltModel {
  readonly graph: IntegerGraph;
  readonly input: IntegerTensor;
}

export interface Subject {
  readonly name: string;
  readonly what: string;
  /** Most that run and commitment together may take, in runs that keep the same tensors; none is set for models of microseconds. */
  readonly target?: number;
  build(): Promise<BuiltModel>;
}

const CALIBRATION_IMAGES = 300;
const IMAGE_SEED = 1001;

async function imported(url: URL, name: string, shape: readonly number[]): Promise<BuiltModel> {
  const { pixels, labels } = drawImages(CALIBRATION_IMAGES);
  const calibration = { shape: [CALIBRATION_IMAGES, ...shape.slice(1)], data: pixels };
  const { graph, input } = await importModel(url, { calibration, labels, name });
  const drawing = drawImages(1, HELD_OUT_SEED).pixels;
  return { graph, input: createTensor("uint8", shape, quantiseInput(drawing, input)) };
}

export const SUBJECTS: readonly Subject[] = [
  {
    name: "convnet",
    what: "six 3 × 3 convolutions of 96 to 1,024 channels on 32 × 32",
    target: 1.25,
    build: async () => ({ graph: createConvnet(), input: convnetImage(IMAGE_SEED) }),
  },
  {
    name: "lenet",
    what: "float LeNet, 28 × 28, imported",
    build: () => imported(LENET_MODEL_URL, "lenet", [1, 1, 28, 28]),
  },
  {
    name: "mlp",
    what: "float MLP 784-56-10, imported",
    build: () => imported(MLP_MODEL_URL, "mlp", [1, DIGIT_PIXELS]),
  },
  {
    name: "digits",
    what: "integer MLP 784-48-10",
    build: async () => ({
      graph: (await loadModel(DIGITS_MODEL_URL)).graph,
      input: createTensor("uint8", [1, DIGIT_PIXELS], renderDigit(3, HELD_OUT_SEED).pixels),
    }),
  },
];

import { createTensor, loadModel } from "@lattice/zkml";
import {
  DIGIT_PIXELS,
  DIGITS_MODEL_URL,
  HELD_OUT_SEED,
  renderDigit,
} from "../../../../packages/zkml/models/digits/index.ts";
import { modelSubject } from "../model-subject.ts";
import type { BuildContext, Subject } from "../subject.ts";

async function build(name: string, jobs: number, context: BuildContext) {
  const { graph } = await loadModel(DIGITS_MODEL_URL);
  const inputs = Array.from({ length: jobs }, (_, label) =>
    createTensor("uint8", [1, DIGIT_PIXELS], renderDigit(label, HELD_OUT_SEED).pixels),
  );
  return modelSubject({ name, graph, inputs }, context);
}

export const digits: Subject = {
  name: "digits",
  what: "integer MLP 784-48-10",
  build: (context) => build("digits", 1, context),
};

export const digitsX4: Subject = {
  name: "digits-x4",
  what: "four inferences of it in one proof",
  build: (context) => build("digits-x4", 4, context),
};

import { createTensor, importModel, quantiseInput } from "@lattice/zkml";
import { HELD_OUT_SEED } from "../../../packages/zkml/models/digits/index.ts";
import { drawImages } from "../../../packages/zkml/models/training/data.ts";
import { modelSubject } from "./model-subject.ts";
import type { BuildContext, BuiltSubject } from "./subject.ts";

const CALIBRATION_IMAGES = 300;

/** A float model as its owner would bring it: imported with drawings, then proven on another one. */
export async function importedSubject(
  { name, url, shape }: { name: string; url: URL; shape: readonly number[] },
  context: BuildContext,
): Promise<BuiltSubject> {
  context.onProgress("import: calibrating");
  const { pixels, labels } = drawImages(CALIBRATION_IMAGES);
  const calibration = { shape: [CALIBRATION_IMAGES, ...shape.slice(1)], data: pixels };
  const { graph, input } = await importModel(url, { calibration, labels, name });
  const drawing = drawImages(1, HELD_OUT_SEED).pixels;
  const tensor = createTensor("uint8", shape, quantiseInput(drawing, input));
  return modelSubject({ name, graph, inputs: [tensor] }, context);
}

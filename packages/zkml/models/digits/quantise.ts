import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import type { LabelledImages } from "../training/data.ts";
import type { DenseLayer } from "../training/dense.ts";
import type { Mlp } from "./mlp.ts";

/** Weights stay in [-63, 63], seven bits, so that 8-bit kernels cannot saturate. */
const LARGEST_WEIGHT = 63;
const LARGEST_PIXEL = 255;
const LARGEST_ACTIVATION = 255;
/** Share of hidden activations that may be clamped at 255. */
const CLAMPED_SHARE = 0.001;

interface IntegerLayer {
  readonly weights: Int32Array;
  readonly biases: Int32Array;
  /** Integer units per unit of the float layer's output. */
  readonly scale: number;
}

export interface QuantisedMlp {
  readonly graph: IntegerGraph;
  /** Hidden sums are divided by 2^hiddenShift. */
  readonly hiddenShift: number;
  /** Integer logit per unit of float logit. */
  readonly logitScale: number;
}

/**
 * Turns a trained network into an integer graph: `image` uint8 [1, inputs] → `logits` int32
 * [1, classes]. Between the layers sums are clipped at zero and above, divided by a power of two
 * and narrowed to uint8; `calibration` shows how large they get.
 */
export function quantiseMlp(mlp: Mlp, calibration: LabelledImages): QuantisedMlp {
  const hidden = quantiseLayer(mlp.hidden, LARGEST_PIXEL);
  const hiddenShift = chooseShift(mlp.hidden, hidden, calibration);
  const divisor = 2 ** hiddenShift;
  const output = quantiseLayer(mlp.output, hidden.scale / divisor);
  return { graph: assemble(mlp, hidden, output, divisor), hiddenShift, logitScale: output.scale };
}

function quantiseLayer({ weights, biases }: DenseLayer, inputScale: number): IntegerLayer {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const weightScale = LARGEST_WEIGHT / largest;
  const scale = weightScale * inputScale;
  return {
    weights: Int32Array.from(weights, (weight) => Math.round(weight * weightScale)),
    biases: Int32Array.from(biases, (bias) => Math.round(bias * scale)),
    scale,
  };
}

/** Smallest power of two that brings almost every calibration activation below 256. */
function chooseShift(
  { inputs, units }: DenseLayer,
  { weights, biases }: IntegerLayer,
  { pixels, labels }: LabelledImages,
): number {
  const sums = new Float64Array(labels.length * units);
  for (let image = 0; image < labels.length; image++) {
    for (let j = 0; j < units; j++) {
      let sum = biases[j] as number;
      for (let i = 0; i < inputs; i++) {
        const pixel = (pixels[image * inputs + i] as number) * LARGEST_PIXEL;
        sum += pixel * (weights[i * units + j] as number);
      }
      sums[image * units + j] = sum;
    }
  }
  sums.sort();
  const bound = sums[Math.floor((1 - CLAMPED_SHARE) * (sums.length - 1))] as number;
  let shift = 0;
  while (bound >= (LARGEST_ACTIVATION + 1) * 2 ** shift) shift++;
  return shift;
}

function assemble(
  { hidden, output }: Mlp,
  hiddenLayer: IntegerLayer,
  outputLayer: IntegerLayer,
  divisor: number,
): IntegerGraph {
  const builder = new GraphBuilder("digits");
  builder.addInput({ name: "image", elementType: "uint8", shape: [1, hidden.inputs] });
  addDense(builder, "hidden", "image", hidden, hiddenLayer);
  builder.addNode({
    op: "Clip",
    name: "hidden/clip",
    inputs: ["hidden/sum"],
    output: "hidden/clipped",
    min: 0,
    max: (LARGEST_ACTIVATION + 1) * divisor - 1,
  });
  builder.addConstant("hidden/divisor", createTensor("int32", [], [divisor]));
  builder.addNode({
    op: "Div",
    name: "hidden/scale",
    inputs: ["hidden/clipped", "hidden/divisor"],
    output: "hidden/scaled",
  });
  builder.addNode({
    op: "Cast",
    name: "hidden/narrow",
    inputs: ["hidden/scaled"],
    output: "hidden/activation",
    to: "uint8",
  });
  addDense(builder, "logits", "hidden/activation", output, outputLayer, "logits");
  return builder.finish(["logits"]);
}

function addDense(
  builder: GraphBuilder,
  name: string,
  input: string,
  { inputs, units }: DenseLayer,
  { weights, biases }: IntegerLayer,
  output = `${name}/sum`,
): void {
  const names = {
    weights: `${name}/weights`,
    biases: `${name}/biases`,
    product: `${name}/product`,
  };
  builder.addConstant(names.weights, createTensor("int8", [inputs, units], weights));
  builder.addNode({
    op: "MatMulInteger",
    name: `${name}/multiply`,
    inputs: [input, names.weights],
    output: names.product,
    aZeroPoint: 0,
    bZeroPoint: 0,
  });
  builder.addConstant(names.biases, createTensor("int32", [units], biases));
  builder.addNode({
    op: "Add",
    name: `${name}/add`,
    inputs: [names.product, names.biases],
    output,
  });
}

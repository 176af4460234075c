import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { randomTensor } from "./random-tensors.ts";

/** Convolution, requantisation, pooling and a dense layer on [1, 2, 9, 9] images. */
export function smallConvnet(random: SeededRandom): IntegerGraph {
  const builder = new GraphBuilder("convnet");
  builder.addInput({ name: "image", elementType: "uint8", shape: [1, 2, 9, 9] });
  builder.addConstant("filters", randomTensor(random, "int8", [4, 2, 3, 3], [-64, 63]));
  builder.addNode({
    op: "ConvInteger",
    name: "conv",
    inputs: ["image", "filters"],
    output: "sums",
    xZeroPoint: 0,
    wZeroPoint: 0,
    groups: 1,
    window: { kernel: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] },
  });
  builder.addConstant("bias", randomTensor(random, "int32", [4, 1, 1], [-5000, 5000]));
  builder.addNode({ op: "Add", name: "bias", inputs: ["sums", "bias"], output: "biased" });
  builder.addNode({
    op: "Clip",
    name: "relu",
    inputs: ["biased"],
    output: "clipped",
    min: 0,
    max: 2 ** 17 - 1,
  });
  builder.addConstant("divisor", createTensor("int32", [], [512]));
  builder.addNode({ op: "Div", name: "scale", inputs: ["clipped", "divisor"], output: "scaled" });
  builder.addNode({
    op: "Cast",
    name: "narrow",
    inputs: ["scaled"],
    output: "pixels",
    to: "uint8",
  });
  builder.addNode({
    op: "MaxPool",
    name: "pool",
    inputs: ["pixels"],
    output: "pooled",
    window: { kernel: [2, 2], strides: [2, 2], dilations: [1, 1], pads: [0, 0, 0, 0] },
  });
  builder.addNode({
    op: "Transpose",
    name: "turn",
    inputs: ["pooled"],
    output: "turned",
    permutation: [0, 2, 3, 1],
  });
  builder.addNode({
    op: "Reshape",
    name: "flatten",
    inputs: ["turned"],
    output: "flat",
    shape: [1, 36],
  });
  builder.addConstant("dense", randomTensor(random, "int8", [36, 5], [-64, 63]));
  builder.addNode({
    op: "MatMulInteger",
    name: "classify",
    inputs: ["flat", "dense"],
    output: "logits",
    aZeroPoint: 0,
    bZeroPoint: 0,
  });
  return builder.finish(["logits"]);
}

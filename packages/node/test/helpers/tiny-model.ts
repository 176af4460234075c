import { writeFile } from "node:fs/promises";
import { createTensor, GraphBuilder, type IntegerGraph, writeOnnx } from "@lattice/zkml";

/** A dense layer of 4 to 3 with bias, requantised to bytes. */
export function tinyGraph(): IntegerGraph {
  const builder = new GraphBuilder("tiny");
  builder.addInput({ name: "in", elementType: "uint8", shape: [1, 4] });
  const weights = [1, -2, 3, 4, 5, -6, 7, 8, 9, -10, 11, 12];
  builder.addConstant("weights", createTensor("int8", [4, 3], weights));
  builder.addNode({
    op: "MatMulInteger",
    name: "dense",
    inputs: ["in", "weights"],
    output: "sums",
    aZeroPoint: 0,
    bZeroPoint: 0,
  });
  builder.addConstant("bias", createTensor("int32", [3], [10, 20, 30]));
  builder.addNode({ op: "Add", name: "bias", inputs: ["sums", "bias"], output: "biased" });
  builder.addNode({
    op: "Clip",
    name: "relu",
    inputs: ["biased"],
    output: "positive",
    min: 0,
    max: 4095,
  });
  builder.addConstant("sixteen", createTensor("int32", [], [16]));
  builder.addNode({ op: "Div", name: "scale", inputs: ["positive", "sixteen"], output: "scaled" });
  builder.addNode({ op: "Cast", name: "narrow", inputs: ["scaled"], output: "out", to: "uint8" });
  return builder.finish(["out"]);
}

export async function writeTinyModel(file: string): Promise<void> {
  await writeFile(file, writeOnnx(tinyGraph()));
}

export const TINY_INPUT = [10, 20, 30, 40];

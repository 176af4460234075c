import { privateConstants } from "../../src/circuit/private/private-constants.ts";
import { buildGraph, GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph, ValueInfo, Window } from "../../src/ir/graph.ts";
import type { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type IntegerTensor } from "../../src/ir/tensor.ts";
import { reduce } from "../../src/keys/field.ts";
import { randomTensor } from "../helpers/random-tensors.ts";

/** The same architecture with other weights and biases, and other names. */
export function otherWeights(graph: IntegerGraph, random: SeededRandom): IntegerGraph {
  const renamed = (name: string) => `other ${name}`;
  const drawn = new Map(
    privateConstants(graph).map(({ name, role, tensor }): [string, IntegerTensor] => {
      const bound = role === "bias" ? 500 : 63;
      return [name, randomTensor(random, tensor.elementType, tensor.shape, [-bound, bound])];
    }),
  );
  return buildGraph({
    name: renamed(graph.name),
    inputs: graph.inputs.map((input) => ({ ...input, name: renamed(input.name) })),
    outputs: graph.outputs.map(({ name }) => renamed(name)),
    constants: new Map(
      [...graph.constants].map(([name, tensor]) => [renamed(name), drawn.get(name) ?? tensor]),
    ),
    nodes: graph.nodes.map((node) => ({
      ...node,
      name: renamed(node.name),
      output: renamed(node.output),
      inputs: node.inputs.map(renamed) as never,
    })),
  });
}

/** One linear node on a drawn input, its sums put out as they are. */
export function lone(
  random: SeededRandom,
  input: ValueInfo,
  weights: readonly number[],
  convolution?: { readonly window: Window; readonly groups: number; readonly zeroPoint: number },
): IntegerGraph {
  const builder = new GraphBuilder("lone");
  builder.addInput(input);
  builder.addConstant("w", randomTensor(random, "int8", weights, [-64, 63]));
  const inputs = [input.name, "w"] as const;
  if (convolution === undefined) {
    const zero = { aZeroPoint: 3, bZeroPoint: -2 };
    builder.addNode({ op: "MatMulInteger", name: "dense", inputs, output: "y", ...zero });
  } else {
    const { window, groups, zeroPoint } = convolution;
    const rest = { groups, window, xZeroPoint: zeroPoint, wZeroPoint: -1 };
    builder.addNode({ op: "ConvInteger", name: "conv", inputs, output: "y", ...rest });
  }
  return builder.finish(["y"]);
}

/** Elements of tensors as circuits take them. */
export function fieldElements(tensors: readonly IntegerTensor[]): bigint[] {
  return tensors.flatMap(({ data }) => Array.from(data, (value) => reduce(BigInt(value))));
}

/** A model whose bias is a divisor as well, which no architecture can hold. */
export function biasDivides(): IntegerGraph {
  const builder = new GraphBuilder("tied");
  builder.addInput({ name: "x", elementType: "uint8", shape: [1, 2] });
  builder.addConstant("w", createTensor("int8", [2, 1], [1, 2]));
  builder.addConstant("b", createTensor("int32", [1], [4]));
  const zero = { aZeroPoint: 0, bZeroPoint: 0 };
  builder.addNode({ op: "MatMulInteger", name: "d", inputs: ["x", "w"], output: "h", ...zero });
  builder.addNode({ op: "Add", name: "add", inputs: ["h", "b"], output: "s" });
  builder.addNode({ op: "Div", name: "div", inputs: ["s", "b"], output: "y" });
  return builder.finish(["y"]);
}

/** A convolution whose sums are cheaper claimed than multiplied out, with bias and requantisation. */
export function tinyConvnet(random: SeededRandom): IntegerGraph {
  const builder = new GraphBuilder("tiny convnet");
  builder.addInput({ name: "image", elementType: "uint8", shape: [1, 1, 8, 8] });
  builder.addConstant("filters", randomTensor(random, "int8", [4, 1, 3, 3], [-63, 63]));
  builder.addConstant("bias", randomTensor(random, "int32", [4, 1, 1], [-500, 500]));
  builder.addConstant("divisor", createTensor("int32", [], [128]));
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
  const last = 2 ** 15 - 1;
  builder.addNode({ op: "Add", name: "add", inputs: ["sums", "bias"], output: "biased" });
  const clip = { op: "Clip", name: "relu", min: 0, max: last } as const;
  builder.addNode({ ...clip, inputs: ["biased"], output: "clipped" });
  builder.addNode({ op: "Div", name: "scale", inputs: ["clipped", "divisor"], output: "y" });
  return builder.finish(["y"]);
}

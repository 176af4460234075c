import type { IntegerGraph } from "@lattice/zkml";
import { GraphBuilder } from "../../../packages/zkml/src/ir/builder.ts";
import type { Window } from "../../../packages/zkml/src/ir/graph.ts";
import type { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { randomTensor } from "../../../packages/zkml/test/helpers/random-tensors.ts";
import { singleInput } from "../../../packages/zkml/test/helpers/single-input.ts";

/** A row of so many bytes times 64 columns of int8. */
export function denseRow(random: SeededRandom, terms: number): IntegerGraph {
  return singleInput(
    random,
    "uint8",
    [1, terms],
    {
      op: "MatMulInteger",
      name: "dense",
      inputs: ["x", "w"],
      output: "y",
      aZeroPoint: 3,
      bZeroPoint: 0,
    },
    { w: randomTensor(random, "int8", [terms, 64], [-64, 63]) },
  );
}

export interface ConvShape {
  readonly channels: number;
  readonly groups?: number;
  /** Of the window, which is a square. */
  readonly size: number;
  /** Of the image, which is one too. */
  readonly extent: number;
}

/** A convolution to four filters, or to one for each group, padded by one. */
export function convolution(random: SeededRandom, shape: ConvShape): IntegerGraph {
  const { channels, groups = 1, size, extent } = shape;
  const window: Window = {
    kernel: [size, size],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [1, 1, 1, 1],
  };
  const filters = groups === 1 ? 4 : groups;
  const w = randomTensor(random, "int8", [filters, channels / groups, size, size], [-64, 63]);
  return singleInput(
    random,
    "uint8",
    [1, channels, extent, extent],
    {
      op: "ConvInteger",
      name: "conv",
      inputs: ["x", "w"],
      output: "y",
      xZeroPoint: 3,
      wZeroPoint: 0,
      groups,
      window,
    },
    { w },
  );
}

/** A sum of so many int32 that lie two apart. */
export function sumApart(terms: number): IntegerGraph {
  const builder = new GraphBuilder("sum");
  builder.addInput({ name: "x", elementType: "int32", shape: [1, terms, 2] });
  const limits = { min: -300_000, max: 300_000 };
  builder.addNode({ op: "Clip", name: "bound", inputs: ["x"], output: "a", ...limits });
  builder.addNode({
    op: "ReduceSum",
    name: "sum",
    inputs: ["a"],
    output: "y",
    axes: [1],
    keepDims: false,
  });
  return builder.finish(["y"]);
}

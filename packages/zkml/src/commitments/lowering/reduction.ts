import type { ConvIntegerNode, GraphNode, MaxPoolNode, ReduceSumNode } from "../../ir/graph.ts";
import { ELEMENT_BYTES, type ElementType, type Shape } from "../../ir/tensor.ts";
import { packedStrides } from "../packing.ts";
import { CHUNK_BYTES, type Layout } from "../tensor-root.ts";

/** What the rule below has to know of an operand. */
export interface PackedValue {
  readonly elementType: ElementType;
  readonly shape: Shape;
  readonly layout: Layout;
}

/**
 * A node that adds up terms, or takes their largest. Terms are numbered by the flattened reduction
 * index r: k of a matrix product; (ky·KW + kx)·Cg + c of a convolution, c inside the group;
 * row-major over the reduced axes of a sum; ky·KW + kx of a pooling window.
 */
export interface Reduction {
  readonly terms: number;
  /** Terms of one kernel row, 1 where there is none: what splits best keep together. */
  readonly unit: number;
  /** Terms that a referee gathers in one go, at worst: a kernel row, the channels of one tap that lie apart, a line
   *  along the last reduced axis. */
  readonly run: number;
  readonly operands: readonly ReducedOperand[];
}

interface ReducedOperand {
  /** Elements of one chunk. */
  readonly perChunk: number;
  /** Where term r lies in packed order, from where term 0 lies: the same for every output element. */
  readonly offset: (r: number) => number;
}

/** The reduction of a node; undefined for one whose output elements need no more than two elements. */
export function reductionOf(
  node: GraphNode,
  operands: readonly PackedValue[],
): Reduction | undefined {
  const [a, b] = operands as [PackedValue, PackedValue];
  const strides = operands.map(({ shape, layout }) => packedStrides(shape, layout));
  const [left, right] = strides as [number[], number[]];
  switch (node.op) {
    case "MatMulInteger": {
      const [inA, inB] = [left.at(-1) as number, right.at(-2) as number];
      const offsets = [(r: number) => r * inA, (r: number) => r * inB];
      return reduction(a.shape.at(-1) as number, 1, [a, b], offsets);
    }
    case "ConvInteger":
      return convolution(node, [a, b], [left, right]);
    case "MaxPool":
      return pooling(node, a, left);
    case "ReduceSum":
      return sum(node, a, left);
    default:
      return undefined;
  }
}

function reduction(
  terms: number,
  unit: number,
  operands: readonly PackedValue[],
  offsets: readonly ((r: number) => number)[],
  run = terms,
): Reduction {
  return {
    terms,
    unit,
    run,
    operands: operands.map(({ elementType }, i) => ({
      perChunk: CHUNK_BYTES / ELEMENT_BYTES[elementType],
      offset: offsets[i] as (r: number) => number,
    })),
  };
}

function convolution(
  { window }: ConvIntegerNode,
  operands: readonly [PackedValue, PackedValue],
  [x, w]: readonly [number[], number[]],
): Reduction {
  const [, perGroup, height, width] = operands[1].shape as [number, number, number, number];
  const along = (strides: number[], rows: number, columns: number) => (r: number) => {
    const [c, tap] = [r % perGroup, Math.floor(r / perGroup)];
    const [ky, kx] = [Math.floor(tap / width), tap % width];
    const [, channel, row, column] = strides as [number, number, number, number];
    return c * channel + ky * rows * row + kx * columns * column;
  };
  const offsets = [along(x, ...window.dilations), along(w, 1, 1)];
  const row = width * perGroup;
  const apart = perGroup > 1 && (x[1] !== 1 || w[1] !== 1);
  return reduction(height * row, row, operands, offsets, apart ? perGroup : row);
}

function pooling({ window }: MaxPoolNode, x: PackedValue, strides: number[]): Reduction {
  const [height, width] = window.kernel;
  const [, , row, column] = strides as [number, number, number, number];
  const offset = (r: number) => Math.floor(r / width) * row + (r % width) * column;
  return reduction(height * width, width, [x], [offset], width);
}

function sum({ axes }: ReduceSumNode, x: PackedValue, strides: number[]): Reduction {
  const dimensions = axes.map((axis) => x.shape[axis] as number);
  const offset = (r: number) => {
    let [rest, position] = [r, 0];
    for (let i = axes.length - 1; i >= 0; i--) {
      const dimension = dimensions[i] as number;
      position += (rest % dimension) * (strides[axes[i] as number] as number);
      rest = Math.floor(rest / dimension);
    }
    return position;
  };
  const terms = dimensions.reduce((count, dimension) => count * dimension, 1);
  return reduction(terms, 1, [x], [offset], dimensions.at(-1) ?? 1);
}

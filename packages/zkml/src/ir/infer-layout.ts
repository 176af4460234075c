import { ZkmlError } from "../errors/zkml-error.ts";
import type {
  ArgMaxNode,
  ConcatNode,
  LookupNode,
  ReduceSumNode,
  ReshapeNode,
  TransposeNode,
  ValueInfo,
} from "./graph.ts";
import { expectType, shapeError, show } from "./node-checks.ts";
import { elementCount, type Shape } from "./tensor.ts";

export type TypeAndShape = Omit<ValueInfo, "name">;

/** Bounds the monomials of a table's circuit and what one table adds to a model. */
const MAX_TABLE_ENTRIES = 2 ** 16;
/** A program commitment counts operands in one byte. */
const MAX_OPERANDS = 255;

// Each throws ZkmlError naming the node: TENSOR_TYPE, INVALID_SHAPE or UNSUPPORTED_ATTRIBUTE.

export function inferReshape(node: ReshapeNode, { elementType, shape }: ValueInfo): TypeAndShape {
  if (elementCount(node.shape, `node "${node.name}"`) !== elementCount(shape)) {
    throw shapeError(node, `cannot reshape ${show(shape)} to ${show(node.shape)}`);
  }
  return { elementType, shape: node.shape };
}

export function inferTranspose(node: TransposeNode, x: ValueInfo): TypeAndShape {
  const { permutation } = node;
  const sorted = [...permutation].sort((p, q) => p - q);
  if (permutation.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
    throw shapeError(
      node,
      `permutation ${show(permutation)} does not reorder the axes of ${show(x.shape)}`,
    );
  }
  const shape = permutation.map((axis) => x.shape[axis] as number);
  return { elementType: x.elementType, shape };
}

export function inferConcat(node: ConcatNode, operands: readonly ValueInfo[]): TypeAndShape {
  const [first, ...others] = operands;
  if (first === undefined || operands.length > MAX_OPERANDS) {
    throw new ZkmlError(
      "UNSUPPORTED_ATTRIBUTE",
      `node "${node.name}" (Concat) joins ${operands.length} operands; 1 to ${MAX_OPERANDS} are supported, so join them in steps`,
      { node: node.name, operator: "Concat" },
    );
  }
  const { axis } = node;
  expectAxis(node, axis, first.shape);
  for (const other of others) {
    expectType(node, other, [first.elementType]);
    const rest = other.shape.every((d, i) => i === axis || d === first.shape[i]);
    if (other.shape.length !== first.shape.length || !rest) {
      throw shapeError(
        node,
        `cannot join ${show(first.shape)} and ${show(other.shape)} along axis ${axis}; every other dimension must be equal`,
      );
    }
  }
  const joined = operands.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
  return { elementType: first.elementType, shape: first.shape.with(axis, joined) };
}

export function inferLookup(node: LookupNode, index: ValueInfo, table: ValueInfo): TypeAndShape {
  expectType(node, index, ["int32"]);
  const [entries] = table.shape;
  if (table.shape.length !== 1 || !((entries as number) <= MAX_TABLE_ENTRIES)) {
    throw shapeError(
      node,
      `a table is a list of at most ${MAX_TABLE_ENTRIES} entries; "${table.name}" has shape ${show(table.shape)}`,
    );
  }
  return { elementType: table.elementType, shape: index.shape };
}

export function inferReduceSum(node: ReduceSumNode, x: ValueInfo): TypeAndShape {
  expectType(node, x, ["int32"]);
  const { axes } = node;
  for (const axis of axes) expectAxis(node, axis, x.shape);
  if (axes.length === 0 || axes.some((axis, i) => i > 0 && axis <= (axes[i - 1] as number))) {
    throw shapeError(node, `axes ${show(axes)} must be ascending, without repetition, not empty`);
  }
  return { elementType: "int32", shape: reduced(x.shape, axes, node.keepDims) };
}

export function inferArgMax(node: ArgMaxNode, x: ValueInfo): TypeAndShape {
  expectAxis(node, node.axis, x.shape);
  return { elementType: "int32", shape: reduced(x.shape, [node.axis], node.keepDims) };
}

function reduced(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
  return shape.filter((_, axis) => !axes.includes(axis));
}

function expectAxis(node: ConcatNode | ReduceSumNode | ArgMaxNode, axis: number, shape: Shape) {
  if (Number.isInteger(axis) && axis >= 0 && axis < shape.length) return;
  throw shapeError(node, `axis ${axis} is none of the axes of ${show(shape)}`);
}

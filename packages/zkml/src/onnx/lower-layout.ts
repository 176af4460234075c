import type { ArgMaxNode, GraphNode } from "../ir/graph.ts";
import { elementCount, MAX_RANK } from "../ir/tensor.ts";
import type { NodeReader } from "./operands.ts";

// Operators that move, join, select, sum or point at elements.

export function unary(node: NodeReader) {
  return { name: node.name, inputs: [node.input(0)] as const, output: node.output() };
}

export function lowerFlatten(node: NodeReader): GraphNode {
  node.expectInputs(1);
  const { shape } = node.info(0);
  const given = node.attributeInt("axis", 1);
  const axis = given < 0 ? given + shape.length : given;
  if (!(axis >= 0 && axis <= shape.length)) throw node.unsupported(`axis ${given} is out of range`);
  const flat = [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))];
  return { op: "Reshape", ...unary(node), shape: flat };
}

export function lowerReshape(node: NodeReader): GraphNode {
  node.expectInputs(2);
  const source = node.info(0).shape;
  if (node.attributeInt("allowzero", 0) !== 0) throw node.unsupported("allowzero must be 0");
  const shape = node
    .int64List(1)
    .map((dimension, axis) => (dimension === 0 ? (source[axis] ?? 0) : dimension));
  const inferred = shape.indexOf(-1);
  if (inferred >= 0 && shape.length <= MAX_RANK) {
    const rest = elementCount(shape.toSpliced(inferred, 1), `node "${node.name}"`);
    shape[inferred] = elementCount(source) / rest;
  }
  return { op: "Reshape", ...unary(node), shape };
}

export function lowerIdentity(node: NodeReader): GraphNode {
  node.expectInputs(1);
  return { op: "Reshape", ...unary(node), shape: node.info(0).shape };
}

export function lowerSqueeze(node: NodeReader): GraphNode {
  node.expectInputs(2);
  const { shape } = node.info(0);
  const given = node.optionalInt64List(1);
  const axes = given === undefined ? undefined : normalised(node, given, shape.length);
  const dropped = (axis: number) => (axes === undefined ? shape[axis] === 1 : axes.includes(axis));
  const wide = axes?.find((axis) => shape[axis] !== 1);
  if (wide !== undefined) {
    throw node.unsupported(`axis ${wide} has ${shape[wide]} elements; only axes of one disappear`);
  }
  return { op: "Reshape", ...unary(node), shape: shape.filter((_, axis) => !dropped(axis)) };
}

export function lowerUnsqueeze(node: NodeReader): GraphNode {
  node.expectInputs(2);
  const { shape } = node.info(0);
  const given = node.int64List(1);
  const axes = normalised(node, given, shape.length + given.length);
  const rest = [...shape];
  const target = Array.from({ length: shape.length + axes.length }, (_, axis) =>
    axes.includes(axis) ? 1 : (rest.shift() as number),
  );
  return { op: "Reshape", ...unary(node), shape: target };
}

export function lowerTranspose(node: NodeReader): GraphNode {
  node.expectInputs(1);
  const reversed = node
    .info(0)
    .shape.map((_, axis) => axis)
    .reverse();
  return { op: "Transpose", ...unary(node), permutation: node.attributeInts("perm") ?? reversed };
}

export function lowerConcat(node: NodeReader): GraphNode {
  const [axis] = normalised(node, [node.attributeInt("axis")], node.info(0).shape.length);
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.input(index));
  return { op: "Concat", name: node.name, inputs, output: node.output(), axis: axis as number };
}

/** A table along the only axis of a constant. */
export function lowerGather(node: NodeReader): GraphNode {
  node.expectInputs(2);
  normalised(node, [node.attributeInt("axis", 0)], node.info(0).shape.length);
  const inputs = [node.input(1), node.input(0)] as const;
  return { op: "Lookup", name: node.name, inputs, output: node.output() };
}

/** Without axes it sums over all of them, or over none when told so. */
export function lowerReduceSum(node: NodeReader): GraphNode {
  node.expectInputs(2);
  const { shape } = node.info(0);
  const given = normalised(node, node.optionalInt64List(1) ?? [], shape.length);
  const none = node.attributeInt("noop_with_empty_axes", 0) !== 0;
  const keepDims = node.attributeInt("keepdims", 1) !== 0;
  const axes = given.length > 0 ? given : shape.map((_, axis) => axis);
  if (axes.length === 0 || (none && given.length === 0)) {
    return { op: "Reshape", ...unary(node), shape };
  }
  return { op: "ReduceSum", ...unary(node), axes, keepDims };
}

/** Its own output is int64; `PendingIndices` pairs it with the Cast to int32 that has to follow. */
export function lowerArgMax(node: NodeReader): ArgMaxNode {
  node.expectInputs(1);
  const [axis] = normalised(node, [node.attributeInt("axis", 0)], node.info(0).shape.length);
  if (node.attributeInt("select_last_index", 0) !== 0) {
    throw node.unsupported("select_last_index must be 0; only the first of equals is supported");
  }
  const keepDims = node.attributeInt("keepdims", 1) !== 0;
  return { op: "ArgMax", ...unary(node), axis: axis as number, keepDims };
}

/** Axes counted from the front, ascending. */
function normalised(node: NodeReader, axes: readonly number[], rank: number): number[] {
  const counted = axes.map((axis) => {
    if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
    throw node.unsupported(`axis ${axis} is out of range for rank ${rank}`);
  });
  if (new Set(counted).size < counted.length) throw node.unsupported("an axis is given twice");
  return counted.sort((a, b) => a - b);
}

import { ZkmlError } from "../errors/zkml-error.ts";
import type {
  ArithmeticNode,
  ClipNode,
  ConvIntegerNode,
  DivNode,
  GraphNode,
  MatMulIntegerNode,
  MaxPoolNode,
  ValueInfo,
} from "./graph.ts";
import {
  inferArgMax,
  inferConcat,
  inferLookup,
  inferReduceSum,
  inferReshape,
  inferTranspose,
  type TypeAndShape,
} from "./infer-layout.ts";
import { expectInRange, expectType, shapeError, show } from "./node-checks.ts";
import { broadcastShapes, windowOutput } from "./shapes.ts";
import { elementCount, type Shape } from "./tensor.ts";

type Lookup = (name: string) => ValueInfo;

/**
 * Type and shape of a node's output, checking its operands against the operator's rules.
 * @throws ZkmlError TENSOR_TYPE, INVALID_SHAPE, UNSUPPORTED_ATTRIBUTE, MODEL_TOO_LARGE, each
 * naming the node.
 */
export function inferOutput(node: GraphNode, lookup: Lookup): ValueInfo {
  const result = infer(node, lookup);
  elementCount(result.shape, `output of node "${node.name}"`);
  return { name: node.output, ...result };
}

function infer(node: GraphNode, lookup: Lookup): TypeAndShape {
  switch (node.op) {
    case "MatMulInteger":
      return inferMatMul(node, lookup);
    case "ConvInteger":
      return inferConv(node, lookup);
    case "Add":
    case "Sub":
    case "Mul":
    case "Max":
    case "Min":
    case "Div":
      return inferArithmetic(node, lookup);
    case "Clip":
      return inferClip(node, lookup(node.inputs[0]));
    case "Cast":
      return { elementType: node.to, shape: lookup(node.inputs[0]).shape };
    case "Reshape":
      return inferReshape(node, lookup(node.inputs[0]));
    case "Transpose":
      return inferTranspose(node, lookup(node.inputs[0]));
    case "MaxPool":
      return inferMaxPool(node, lookup(node.inputs[0]));
    case "Concat":
      return inferConcat(node, node.inputs.map(lookup));
    case "Lookup":
      return inferLookup(node, lookup(node.inputs[0]), lookup(node.inputs[1]));
    case "ReduceSum":
      return inferReduceSum(node, lookup(node.inputs[0]));
    case "ArgMax":
      return inferArgMax(node, lookup(node.inputs[0]));
  }
}

function inferMatMul(node: MatMulIntegerNode, lookup: Lookup): TypeAndShape {
  const [a, b] = [lookup(node.inputs[0]), lookup(node.inputs[1])];
  expectType(node, a, ["uint8"]);
  expectType(node, b, ["uint8", "int8"]);
  expectInRange(node, "aZeroPoint", node.aZeroPoint, a.elementType);
  expectInRange(node, "bZeroPoint", node.bZeroPoint, b.elementType);
  const [rows, inner] = a.shape.slice(-2);
  const [innerB, columns] = b.shape.slice(-2);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (rows === undefined || inner === undefined || columns === undefined || inner !== innerB) {
    throw shapeError(
      node,
      `cannot multiply ${show(a.shape)} by ${show(b.shape)}; both need rank 2 or more and equal inner dimensions`,
    );
  }
  if (batch === undefined) {
    throw shapeError(node, `leading dimensions of ${show(a.shape)} and ${show(b.shape)} differ`);
  }
  return { elementType: "int32", shape: [...batch, rows, columns] };
}

function inferConv(node: ConvIntegerNode, lookup: Lookup): TypeAndShape {
  const [x, w] = [lookup(node.inputs[0]), lookup(node.inputs[1])];
  expectType(node, x, ["uint8"]);
  expectType(node, w, ["uint8", "int8"]);
  expectInRange(node, "xZeroPoint", node.xZeroPoint, x.elementType);
  expectInRange(node, "wZeroPoint", node.wZeroPoint, w.elementType);
  const [n, c, height, width] = imageDimensions(node, x.shape);
  const [m, perGroup, kernelHeight, kernelWidth] = imageDimensions(node, w.shape);
  const { groups, window } = node;
  if (!Number.isInteger(groups) || groups < 1 || c !== perGroup * groups || m % groups !== 0) {
    throw shapeError(
      node,
      `${groups} groups do not fit input ${show(x.shape)} and weights ${show(w.shape)}`,
    );
  }
  if (window.kernel[0] !== kernelHeight || window.kernel[1] !== kernelWidth) {
    throw shapeError(node, `kernel ${show(window.kernel)} differs from weights ${show(w.shape)}`);
  }
  return { elementType: "int32", shape: [n, m, ...windowOutput(window, height, width, node.name)] };
}

function inferArithmetic(node: ArithmeticNode | DivNode, lookup: Lookup): TypeAndShape {
  const [a, b] = [lookup(node.inputs[0]), lookup(node.inputs[1])];
  expectType(node, a, ["int32"]);
  expectType(node, b, ["int32"]);
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined) {
    throw shapeError(node, `shapes ${show(a.shape)} and ${show(b.shape)} do not broadcast`);
  }
  return { elementType: "int32", shape };
}

function inferClip(node: ClipNode, x: ValueInfo): TypeAndShape {
  expectInRange(node, "min", node.min, x.elementType);
  expectInRange(node, "max", node.max, x.elementType);
  if (node.min > node.max) {
    throw new ZkmlError(
      "UNSUPPORTED_ATTRIBUTE",
      `node "${node.name}" (Clip): min ${node.min} is above max ${node.max}; swap the bounds`,
      { node: node.name, min: node.min, max: node.max },
    );
  }
  return { elementType: x.elementType, shape: x.shape };
}

function inferMaxPool(node: MaxPoolNode, x: ValueInfo): TypeAndShape {
  expectType(node, x, ["uint8", "int8"]);
  const [n, c, height, width] = imageDimensions(node, x.shape);
  const { kernel, dilations, pads } = node.window;
  // Keeps at least one real element in every window, so padding never decides a maximum.
  const tooWide = pads.some((pad, i) => pad >= kernel[(i % 2) as 0 | 1]);
  if (tooWide || dilations.some((dilation) => dilation !== 1)) {
    throw new ZkmlError(
      "UNSUPPORTED_ATTRIBUTE",
      `node "${node.name}" (MaxPool): pads ${show(pads)} must be smaller than kernel ${show(kernel)} and dilations must be 1`,
      { node: node.name, pads, kernel, dilations },
    );
  }
  const shape = [n, c, ...windowOutput(node.window, height, width, node.name)];
  return { elementType: x.elementType, shape };
}

function imageDimensions(node: GraphNode, shape: Shape): readonly [number, number, number, number] {
  const [n, c, height, width] = shape;
  if (shape.length !== 4 || n === undefined || c === undefined) {
    throw shapeError(node, `needs two-dimensional images of rank 4, got shape ${show(shape)}`);
  }
  return [n, c, height as number, width as number];
}

import { ZkmlError } from "../errors/zkml-error.ts";
import type {
  ArithmeticNode,
  ClipNode,
  ConvIntegerNode,
  DivNode,
  GraphNode,
  MatMulIntegerNode,
  MaxPoolNode,
  TransposeNode,
  ValueInfo,
} from "./graph.ts";
import { broadcastShapes, windowOutput } from "./shapes.ts";
import { ELEMENT_RANGES, type ElementType, elementCount, type Shape } from "./tensor.ts";

type Lookup = (name: string) => ValueInfo;
type TypeAndShape = Omit<ValueInfo, "name">;

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
    case "Reshape": {
      const { elementType, shape } = lookup(node.inputs[0]);
      if (elementCount(node.shape, `node "${node.name}"`) !== elementCount(shape)) {
        throw shapeError(node, `cannot reshape ${show(shape)} to ${show(node.shape)}`);
      }
      return { elementType, shape: node.shape };
    }
    case "Transpose":
      return inferTranspose(node, lookup(node.inputs[0]));
    case "MaxPool":
      return inferMaxPool(node, lookup(node.inputs[0]));
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

function inferTranspose(node: TransposeNode, x: ValueInfo): TypeAndShape {
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

function expectType(node: GraphNode, value: ValueInfo, allowed: readonly ElementType[]): void {
  if (allowed.includes(value.elementType)) return;
  throw new ZkmlError(
    "TENSOR_TYPE",
    `node "${node.name}" (${node.op}): input "${value.name}" is ${value.elementType}; expected ${allowed.join(" or ")}`,
    { node: node.name, operator: node.op, input: value.name, actual: value.elementType },
  );
}

function expectInRange(
  node: GraphNode,
  parameter: string,
  value: number,
  elementType: ElementType,
): void {
  const { min, max } = ELEMENT_RANGES[elementType];
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new ZkmlError(
    "TENSOR_VALUE",
    `node "${node.name}" (${node.op}): ${parameter} ${value} is not an integer in [${min}, ${max}] (${elementType})`,
    { node: node.name, operator: node.op, parameter, value: String(value) },
  );
}

function shapeError(node: GraphNode, problem: string): ZkmlError {
  return new ZkmlError("INVALID_SHAPE", `node "${node.name}" (${node.op}): ${problem}`, {
    node: node.name,
    operator: node.op,
  });
}

function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

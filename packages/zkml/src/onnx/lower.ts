import type { GraphNode, Window } from "../ir/graph.ts";
import { ELEMENT_RANGES, type ElementType } from "../ir/tensor.ts";
import {
  lowerArgMax,
  lowerConcat,
  lowerFlatten,
  lowerGather,
  lowerIdentity,
  lowerReduceSum,
  lowerReshape,
  lowerSqueeze,
  lowerTranspose,
  lowerUnsqueeze,
  unary,
} from "./lower-layout.ts";
import type { NodeReader } from "./operands.ts";
import { elementTypeFromOnnx } from "./tensors.ts";

type Lowering = (node: NodeReader, opset: number) => GraphNode;

/** How each supported ONNX operator becomes a node of the integer graph. */
export const LOWERINGS: ReadonlyMap<string, Lowering> = new Map<string, Lowering>([
  ["MatMulInteger", lowerMatMul],
  ["ConvInteger", lowerConv],
  ["Add", (node) => ({ op: "Add", ...binary(node) })],
  ["Sub", (node) => ({ op: "Sub", ...binary(node) })],
  ["Mul", (node) => ({ op: "Mul", ...binary(node) })],
  ["Div", (node) => ({ op: "Div", ...binary(node) })],
  ["Max", (node) => ({ op: "Max", ...binary(node) })],
  ["Min", (node) => ({ op: "Min", ...binary(node) })],
  ["Clip", lowerClip],
  ["Relu", lowerRelu],
  ["Cast", lowerCast],
  ["MaxPool", lowerMaxPool],
  ["ReduceSum", lowerReduceSum],
  ["ArgMax", lowerArgMax],
  ["Gather", lowerGather],
  ["Concat", lowerConcat],
  ["Flatten", lowerFlatten],
  ["Identity", lowerIdentity],
  ["Reshape", lowerReshape],
  ["Squeeze", lowerSqueeze],
  ["Transpose", lowerTranspose],
  ["Unsqueeze", lowerUnsqueeze],
]);

function binary(node: NodeReader) {
  node.expectInputs(2);
  const inputs = [node.input(0), node.input(1)] as const;
  return { name: node.name, inputs, output: node.output() };
}

/** Zero points of the two operands, given as optional third and fourth inputs. */
function zeroPoints(node: NodeReader): readonly [number, number] {
  node.expectInputs(4);
  return [node.scalar(2, node.info(0).elementType, 0), node.scalar(3, node.info(1).elementType, 0)];
}

function lowerMatMul(node: NodeReader): GraphNode {
  const [aZeroPoint, bZeroPoint] = zeroPoints(node);
  const inputs = [node.input(0), node.input(1)] as const;
  return {
    op: "MatMulInteger",
    name: node.name,
    inputs,
    output: node.output(),
    aZeroPoint,
    bZeroPoint,
  };
}

function lowerConv(node: NodeReader): GraphNode {
  const [xZeroPoint, wZeroPoint] = zeroPoints(node);
  const weights = node.info(1);
  const kernel = node.attributeInts("kernel_shape") ?? weights.shape.slice(2);
  return {
    op: "ConvInteger",
    name: node.name,
    inputs: [node.input(0), node.input(1)],
    output: node.output(),
    xZeroPoint,
    wZeroPoint,
    groups: node.attributeInt("group", 1),
    window: lowerWindow(node, kernel),
  };
}

function lowerMaxPool(node: NodeReader): GraphNode {
  node.expectInputs(1);
  const kernel = node.attributeInts("kernel_shape");
  if (kernel === undefined) throw node.unsupported("attribute kernel_shape is missing");
  if (node.attributeInt("ceil_mode", 0) !== 0) throw node.unsupported("ceil_mode must be 0");
  // storage_order only affects the indices output, which is refused.
  node.attributeInt("storage_order", 0);
  return { op: "MaxPool", ...unary(node), window: lowerWindow(node, kernel) };
}

function lowerWindow(node: NodeReader, kernel: readonly number[]): Window {
  const padding = node.attributeString("auto_pad", "NOTSET");
  const pads = node.attributeInts("pads") ?? [0, 0, 0, 0];
  if (padding !== "NOTSET" && padding !== "VALID") {
    throw node.unsupported(`auto_pad ${padding} is not supported; write the pads out`);
  }
  const strides = node.attributeInts("strides") ?? [1, 1];
  const dilations = node.attributeInts("dilations") ?? [1, 1];
  if ([kernel, strides, dilations].some((list) => list.length !== 2) || pads.length !== 4) {
    throw node.unsupported("only two-dimensional windows are supported");
  }
  return {
    kernel: kernel as unknown as Window["kernel"],
    strides: strides as unknown as Window["strides"],
    dilations: dilations as unknown as Window["dilations"],
    pads: (padding === "VALID" ? [0, 0, 0, 0] : pads) as unknown as Window["pads"],
  };
}

function lowerClip(node: NodeReader): GraphNode {
  node.expectInputs(3);
  const { elementType } = node.info(0);
  const { min, max } = ELEMENT_RANGES[elementType];
  return {
    op: "Clip",
    ...unary(node),
    min: node.scalar(1, elementType, Number(min)),
    max: node.scalar(2, elementType, Number(max)),
  };
}

function lowerRelu(node: NodeReader, opset: number): GraphNode {
  node.expectInputs(1);
  const { elementType } = node.info(0);
  if (opset < 14 || elementType === "uint8") {
    throw node.unsupported(
      `Relu of ${elementType} needs opset 14 and a signed type; use Max with a zero constant`,
    );
  }
  return { op: "Clip", ...unary(node), min: 0, max: Number(ELEMENT_RANGES[elementType].max) };
}

function lowerCast(node: NodeReader): GraphNode {
  node.expectInputs(1);
  const to: ElementType = elementTypeFromOnnx(
    node.attributeInt("to"),
    `the result of node "${node.name}" (Cast)`,
  );
  // Only affects conversions to float8, so reading it is enough.
  node.attributeInt("saturate", 1);
  return { op: "Cast", ...unary(node), to };
}

import type { Window } from "../../ir/graph.ts";
import { windowOutput } from "../../ir/shapes.ts";
import type { Shape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import type { FloatContext } from "./float-context.ts";
import { integerList, normalised } from "./layout-shapes.ts";
import { readWindow, withCeilMode } from "./read-windows.ts";
import type { FloatReader } from "./readers.ts";

export const POOLING_READERS: readonly (readonly [string, FloatReader])[] = [
  ["MaxPool", readMaxPool],
  ["AveragePool", readAveragePool],
  ["GlobalAveragePool", (node, context) => readGlobal(node, context, "average")],
  ["GlobalMaxPool", (node, context) => readGlobal(node, context, "maxPool")],
  ["ReduceMean", readReduceMean],
  ["ArgMax", readArgMax],
];

function readMaxPool(node: NodeReader, context: FloatContext): void {
  node.expectInputs(1);
  const input = node.input(0);
  const name = context.resolve(input);
  const { shape, probe } = context.value(input, `node "${node.name}" (MaxPool)`);
  const ceil = node.attributeInt("ceil_mode", 0) !== 0;
  node.attributeInt("storage_order", 0);
  const plain = readWindow(node, shape);
  const window = ceil ? withCeilMode(plain, shape) : plain;
  const tooWide = window.pads.some((pad, i) => pad >= window.kernel[(i % 2) as 0 | 1]);
  if (tooWide || window.dilations.some((dilation) => dilation !== 1)) {
    throw node.unsupported("its pads must be smaller than its kernel and its dilations 1");
  }
  const output = node.output();
  const stored = context.isStored(input) ? probe?.stored : undefined;
  context.add(
    { kind: "maxPool", name: node.name, operator: node.op, input: name, window, output },
    pooledShape(node, shape, window),
    { tensor: output, ...(stored && { stored }) },
  );
  if (stored !== undefined) context.markStored(output);
}

function readAveragePool(node: NodeReader, context: FloatContext): void {
  node.expectInputs(1);
  const x = context.real(node, 0);
  const ceil = node.attributeInt("ceil_mode", 0) !== 0;
  const countsPadding = node.attributeInt("count_include_pad", 0) !== 0;
  const window = readWindow(node, x.shape);
  const extended = ceil ? withCeilMode(window, x.shape) : window;
  if (extended.pads.some((pad, i) => pad !== window.pads[i])) {
    throw node.unsupported("ceil_mode cuts its last windows; use sizes that divide");
  }
  if (!countsPadding && window.pads.some((pad) => pad > 0)) {
    throw node.unsupported(
      "windows at the border have another divisor; set count_include_pad to 1 or drop the padding",
    );
  }
  addAverage(node, context, x, window, node.output());
}

function readGlobal(node: NodeReader, context: FloatContext, kind: "average" | "maxPool"): void {
  node.expectInputs(1);
  const x = context.real(node, 0);
  const window = wholeImage(node, x.shape);
  if (kind === "average") {
    addAverage(node, context, x, window, node.output());
    return;
  }
  context.add(
    { kind, name: node.name, operator: node.op, input: x.name, window, output: node.output() },
    pooledShape(node, x.shape, window),
  );
}

/** ReduceMean over height and width is a global average pool, then perhaps a reshape. */
function readReduceMean(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(2);
  const x = context.real(node, 0);
  const inputs = proto.input.map((name) => context.constant(name));
  const list = node.attributeInts("axes") ?? integerList(node, inputs, 1);
  node.attributeInt("noop_with_empty_axes", 0);
  const axes = normalised(node, list ?? [], x.shape.length).sort((a, b) => a - b);
  if (x.shape.length !== 4 || axes.join() !== "2,3") {
    throw node.unsupported("only the mean over height and width (axes 2 and 3) is supported");
  }
  const keepDims = node.attributeInt("keepdims", 1) !== 0;
  const output = node.output();
  if (keepDims) {
    addAverage(node, context, x, wholeImage(node, x.shape), output);
    return;
  }
  const mean = `${output}/mean`;
  addAverage(node, context, x, wholeImage(node, x.shape), mean);
  context.add(
    { kind: "reshape", name: node.name, operator: node.op, input: mean, output },
    x.shape.slice(0, 2),
  );
}

function addAverage(
  node: NodeReader,
  context: FloatContext,
  x: { readonly name: string; readonly shape: Shape },
  window: Window,
  output: string,
): void {
  const average = {
    kind: "average" as const,
    name: node.name,
    operator: node.op,
    input: x.name,
    window,
    output,
  };
  // The elements are those of the node's own output, if perhaps in another shape.
  context.add(average, pooledShape(node, x.shape, window), { tensor: node.output() });
}

function wholeImage(node: NodeReader, shape: Shape): Window {
  const [, , height, width] = shape;
  if (shape.length !== 4 || height === undefined || width === undefined) {
    throw node.unsupported("it needs images [N, C, H, W]");
  }
  return { kernel: [height, width], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
}

function pooledShape(node: NodeReader, shape: Shape, window: Window): Shape {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  return [batch, channels, ...windowOutput(window, height, width, node.name)];
}

function readArgMax(node: NodeReader, context: FloatContext): void {
  node.expectInputs(1);
  const x = context.real(node, 0);
  const output = node.output();
  if (node.attributeInt("select_last_index", 0) !== 0) {
    throw node.unsupported("select_last_index must be 0: the first of equals wins");
  }
  if (context.readersOf(output).some((reader) => reader !== "output" && reader !== "Identity")) {
    throw node.unsupported("its result is computed with; only a final ArgMax is supported");
  }
  const [axis] = normalised(node, [node.attributeInt("axis", 0)], x.shape.length) as [number];
  const keepDims = node.attributeInt("keepdims", 1) !== 0;
  context.add(
    { kind: "argMax", name: node.name, operator: node.op, input: x.name, axis, keepDims, output },
    keepDims ? x.shape.with(axis, 1) : x.shape.toSpliced(axis, 1),
  );
}

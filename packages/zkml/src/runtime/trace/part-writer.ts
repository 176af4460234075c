import type { ReductionRange } from "../../commitments/lowering/partial-reductions.ts";
import type { PackedValue } from "../../commitments/lowering/reduction.ts";
import type { GraphNode, Window } from "../../ir/graph.ts";
import { ELEMENT_RANGES, type IntegerTensor } from "../../ir/tensor.ts";
import { DATA_TYPES } from "../../onnx/proto.ts";
import { int, ints } from "../../onnx/write.ts";
import type { OnnxNodes } from "./onnx-nodes.ts";
import { type Rectangle, rectanglesOf } from "./rectangles.ts";

export interface NamedValue extends PackedValue {
  readonly name: string;
}

/** One part of a split reduction, to be written as ONNX nodes. */
export interface PartToWrite<Node extends GraphNode = GraphNode> {
  readonly node: Node;
  readonly range: ReductionRange;
  /** Those of the whole node. */
  readonly operands: readonly NamedValue[];
  readonly constants: ReadonlyMap<string, IntegerTensor>;
  readonly output: NamedValue;
  /** What the part before gave; none for the first part. */
  readonly before?: string;
}

type PartOf<Op extends GraphNode["op"]> = PartToWrite<Extract<GraphNode, { op: Op }>>;

/** False for a convolution by filters that are computed, of which a range cannot be masked. */
export function isWritablePart({ node, operands, constants }: PartToWrite): boolean {
  return node.op !== "ConvInteger" || constants.has(operands[1]?.name ?? "");
}

/**
 * Writes a part as ONNX nodes that read no more of the operands than its range: together the parts cost
 * about what the whole node does.
 * @throws RangeError for a node that has no parts.
 */
export function writePart(onnx: OnnxNodes, part: PartToWrite): void {
  const { node, before } = part;
  if (node.op === "MaxPool") {
    pool(onnx, { ...part, node });
    return;
  }
  const output = before === undefined ? { output: part.output.name } : {};
  let terms: string;
  if (node.op === "MatMulInteger") terms = matMul(onnx, { ...part, node }, output);
  else if (node.op === "ConvInteger") terms = convolve(onnx, { ...part, node }, output);
  else if (node.op === "ReduceSum") terms = sum(onnx, { ...part, node }, output);
  else throw new RangeError(`${node.op} has no parts`);
  if (before !== undefined) onnx.add("Add", [before, terms], { output: part.output.name });
}

interface Output {
  readonly output?: string;
}

function matMul(
  onnx: OnnxNodes,
  { node, range: { from, to }, operands }: PartOf<"MatMulInteger">,
  output: Output,
): string {
  const [a, b] = operands as [NamedValue, NamedValue];
  const left = onnx.slice(a.name, [[a.shape.length - 1, from, to]]);
  const right = onnx.slice(b.name, [[b.shape.length - 2, from, to]]);
  const zeros = [
    onnx.scalar(a.elementType, node.aZeroPoint),
    onnx.scalar(b.elementType, node.bZeroPoint),
  ];
  return onnx.add("MatMulInteger", [left, right, ...zeros], output);
}

/** The kernel rows that the range touches, with the taps outside it at the weights' zero point. */
function convolve(onnx: OnnxNodes, part: PartOf<"ConvInteger">, output: Output): string {
  const { node, range, operands, constants } = part;
  const [x, w] = operands as [NamedValue, NamedValue];
  const weights = constants.get(w.name) as IntegerTensor;
  const [filters, perGroup, , width] = w.shape as [number, number, number, number];
  const perRow = width * perGroup;
  const rows = [Math.floor(range.from / perRow), Math.ceil(range.to / perRow)] as const;
  const window = { rows, columns: [0, width] } as const;
  const masked = maskedRows(weights, { rows, range, zeroPoint: node.wZeroPoint });
  const kernel = [rows[1] - rows[0], width];
  const read = windowInput(onnx, x, part.output, node.window, window, node.xZeroPoint);
  const input = [
    read,
    onnx.constant({ ...weights, shape: [filters, perGroup, ...kernel], data: masked }),
    onnx.scalar(x.elementType, node.xZeroPoint),
    onnx.scalar(w.elementType, node.wZeroPoint),
  ];
  const attributes = [int("group", node.groups), ...windowAttributes(node.window, kernel)];
  return onnx.add("ConvInteger", input, { ...output, attributes });
}

function maskedRows(
  { shape, data }: IntegerTensor,
  {
    rows: [first, last],
    range: { from, to },
    zeroPoint,
  }: { rows: readonly [number, number]; range: ReductionRange; zeroPoint: number },
): IntegerTensor["data"] {
  const [filters, perGroup, height, width] = shape as [number, number, number, number];
  const taps = (last - first) * width;
  const masked = data.slice(0, filters * perGroup * taps).fill(zeroPoint);
  for (let plane = 0; plane < filters * perGroup; plane++) {
    for (let tap = 0; tap < taps; tap++) {
      const r = (first * width + tap) * perGroup + (plane % perGroup);
      if (r < from || r >= to) continue;
      masked[plane * taps + tap] = data[(plane * height + first) * width + tap] as number;
    }
  }
  return masked;
}

/** With the reduced axes behind the others and flattened, the range is a slice. */
function sum(
  onnx: OnnxNodes,
  { node, range: { from, to }, operands, output: value }: PartOf<"ReduceSum">,
  output: Output,
): string {
  const [x] = operands as [NamedValue];
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !node.axes.includes(axis));
  const attributes = [ints("perm", [...kept, ...node.axes])];
  const turned = onnx.add("Transpose", [x.name], { attributes });
  const dimensions = kept.map((axis) => x.shape[axis] as number);
  const flat = onnx.reshape(turned, [...dimensions, -1]);
  const terms = onnx.slice(flat, [[kept.length, from, to]]);
  const axes = onnx.int64List([kept.length]);
  const keep = [int("keepdims", 0)];
  const sums = onnx.add("ReduceSum", [terms, axes], { attributes: keep });
  return onnx.reshape(sums, value.shape, output.output);
}

/** The largest of at most three rectangles of the window; ONNX Runtime compares int32, not bytes. */
function pool(onnx: OnnxNodes, part: PartOf<"MaxPool">): void {
  const { node, range, operands, output, before } = part;
  const [x] = operands as [NamedValue];
  const least = Number(ELEMENT_RANGES[x.elementType].min);
  const largest = rectanglesOf(range, node.window.kernel[1]).map((rectangle) => {
    const read = windowInput(onnx, x, output, node.window, rectangle, least);
    const kernel = [rectangle.rows, rectangle.columns].map(([from, to]) => to - from);
    return onnx.add("MaxPool", [read], { attributes: windowAttributes(node.window, kernel) });
  });
  const wide = [...largest, ...(before === undefined ? [] : [before])].map((value) =>
    onnx.add("Cast", [value], { attributes: [int("to", DATA_TYPES.int32)] }),
  );
  const most = onnx.add("Max", wide, {});
  const to = int("to", DATA_TYPES[x.elementType]);
  onnx.add("Cast", [most], { output: output.name, attributes: [to] });
}

/**
 * What a rectangle of the kernel slides over: the input with its padding, which is `filling`, cut to
 * the rows and columns that it meets.
 */
function windowInput(
  onnx: OnnxNodes,
  x: NamedValue,
  { shape }: PackedValue,
  { strides, dilations, pads }: Window,
  { rows, columns }: Rectangle,
  filling: number,
): string {
  const input = pads.every((pad) => pad === 0)
    ? x.name
    : onnx.add("Pad", [x.name, padding(onnx, pads), onnx.scalar(x.elementType, filling)], {});
  return onnx.slice(
    input,
    [rows, columns].map(([from, to], axis) => {
      const dilation = dilations[axis] as number;
      const reach = ((shape[axis + 2] as number) - 1) * (strides[axis] as number);
      return [axis + 2, from * dilation, reach + (to - 1) * dilation + 1];
    }),
  );
}

function padding(onnx: OnnxNodes, [top, left, bottom, right]: Window["pads"]): string {
  return onnx.int64List([0, 0, top, left, 0, 0, bottom, right]);
}

function windowAttributes({ strides, dilations }: Window, kernel: readonly number[]) {
  return [
    ints("kernel_shape", kernel),
    ints("strides", strides),
    ints("dilations", dilations),
    ints("pads", [0, 0, 0, 0]),
  ];
}

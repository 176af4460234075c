import type { ArithmeticNode, ClipNode, DivNode } from "../ir/graph.ts";
import { broadcastIndices } from "../ir/shapes.ts";
import type { Interval, Shape } from "../ir/tensor.ts";
import type { CircuitValue, CircuitWriter } from "./circuit-writer.ts";
import { unsupported } from "./emit-linear.ts";
import { difference, exactLog2, signedWidth, unsignedWidth } from "./widths.ts";

export function emitArithmetic(writer: CircuitWriter, node: ArithmeticNode): void {
  const [left, right] = node.inputs.map((name) => writer.value(name)) as [
    CircuitValue,
    CircuitValue,
  ];
  const shape = writer.graph.values.get(node.output)?.shape ?? [];
  const a = element(writer, left, shape);
  const b = element(writer, right, shape);
  const extreme = node.op === "Max" || node.op === "Min";
  const expression = extreme
    ? extremum(node.op === "Max" ? "Larger" : "Smaller", a, left.interval, b, right.interval)
    : `${a} ${{ Add: "+", Sub: "-", Mul: "*" }[node.op as "Add" | "Sub" | "Mul"]} ${b}`;
  assignEach(writer, node.output, expression);
}

export function emitClip(writer: CircuitWriter, node: ClipNode): void {
  const x = writer.value(node.inputs[0]);
  const [min, max] = [BigInt(node.min), BigInt(node.max)];
  const lowered = extremum("Larger", `${x.array}[i]`, x.interval, `${min}`, { min, max: min });
  const raised: Interval = {
    min: x.interval.min > min ? x.interval.min : min,
    max: x.interval.max > min ? x.interval.max : min,
  };
  const bounds = { min: max, max };
  assignEach(writer, node.output, extremum("Smaller", lowered, raised, `${max}`, bounds));
}

export function emitDiv(writer: CircuitWriter, node: DivNode): void {
  const x = writer.value(node.inputs[0]);
  const shape = writer.graph.values.get(node.output)?.shape ?? [];
  const { shift, largest } = shifts(writer, node, shape);
  const nonNegative = x.interval.min >= 0n;
  const template = nonNegative ? "DivideUnsigned" : "DivideTruncated";
  const width = nonNegative
    ? Math.max(unsignedWidth(x.interval), largest + 1)
    : Math.max(signedWidth(x.interval), largest + 2);
  const operand = element(writer, x, shape);
  assignEach(writer, node.output, `${template}(${width}, ${shift})(${operand})`);
}

/** Shift of each element of `shape`, as circom expression over i, and the largest of them. */
export function shifts(
  writer: CircuitWriter,
  node: DivNode,
  shape: Shape,
): { readonly shift: string; readonly largest: number } {
  const divisor = writer.graph.constants.get(node.inputs[1]);
  if (divisor === undefined) throw unsupported(node, "its divisor is not a constant");
  const exponents = Array.from(divisor.data, (value) => {
    const exponent = exactLog2(value);
    if (exponent === undefined) {
      throw unsupported(node, `it divides by ${value}; only powers of two divide by their bits`);
    }
    return exponent;
  });
  const largest = Math.max(...exponents);
  if (exponents.every((exponent) => exponent === largest)) return { shift: `${largest}`, largest };
  const index = indexExpression(writer, divisor.shape, shape);
  return { shift: `${writer.table(exponents)}[${index}]`, largest };
}

/** Circom expression for element i of `shape` of a value that broadcasts to it. */
export function element(writer: CircuitWriter, value: CircuitValue, shape: Shape): string {
  return `${value.array}[${indexExpression(writer, value.info.shape, shape)}]`;
}

export function assignEach(writer: CircuitWriter, output: string, expression: string): void {
  const out = writer.declare(output);
  writer.statement(`for (var i = 0; i < ${out.count}; i++) { ${out.array}[i] <== ${expression}; }`);
}

/** No comparison where the intervals already decide. */
function extremum(
  template: "Larger" | "Smaller",
  a: string,
  aInterval: Interval,
  b: string,
  bInterval: Interval,
): string {
  const [larger, smaller] = template === "Larger" ? [a, b] : [b, a];
  if (aInterval.min >= bInterval.max) return larger;
  if (aInterval.max <= bInterval.min) return smaller;
  return `${template}(${signedWidth(difference(aInterval, bInterval))})(${a}, ${b})`;
}

function indexExpression(writer: CircuitWriter, source: Shape, target: Shape): string {
  const indices = broadcastIndices(source, target);
  const length = source.reduce((product, dimension) => product * dimension, 1);
  if (length === 1) return "0";
  if (length === indices.length) return "i";
  const first = indices.indexOf(1);
  const regular = indices.every((index, i) => index === Math.floor(i / first) % length);
  if (first > 0 && regular) return first === 1 ? `i % ${length}` : `(i \\ ${first}) % ${length}`;
  return `${writer.table(indices)}[i]`;
}

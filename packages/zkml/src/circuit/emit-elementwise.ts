import type { ArithmeticNode } from "../ir/graph.ts";
import { broadcastIndices } from "../ir/shapes.ts";
import type { Interval, Shape } from "../ir/tensor.ts";
import type { CircuitValue, CircuitWriter } from "./circuit-writer.ts";
import { difference, signedWidth } from "./widths.ts";

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

/** Circom expression for element i of `shape` of a value that broadcasts to it. */
export function element(writer: CircuitWriter, value: CircuitValue, shape: Shape): string {
  return `${value.array}[${indexExpression(writer, value.info.shape, shape)}]`;
}

export function assignEach(writer: CircuitWriter, output: string, expression: string): void {
  const out = writer.declare(output);
  writer.statement(`for (var i = 0; i < ${out.count}; i++) { ${out.array}[i] <== ${expression}; }`);
}

/** The larger or smaller of two expressions; no comparison where the intervals already decide. */
export function extremum(
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

/** Circom expression for the index in `source` of element i of `target`, which it broadcasts to. */
export function indexExpression(writer: CircuitWriter, source: Shape, target: Shape): string {
  const indices = broadcastIndices(source, target);
  const length = source.reduce((product, dimension) => product * dimension, 1);
  if (length === 1) return "0";
  if (length === indices.length) return "i";
  const first = indices.indexOf(1);
  const regular = indices.every((index, i) => index === Math.floor(i / first) % length);
  if (first > 0 && regular) return first === 1 ? `i % ${length}` : `(i \\ ${first}) % ${length}`;
  return `${writer.table(indices)}[i]`;
}

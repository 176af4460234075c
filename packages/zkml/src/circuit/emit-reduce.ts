import type { ArgMaxNode, LookupNode, ReduceSumNode } from "../ir/graph.ts";
import { transposeIndices } from "../ir/shapes.ts";
import type { CircuitWriter } from "./circuit-writer.ts";
import { unsupported } from "./emit-linear.ts";
import { interpolate } from "./interpolate.ts";
import { difference, signedWidth } from "./widths.ts";

/** Interpolation takes quadratic time, and the key grows by this number for every look-up. */
const MAX_REACHABLE_ENTRIES = 1024;

/** Sums over the axes: no constraints after simplification. */
export function emitReduceSum(writer: CircuitWriter, node: ReduceSumNode): void {
  const x = writer.value(node.inputs[0]);
  const out = writer.declare(node.output);
  const indices = reducedLast(x.info.shape, node.axes);
  writer.groups(out, `SumOf(${x.count / out.count})`, x.array, indices);
}

export function emitArgMax(writer: CircuitWriter, node: ArgMaxNode): void {
  const x = writer.value(node.inputs[0]);
  const out = writer.declare(node.output);
  const indices = reducedLast(x.info.shape, [node.axis]);
  const width = signedWidth(difference(x.interval, x.interval));
  writer.groups(out, `ArgMaxOf(${width}, ${x.count / out.count})`, x.array, indices);
}

/** A polynomial through the entries that the index can reach. */
export function emitLookup(writer: CircuitWriter, node: LookupNode): void {
  const index = writer.value(node.inputs[0]);
  const table = writer.graph.constants.get(node.inputs[1]);
  if (table === undefined) throw unsupported(node, "its table is not a constant");
  const [first, last] = [Number(index.interval.min), Number(index.interval.max)];
  const entries = Array.from(table.data.subarray(first, last + 1));
  if (entries.length > MAX_REACHABLE_ENTRIES) {
    throw unsupported(
      node,
      `its index reaches ${entries.length} entries; clip or divide it to at most ${MAX_REACHABLE_ENTRIES}`,
    );
  }
  const coefficients = interpolate(entries);
  const out = writer.declare(node.output);
  const parameters = `${index.count}, ${first}, ${horner(coefficients.length)}`;
  const terms = `${coefficients.length}, ${writer.table(coefficients)}`;
  writer.statement(`${out.array} <== LookupEach(${parameters}, ${terms})(${index.array});`);
}

/** Block length with the fewest products for a polynomial of this many coefficients. */
export function horner(terms: number): number {
  let best = terms;
  let products = terms - 2;
  for (let step = 1; step < terms; step++) {
    const needed = step - 1 + Math.ceil(terms / step) - 1;
    if (needed < products) [best, products] = [step, needed];
  }
  return best;
}

/** Index of each element in the order that has what belongs to one output together. */
function reducedLast(shape: readonly number[], axes: readonly number[]): Int32Array {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return transposeIndices(shape, [...kept, ...axes]);
}

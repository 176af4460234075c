import type { ConcatNode, ReshapeNode, TransposeNode } from "../ir/graph.ts";
import { transposeIndices } from "../ir/shapes.ts";
import type { CircuitWriter } from "./circuit-writer.ts";
import { assignEach } from "./emit-elementwise.ts";

/** Changes neither numbers nor their order. */
export function emitReshape(writer: CircuitWriter, node: ReshapeNode): void {
  writer.alias(node.output, writer.value(node.inputs[0]));
}

export function emitTranspose(writer: CircuitWriter, node: TransposeNode): void {
  const x = writer.value(node.inputs[0]);
  const table = writer.table(transposeIndices(x.info.shape, node.permutation));
  assignEach(writer, node.output, `${x.array}[${table}[i]]`);
}

/** Operands joined block by block; no constraints after simplification. */
export function emitConcat(writer: CircuitWriter, node: ConcatNode): void {
  const operands = node.inputs.map((name) => writer.value(name));
  const out = writer.declare(node.output);
  const inner = out.info.shape.slice(node.axis).reduce((count, d) => count * d, 1);
  const blocks = out.count / inner;
  let start = 0;
  for (const { array, count } of operands) {
    const length = count / blocks;
    const target = `(i \\ ${length}) * ${inner} + ${start} + i % ${length}`;
    writer.statement(
      `for (var i = 0; i < ${count}; i++) { ${out.array}[${target}] <== ${array}[i]; }`,
    );
    start += length;
  }
}

import type { CastNode, ConcatNode, MaxPoolNode, ReshapeNode, TransposeNode } from "../ir/graph.ts";
import { transposeIndices } from "../ir/shapes.ts";
import type { CircuitValue, CircuitWriter } from "./circuit-writer.ts";
import { assignEach } from "./emit-elementwise.ts";
import { unsupported } from "./emit-linear.ts";
import { difference, signedWidth } from "./widths.ts";

/** Reshape and Cast change neither numbers nor their order. */
export function emitAlias(writer: CircuitWriter, node: ReshapeNode | CastNode): void {
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

/** MaxPool as a chain of comparisons over each window. */
export function emitMaxPool(writer: CircuitWriter, node: MaxPoolNode): void {
  const x = writer.value(node.inputs[0]);
  const out = writer.declare(node.output);
  const windows = windowIndices(node, x, out);
  const taps = Math.max(...windows.map((window) => window.length));
  // A window cut by padding repeats its first element, which changes no maximum.
  const padded = windows.flatMap((window) =>
    Array.from({ length: taps }, (_, i) => window[i] ?? (window[0] as number)),
  );
  const table = writer.table(padded);
  const width = signedWidth(difference(x.interval, x.interval));
  const name = `pool${out.array}`;
  writer.statement(`component ${name}[${out.count}];`);
  writer.statement(`for (var i = 0; i < ${out.count}; i++) {`);
  writer.statement(`    ${name}[i] = LargestOf(${width}, ${taps});`);
  writer.statement(
    `    for (var k = 0; k < ${taps}; k++) { ` +
      `${name}[i].in[k] <== ${x.array}[${table}[i * ${taps} + k]]; }`,
  );
  writer.statement(`    ${out.array}[i] <== ${name}[i].out;`);
  writer.statement("}");
}

/** Input positions that each output looks at, padding left out. */
function windowIndices(node: MaxPoolNode, x: CircuitValue, out: CircuitValue): number[][] {
  const [, , height, width] = x.info.shape as [number, number, number, number];
  const [batch, channels, outHeight, outWidth] = out.info.shape as [number, number, number, number];
  const { kernel, strides, dilations, pads } = node.window;
  const windows: number[][] = [];
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const indices: number[] = [];
        for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
          const y = row * strides[0] - pads[0] + Math.floor(tap / kernel[1]) * dilations[0];
          const z = column * strides[1] - pads[1] + (tap % kernel[1]) * dilations[1];
          const inside = y >= 0 && y < height && z >= 0 && z < width;
          if (inside) indices.push((plane * height + y) * width + z);
        }
        if (indices.length === 0) throw unsupported(node, "a window lies wholly in the padding");
        windows.push(indices);
      }
    }
  }
  return windows;
}

import type {
  ConcatNode,
  MaxPoolNode,
  QuantiseNode,
  ReshapeNode,
  TransposeNode,
} from "../float/float-graph.ts";
import type { Quantiser } from "./quantiser.ts";
import type { Quantised } from "./quantiser-types.ts";

export type NativeNode = MaxPoolNode | ReshapeNode | TransposeNode | ConcatNode | QuantiseNode;

/** Operators that keep 8-bit values as they are, and with them scale and zero point. */
export function emitNative(quantiser: Quantiser, node: NativeNode): Quantised {
  const { emitter, graph } = quantiser;
  if (node.kind === "quantise") return quantiser.quantised(node.input, node.quantisation);
  if (node.kind === "concat") {
    const [first, ...rest] = node.inputs.map((input) => quantiser.quantised(input));
    const parts = [first as Quantised, ...rest];
    const inputs = parts.map(({ value }) => value);
    const value = emitter.add(node.output, { op: "Concat", inputs, axis: node.axis });
    return { ...(first as Quantised), value };
  }
  const input = quantiser.quantised(node.input);
  const inputs = [input.value] as const;
  if (node.kind === "maxPool") {
    return {
      ...input,
      value: emitter.add(node.output, { op: "MaxPool", inputs, window: node.window }),
    };
  }
  if (node.kind === "transpose") {
    const { permutation } = node;
    return { ...input, value: emitter.add(node.output, { op: "Transpose", inputs, permutation }) };
  }
  const shape = graph.values.get(node.output)?.shape ?? [];
  return { ...input, value: emitter.add(node.output, { op: "Reshape", inputs, shape }) };
}

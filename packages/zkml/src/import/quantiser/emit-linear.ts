import type { ValueName } from "../../ir/graph.ts";
import type { LinearNode } from "../float/float-graph.ts";
import type { IntegerEmitter } from "./emitter.ts";
import type { Quantised } from "./quantiser-types.ts";

/** Adds the int32 product of a linear node with the given integer weights. */
export function emitLinear(
  emitter: IntegerEmitter,
  name: string,
  { convolution }: LinearNode,
  input: Quantised,
  weights: { readonly value: ValueName; readonly zeroPoint: number },
): ValueName {
  const inputs = [input.value, weights.value] as const;
  if (convolution === undefined) {
    return emitter.add(`${name}/product`, {
      op: "MatMulInteger",
      inputs,
      aZeroPoint: input.zeroPoint,
      bZeroPoint: weights.zeroPoint,
    });
  }
  return emitter.add(`${name}/product`, {
    op: "ConvInteger",
    inputs,
    xZeroPoint: input.zeroPoint,
    wZeroPoint: weights.zeroPoint,
    ...convolution,
  });
}

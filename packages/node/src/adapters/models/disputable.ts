import type { IntegerGraph, LoadedModel } from "@lattice/zkml";
import { NodeError } from "../../shared/errors.ts";

/**
 * Why results of this model cannot be disputed, and so not be sold in tier Optimistic; undefined when they can.
 * An order binds one input, and a referee finds the output among what the nodes computed.
 */
export function whyUndisputable({ inputs, outputs, constants }: IntegerGraph): string | undefined {
  const [output] = outputs;
  if (inputs.length !== 1) return `it has ${inputs.length} inputs, and an order binds one`;
  if (!output || outputs.length !== 1) {
    return `it has ${outputs.length} outputs, and an order names one`;
  }
  const isInput = inputs.some(({ name }) => name === output.name);
  if (!isInput && !constants.has(output.name)) return undefined;
  return `its output "${output.name}" is ${isInput ? "its input" : "a constant"}: no step computes it`;
}

/** @throws NodeError MODEL_UNKNOWN for a model whose results cannot be disputed. */
export function requireDisputable({ graph }: LoadedModel): void {
  const reason = whyUndisputable(graph);
  if (reason === undefined) return;
  throw new NodeError(
    "MODEL_UNKNOWN",
    `model "${graph.name}" cannot be served in tier Optimistic: ${reason}`,
    { model: graph.name, reason },
  );
}

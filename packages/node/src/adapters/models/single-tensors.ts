import type { LoadedModel } from "@lattice/zkml";
import type { TensorInfo } from "../../core/ports/model.ts";
import { NodeError } from "../../shared/errors.ts";
import { tensorInfo } from "./tensor-bytes.ts";

/** The only input and output of a model: what orders can commit to. */
export function singleTensors({ graph }: LoadedModel): { input: TensorInfo; output: TensorInfo } {
  const [input, ...moreInputs] = graph.inputs;
  const [output, ...moreOutputs] = graph.outputs;
  if (!input || !output || moreInputs.length > 0 || moreOutputs.length > 0) {
    throw new NodeError(
      "MODEL_UNKNOWN",
      `model "${graph.name}" has ${graph.inputs.length} inputs and ${graph.outputs.length} outputs; an order commits to exactly one of each`,
      { inputs: graph.inputs.length, outputs: graph.outputs.length },
    );
  }
  return { input: tensorInfo(input), output: tensorInfo(output) };
}
